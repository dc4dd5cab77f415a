using System.Text.Json;
using AIX.Core.Companies;
using AIX.Core.Shared;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Companies;

internal sealed class CompanyStore : ICompanyStore
{
    /// <summary>Companies looked at per key: a stem that hundreds share tells nothing.</summary>
    private const int PerKey = 10;

    public async Task<IReadOnlyList<CompanyCandidate>> CandidatesAsync(IUnitOfWork work, IReadOnlyCollection<(CompanyKeyKind Kind, string Value)> keys, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            WITH found AS MATERIALIZED (
                SELECT DISTINCT f.company_id FROM unnest($2::smallint[], $3::text[]) AS q(kind, value)
                CROSS JOIN LATERAL (SELECT k.company_id FROM aix.company_keys k WHERE k.tenant_id = $1 AND k.kind = q.kind AND k.value = q.value ORDER BY k.company_id LIMIT $4) f)
            SELECT c.id, c.name, k.kind, k.value FROM found f
            JOIN aix.companies c ON c.tenant_id = $1 AND c.id = f.company_id
            JOIN aix.company_keys k ON k.tenant_id = $1 AND k.company_id = c.id
            ORDER BY c.id
            """,
            unit.TenantId.Value, keys.Select(k => (short)k.Kind).ToArray(), keys.Select(k => k.Value).ToArray(), PerKey);
        var rows = new List<(Guid Id, string Name, CompanyKeyKind Kind, string Value)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add((reader.GetGuid(0), reader.GetString(1), (CompanyKeyKind)reader.GetInt16(2), reader.GetString(3)));
        }

        return [.. rows.GroupBy(r => (r.Id, r.Name)).Select(g => new CompanyCandidate(g.Key.Id, g.Key.Name, [.. g.Select(r => (r.Kind, r.Value))]))];
    }

    public async Task SaveAsync(IUnitOfWork work, IReadOnlyList<CompanyResolution> resolutions, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        var tenant = unit.TenantId.Value;

        // In the order of their keys: workers who found the same companies wait for each other and never in a circle.
        var founded = resolutions.Where(r => r.IsNew).DistinctBy(r => r.CompanyId).OrderBy(r => r.CompanyId).ToList();
        var keys = resolutions.Where(r => r.TeachesKeys).SelectMany(r => r.Mention.Keys.Select(k => (k.Kind, k.Value, r.CompanyId))).Distinct().OrderBy(k => k.CompanyId).ThenBy(k => k.Kind).ThenBy(k => k.Value, StringComparer.Ordinal).ToList();
        var links = resolutions.DistinctBy(r => r.Mention.LeadId).OrderBy(r => r.Mention.LeadId).ToList();
        await using var batch = new NpgsqlBatch(unit.Connection);
        if (founded.Count > 0)
        {
            batch.Add(
                "INSERT INTO aix.companies (tenant_id, id, name, recorded_at) SELECT $1, c.id, c.name, $4 FROM unnest($2::uuid[], $3::text[]) AS c(id, name) ON CONFLICT DO NOTHING",
                tenant, Sql.Column(founded, f => f.CompanyId), Sql.Column(founded, f => f.Mention.Name ?? f.Mention.Domain ?? f.Mention.Keys.First().Value), now);
        }

        if (keys.Count > 0)
        {
            batch.Add(
                "INSERT INTO aix.company_keys (tenant_id, kind, value, company_id) SELECT $1, k.* FROM unnest($2::smallint[], $3::text[], $4::uuid[]) AS k ON CONFLICT DO NOTHING",
                tenant, Sql.Column(keys, k => (short)k.Kind), Sql.Column(keys, k => k.Value), Sql.Column(keys, k => k.CompanyId));
        }

        batch.Add(
            """
            INSERT INTO aix.lead_companies (tenant_id, lead_id, company_id, confidence, evidence, rejected, resolved_at)
            SELECT $1, l.*, $7 FROM unnest($2::uuid[], $3::uuid[], $4::float8[], $5::text[], $6::jsonb[]) AS l(lead, company, confidence, evidence, rejected)
            JOIN (SELECT id FROM aix.leads WHERE tenant_id = $1 AND id = ANY($2) ORDER BY id FOR KEY SHARE) k ON k.id = l.lead
            ON CONFLICT (tenant_id, lead_id) DO UPDATE SET company_id = excluded.company_id, confidence = excluded.confidence, evidence = excluded.evidence, rejected = excluded.rejected, resolved_at = excluded.resolved_at
            WHERE (aix.lead_companies.company_id, aix.lead_companies.confidence, aix.lead_companies.evidence) IS DISTINCT FROM (excluded.company_id, excluded.confidence, excluded.evidence)
            """,
            tenant, Sql.Column(links, l => l.Mention.LeadId), Sql.Column(links, l => l.CompanyId), Sql.Column(links, l => l.Confidence), Sql.Column(links, l => l.Evidence),
            Sql.JsonArray(Sql.Column(links, l => JsonSerializer.Serialize(l.Rejected))), now);
        await batch.ExecuteNonQueryAsync(ct);
    }
}
