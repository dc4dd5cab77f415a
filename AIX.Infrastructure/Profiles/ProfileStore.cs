using System.Collections.Concurrent;
using System.Text.Json;
using AIX.Core.Profiles;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

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
        var version = await db.Set<IcpVersion>().AsNoTracking().Where(v => v.ArchivedAt == null).OrderByDescending(v => v.Version).FirstOrDefaultAsync(ct)
            ?? throw new InvalidOperationException($"Tenant {tenant} has no profile in production.");
        var profile = JsonSerializer.Deserialize<IdealCustomerProfile>(version.Document, Json)!;
        _current[tenant] = (profile, now + Lifetime);
        return profile;
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
