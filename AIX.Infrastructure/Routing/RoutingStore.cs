using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AIX.Core.Routing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Database;
using AIX.Infrastructure.Pipeline;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Routing;

internal sealed class RoutingStore(DataSources sources, TimeProvider time) : IRoutingStore
{
    private const int Chunk = 5_000;

    private static readonly string Select =
        $"SELECT st.lead_id, 0::bigint, st.score, st.score_low, st.score_high, {RoutingReader.Columns(true)} FROM aix.lead_standings st JOIN aix.leads l ON l.tenant_id = $1 AND l.id = st.lead_id WHERE st.tenant_id = $1 AND st.score IS NOT NULL";

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TenantId, (IReadOnlyList<ReadRule> Rules, DateTimeOffset Until)> _cache = new();

    public async Task<IReadOnlyList<ReadRule>> RulesAsync(TenantId tenant, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (_cache.TryGetValue(tenant, out var cached) && cached.Until > now)
        {
            return cached.Rules;
        }

        await using var db = sources.Context(tenant);
        var rules = (await db.Set<RoutingRule>().AsNoTracking().OrderBy(r => r.Position).ToListAsync(ct)).ConvertAll(r => new ReadRule(r, JsonSerializer.Deserialize<RuleDocument>(r.Document, ManageRules.Json)!));
        _cache[tenant] = (rules, now + Lifetime);
        return rules;
    }

    public async Task SaveAsync(IUnitOfWork work, IReadOnlyList<ReadRule> rules, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add("DELETE FROM aix.routing_rules WHERE tenant_id = $1 AND NOT id = ANY($2)", unit.TenantId.Value, Sql.Column(rules, r => r.Rule.Id));

        // Whose turn it is outlives a change of the rule.
        batch.Add(
            """
            INSERT INTO aix.routing_rules (tenant_id, id, position, name, enabled, document, turn)
            SELECT $1, r.id, r.position, r.name, r.enabled, r.document, 0 FROM unnest($2::uuid[], $3::int[], $4::text[], $5::bool[], $6::jsonb[]) AS r(id, position, name, enabled, document)
            ON CONFLICT (tenant_id, id) DO UPDATE SET position = excluded.position, name = excluded.name, enabled = excluded.enabled, document = excluded.document
            """,
            unit.TenantId.Value, Sql.Column(rules, r => r.Rule.Id), Enumerable.Range(0, rules.Count).ToArray(), Sql.Column(rules, r => r.Rule.Name.Trim()), Sql.Column(rules, r => r.Rule.Enabled),
            Sql.JsonArray(Sql.Column(rules, r => (string?)JsonSerializer.Serialize(r.Document, ManageRules.Json))));
        await batch.ExecuteNonQueryAsync(ct);
        _cache.TryRemove(unit.TenantId, out _);
    }

    public async Task<long> TakeTurnsAsync(IUnitOfWork work, Guid rule, int count, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command("UPDATE aix.routing_rules SET turn = turn + $3 WHERE tenant_id = $1 AND id = $2 RETURNING turn - $3", unit.TenantId.Value, rule, (long)count);
        return await command.ExecuteScalarAsync(ct) is long first ? first : 0;
    }

    public async Task<IReadOnlyList<(Guid User, int Open)>> AgentsAsync(IUnitOfWork work, bool withLoad, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            withLoad
                ? """
                  WITH load AS (SELECT owner_id, count(*)::int AS n FROM aix.lead_standings WHERE tenant_id = $1 AND owner_id IS NOT NULL AND state NOT IN (4, 9, 10) GROUP BY owner_id)
                  SELECT u.id, coalesce(l.n, 0) FROM aix.users u LEFT JOIN load l ON l.owner_id = u.id WHERE u.tenant_id = $1 AND u.role = $2 ORDER BY u.id
                  """
                : "SELECT id, 0 FROM aix.users WHERE tenant_id = $1 AND role = $2 ORDER BY id",
            unit.TenantId.Value, (short)Role.Agent);
        var agents = new List<(Guid, int)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            agents.Add((reader.GetGuid(0), reader.GetInt32(1)));
        }

        return agents;
    }

    public async Task<IReadOnlyList<LeadToRoute>> LoadAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command($"{Select} AND st.lead_id = ANY($2) ORDER BY st.lead_id", unit.TenantId.Value, leads.ToArray());
        return await RoutingReader.ReadAsync(command, true, ct);
    }

    public async IAsyncEnumerable<IReadOnlyList<LeadToRoute>> LeadsAsync(TenantId tenant, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        for (var after = Guid.Empty; ;)
        {
            await using var command = connection.Command($"{Select} AND st.lead_id > $2 AND st.state NOT IN (9, 10) ORDER BY st.lead_id LIMIT $3", tenant.Value, after, Chunk);
            var chunk = await RoutingReader.ReadAsync(command, true, ct);
            if (chunk.Count == 0)
            {
                yield break;
            }

            after = chunk[^1].LeadId;
            yield return chunk;
        }
    }
}
