using AIX.Core.Learning;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;

namespace AIX.Infrastructure.Learning;

/// <summary>Looks across tenants under the queue's role, which sees times and counts here, and nothing else.</summary>
internal sealed class RetrainingQueries(DataSources sources) : IRetrainingQueries
{
    public async Task<IReadOnlyList<TenantId>> DueAsync(int newOutcomes, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var command = connection.Command(
            """
            SELECT o.tenant_id FROM aix.lead_outcomes o
            LEFT JOIN (SELECT tenant_id, max(as_of) AS as_of FROM aix.model_versions GROUP BY tenant_id) m ON m.tenant_id = o.tenant_id
            WHERE m.as_of IS NULL OR o.recorded_at > m.as_of
            GROUP BY o.tenant_id HAVING count(*) >= $1 ORDER BY o.tenant_id
            """,
            newOutcomes);
        var due = new List<TenantId>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            due.Add(new TenantId(reader.GetGuid(0)));
        }

        return due;
    }

    public async Task<IReadOnlyList<(TenantId Tenant, int Version)>> ChampionsAsync(CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var command = connection.Command("SELECT tenant_id, version FROM aix.model_aliases WHERE name = $1 AND version <> $2 ORDER BY tenant_id", ModelAlias.Champion, PromoteModel.Profile);
        var champions = new List<(TenantId, int)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            champions.Add((new TenantId(reader.GetGuid(0)), reader.GetInt32(1)));
        }

        return champions;
    }
}
