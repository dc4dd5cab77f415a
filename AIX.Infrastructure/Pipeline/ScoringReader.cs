using System.Text.Json;
using AIX.Core.Engagement;
using AIX.Core.Enrichment;
using AIX.Core.Leads;
using AIX.Core.Scoring;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Pipeline;

/// <summary>Loads what scoring reads, for a whole batch in one round trip.</summary>
internal static class ScoringReader
{
    public static async Task<IReadOnlyList<LeadForScoring>> ReadAsync(UnitOfWork unit, Guid[] leads, DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add(
            """
            SELECT DISTINCT ON (lead_id, attribute, source) lead_id, attribute, id, source, value, observed_at, reliability, 1::float8 FROM aix.facts
            WHERE tenant_id = $1 AND lead_id = ANY($2) AND NOT superseded ORDER BY lead_id, attribute, source, recorded_at DESC, id DESC
            """,
            unit.TenantId.Value, leads);

        // What sources said of the lead's company counts as much as it is sure that this is the company.
        batch.Add(
            """
            SELECT DISTINCT ON (l.lead_id, f.attribute, f.source) l.lead_id, f.attribute, f.id, f.source, f.value, f.observed_at, f.reliability, l.confidence
            FROM aix.lead_companies l JOIN aix.company_facts f ON f.tenant_id = $1 AND f.company_id = l.company_id
            WHERE l.tenant_id = $1 AND l.lead_id = ANY($2) ORDER BY l.lead_id, f.attribute, f.source, f.recorded_at DESC, f.id DESC
            """,
            unit.TenantId.Value, leads);
        batch.Add(
            """
            SELECT l.id, l.name, l.company, l.domain, l.title, l.city, l.country, l.attributes, l.origins, l.source_id, e.value, p.value, p.line, st.score IS NOT NULL, l.recorded_at
            FROM aix.leads l
            JOIN aix.lead_standings st ON st.tenant_id = $1 AND st.lead_id = l.id
            LEFT JOIN aix.contact_points e ON e.tenant_id = $1 AND e.lead_id = l.id AND e.kind = 0 AND e.position = 0 AND e.flag IS NULL
            LEFT JOIN aix.contact_points p ON p.tenant_id = $1 AND p.lead_id = l.id AND p.kind = 1 AND p.position = 0 AND p.flag IS NULL
            WHERE l.tenant_id = $1 AND l.id = ANY($2)
            """,
            unit.TenantId.Value, leads);
        batch.Add("SELECT lead_id, kind, detail, at FROM aix.engagement_events WHERE tenant_id = $1 AND lead_id = ANY($2) AND at > $3 ORDER BY at", unit.TenantId.Value, leads, now.AddDays(-EngagementEvent.KeptDays));
        batch.Add("SELECT source, attribute, alpha / (alpha + beta) FROM aix.source_reliabilities WHERE tenant_id = $1", unit.TenantId.Value);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var facts = new Dictionary<Guid, Dictionary<string, IReadOnlyList<Claim>>>();
        await ReadClaimsAsync(reader, facts, ct);
        await reader.NextResultAsync(ct);
        await ReadClaimsAsync(reader, facts, ct);
        await reader.NextResultAsync(ct);
        var reliabilities = new Dictionary<(string, string), double>();
        var actions = new Dictionary<Guid, List<LeadAction>>();
        var result = new List<LeadForScoring>(leads.Length);
        while (await reader.ReadAsync(ct))
        {
            var id = reader.GetGuid(0);
            result.Add(new LeadForScoring
            {
                Id = id,
                Name = reader.Nullable<string>(1),
                Company = reader.Nullable<string>(2),
                Domain = reader.Nullable<string>(3),
                Title = reader.Nullable<string>(4),
                City = reader.Nullable<string>(5),
                Country = reader.Nullable<string>(6),
                Attributes = JsonDocument.Parse(reader.GetFieldValue<byte[]>(7)).RootElement,
                Origins = reader.IsDBNull(8) ? null : JsonSerializer.Deserialize<Dictionary<string, Guid>>(reader.GetString(8)),
                SourceId = reader.Nullable<Guid?>(9),
                Email = reader.Nullable<string>(10),
                Phone = reader.Nullable<string>(11),
                PhoneLine = reader.IsDBNull(12) ? PhoneLine.Unknown : (PhoneLine)reader.GetInt16(12),
                HasScore = reader.GetBoolean(13),
                Facts = facts.TryGetValue(id, out var found) ? found : new Dictionary<string, IReadOnlyList<Claim>>(),
                ReceivedAt = reader.GetFieldValue<DateTimeOffset>(14),
                At = now,
                Actions = Of(actions, id),
                Reliabilities = reliabilities,
            });
        }

        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            Of(actions, reader.GetGuid(0)).Add(new LeadAction(reader.GetString(1), reader.Nullable<string>(2), reader.GetFieldValue<DateTimeOffset>(3)));
        }

        // Read last, and shared by all leads of the batch.
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            reliabilities[(reader.GetString(0), reader.GetString(1))] = reader.GetDouble(2);
        }

        return result;
    }

    /// <summary>The lead's list, which the next result fills.</summary>
    private static List<LeadAction> Of(Dictionary<Guid, List<LeadAction>> actions, Guid lead)
    {
        if (!actions.TryGetValue(lead, out var list))
        {
            actions[lead] = list = [];
        }

        return list;
    }

    private static async Task ReadClaimsAsync(NpgsqlDataReader reader, Dictionary<Guid, Dictionary<string, IReadOnlyList<Claim>>> facts, CancellationToken ct)
    {
        while (await reader.ReadAsync(ct))
        {
            var lead = reader.GetGuid(0);
            if (!facts.TryGetValue(lead, out var known))
            {
                facts[lead] = known = new Dictionary<string, IReadOnlyList<Claim>>(StringComparer.Ordinal);
            }

            var claim = new Claim(reader.GetGuid(2), reader.GetString(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetDouble(6)) { Confidence = reader.GetDouble(7) };
            known[reader.GetString(1)] = known.TryGetValue(reader.GetString(1), out var others) ? [.. others, claim] : [claim];
        }
    }
}
