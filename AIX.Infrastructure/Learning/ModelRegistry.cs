using System.Text.Json;
using AIX.Core.Learning;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Learning;

/// <summary>Versions are appended, aliases point.</summary>
internal sealed class ModelRegistry(DataSources sources) : IModelRegistry
{
    private const int FirstVersion = 2;

    public async Task<int> AddAsync(IUnitOfWork work, Func<int, ModelVersion> make, string alias, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);

        // Two trainings of one tenant that end together get two numbers.
        await using (var turn = unit.Connection.Command("SELECT pg_advisory_xact_lock(hashtextextended('model_versions' || $1::text, 0))", unit.TenantId.Value))
        {
            await turn.ExecuteNonQueryAsync(ct);
        }

        var version = make((await unit.Db.Set<ModelVersion>().MaxAsync(m => (int?)m.Version, ct) ?? FirstVersion - 1) + 1);
        unit.Db.Add(version);
        await unit.Db.SaveChangesAsync(ct);
        await SetAsync(unit, alias, version.Version, null, version.CreatedAt, ct);
        return version.Version;
    }

    public async Task<IReadOnlyList<ModelSummary>> ListAsync(TenantId tenant, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        var aliases = (await db.Set<ModelAlias>().AsNoTracking().ToListAsync(ct)).ToLookup(a => a.Version, a => a.Name);
        var versions = await db.Set<ModelVersion>().AsNoTracking().OrderByDescending(m => m.Version)
            .Select(m => new { m.Version, m.Parent, m.Family, m.CreatedAt, m.Trigger, m.AsOf, m.Outcomes, m.Won, m.DataHash, m.Report })
            .ToListAsync(ct);
        return [.. versions.Select(m => new ModelSummary(m.Version, m.Parent, m.Family, m.CreatedAt, m.Trigger, m.AsOf, m.Outcomes, m.Won, m.DataHash, JsonSerializer.Deserialize<TrainingReport>(m.Report, TrainModel.Json)!, [.. aliases[m.Version].Order(StringComparer.Ordinal)]))];
    }

    public async Task<ModelAlias?> AliasAsync(TenantId tenant, string alias, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<ModelAlias>().AsNoTracking().FirstOrDefaultAsync(a => a.Name == alias, ct);
    }

    public async Task<bool> PointAsync(IUnitOfWork work, string alias, int version, int? previous, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        if (version != PromoteModel.Profile && !await unit.Db.Set<ModelVersion>().AnyAsync(m => m.Version == version, ct))
        {
            return false;
        }

        await SetAsync(unit, alias, version, previous, now, ct);

        // Who scores challenges nobody any more.
        await unit.Db.Set<ModelAlias>().Where(a => alias == ModelAlias.Champion && a.Name == ModelAlias.Challenger && a.Version == version).ExecuteDeleteAsync(ct);
        return true;
    }

    private static async Task SetAsync(UnitOfWork unit, string alias, int version, int? previous, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.model_aliases (tenant_id, name, version, previous, set_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant_id, name) DO UPDATE SET version = excluded.version, previous = excluded.previous, set_at = excluded.set_at
            """,
            unit.TenantId.Value,
            alias,
            version,
            new Npgsql.NpgsqlParameter { Value = (object?)previous ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer },
            now);
        await command.ExecuteNonQueryAsync(ct);
    }
}
