using System.Collections.Concurrent;
using System.Text.Json;
using AIX.Core.Profiles;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Profiles;

/// <summary>Profile versions. A version never changes, so it is cached for good; which one is in production is asked anew every few seconds.</summary>
internal sealed class ProfileStore(DataSources sources, TimeProvider time) : IProfileStore
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TenantId, (IdealCustomerProfile Profile, DateTimeOffset Until)> _current = new();
    private readonly ConcurrentDictionary<(TenantId, int), IdealCustomerProfile> _versions = new();

    public async Task<IdealCustomerProfile> CurrentAsync(TenantId tenant, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (_current.TryGetValue(tenant, out var cached) && cached.Until > now)
        {
            return cached.Profile;
        }

        await using var db = sources.Context(tenant);
        var version = await db.Set<IcpVersion>().AsNoTracking().Where(v => v.State == IcpState.Production).OrderByDescending(v => v.Version).FirstOrDefaultAsync(ct)
            ?? throw new InvalidOperationException($"Tenant {tenant} has no profile in production.");
        var profile = JsonSerializer.Deserialize<IdealCustomerProfile>(version.Document, Json)!;
        _current[tenant] = (profile, now + Lifetime);
        return profile;
    }

    public async Task<IReadOnlyList<IcpVersion>> VersionsAsync(TenantId tenant, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<IcpVersion>().AsNoTracking().OrderByDescending(v => v.Version).Take(100).ToListAsync(ct);
    }

    public async Task<int> AddDraftAsync(TenantId tenant, IdealCustomerProfile profile, string actor, DateTimeOffset now, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, tenant, time, ct);
        await LockAsync(work, ct);
        var version = 1 + await work.Db.Set<IcpVersion>().MaxAsync(v => v.Version, ct);
        await work.Db.Set<IcpVersion>().Where(v => v.State == IcpState.Candidate).ExecuteUpdateAsync(v => v.SetProperty(x => x.State, IcpState.Archived), ct);
        work.Db.Add(new IcpVersion { TenantId = tenant, Version = version, Document = JsonSerializer.Serialize(profile with { Version = version }, Json), CreatedAt = now, State = IcpState.Candidate, CreatedBy = actor });
        await work.Db.SaveChangesAsync(ct);
        await work.CommitAsync(ct);
        return version;
    }

    public async Task<bool> PublishAsync(TenantId tenant, int version, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, tenant, time, ct);
        await LockAsync(work, ct);
        if (!await work.Db.Set<IcpVersion>().AnyAsync(v => v.Version == version && v.State != IcpState.Production, ct))
        {
            return false;
        }

        await work.Db.Set<IcpVersion>().Where(v => v.State == IcpState.Production).ExecuteUpdateAsync(v => v.SetProperty(x => x.State, IcpState.Archived), ct);
        await work.Db.Set<IcpVersion>().Where(v => v.Version == version).ExecuteUpdateAsync(v => v.SetProperty(x => x.State, IcpState.Production), ct);
        await using (var batch = new NpgsqlBatch(work.Connection))
        {
            batch.Add("INSERT INTO aix.pipeline_runs (tenant_id, lead_id) SELECT $1, l.id FROM aix.leads l WHERE l.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM aix.pipeline_runs r WHERE r.tenant_id = $1 AND r.lead_id = l.id)", tenant.Value);
            batch.Add("SELECT pg_notify('aix_work', $1)", tenant.Value.ToString());
            await batch.ExecuteNonQueryAsync(ct);
        }

        await work.CommitAsync(ct);
        _current.TryRemove(tenant, out _);
        return true;
    }

    /// <summary>Two people who save at once get two versions, one after the other.</summary>
    private static async Task LockAsync(UnitOfWork work, CancellationToken ct)
    {
        await using var command = work.Connection.Command("SELECT pg_advisory_xact_lock(hashtextextended('aix.profile.' || $1::text, 0))", work.TenantId.Value);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<IdealCustomerProfile?> FindAsync(TenantId tenant, int version, CancellationToken ct)
    {
        if (_versions.TryGetValue((tenant, version), out var cached))
        {
            return cached;
        }

        await using var db = sources.Context(tenant);
        var document = await db.Set<IcpVersion>().Where(v => v.Version == version).Select(v => v.Document).FirstOrDefaultAsync(ct);
        return document is null ? null : _versions[(tenant, version)] = JsonSerializer.Deserialize<IdealCustomerProfile>(document, Json)!;
    }
}
