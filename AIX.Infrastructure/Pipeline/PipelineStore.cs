using AIX.Core.Enrichment;
using AIX.Core.Leads;
using AIX.Core.Pipeline;
using AIX.Core.Routing;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Pipeline;

/// <summary>The stages' reads and writes, a batch of leads per statement.</summary>
internal sealed class PipelineStore : IPipelineStore
{
    public async Task IndexAsync(IUnitOfWork work, Guid[] leads, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.lead_search (tenant_id, lead_id, text)
            SELECT l.tenant_id, l.id, lower(concat_ws(' ', l.name, l.company, l.city,
                   (SELECT string_agg(value, ' ') FROM aix.contact_points c WHERE c.tenant_id = $1 AND c.lead_id = l.id),
                   (SELECT string_agg(external_id, ' ') FROM aix.external_refs r WHERE r.tenant_id = $1 AND r.lead_id = l.id)))
            FROM aix.leads l WHERE l.tenant_id = $1 AND l.id = ANY($2)
            ON CONFLICT (tenant_id, lead_id) DO UPDATE SET text = excluded.text WHERE aix.lead_search.text <> excluded.text
            """,
            unit.TenantId.Value,
            leads);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<LeadForEnrichment>> LoadForEnrichmentAsync(IUnitOfWork work, Guid[] leads, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            SELECT l.id, e.value, p.value, l.company, l.domain, l.country, l.attributes, l.title FROM aix.leads l
            LEFT JOIN aix.contact_points e ON e.tenant_id = $1 AND e.lead_id = l.id AND e.kind = 0 AND e.position = 0 AND e.flag IS NULL
            LEFT JOIN aix.contact_points p ON p.tenant_id = $1 AND p.lead_id = l.id AND p.kind = 1 AND p.position = 0 AND p.flag IS NULL
            WHERE l.tenant_id = $1 AND l.id = ANY($2)
            """,
            unit.TenantId.Value,
            leads);
        var result = new List<LeadForEnrichment>(leads.Length);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            result.Add(new LeadForEnrichment(reader.GetGuid(0), reader.Nullable<string>(1), reader.Nullable<string>(2), reader.Nullable<string>(3), reader.Nullable<string>(4), reader.Nullable<string>(5), reader.GetFieldValue<byte[]>(6), reader.Nullable<string>(7)));
        }

        return result;
    }

    public async Task<IReadOnlyList<(Guid Lead, string Attribute)>> AddFactsAsync(IUnitOfWork work, IReadOnlyList<FoundFact> facts, DateTimeOffset now, CancellationToken ct)
    {
        if (facts.Count == 0)
        {
            return [];
        }

        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.facts (tenant_id, id, lead_id, attribute, value, source, observed_at, recorded_at, reliability, superseded)
            SELECT $1, f.id, f.lead_id, f.attribute, f.value, f.source, $8, $8, f.reliability, false
            FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::float8[]) AS f(id, lead_id, attribute, value, source, reliability)
            WHERE NOT EXISTS (SELECT 1 FROM aix.facts k WHERE k.tenant_id = $1 AND k.lead_id = f.lead_id AND k.attribute = f.attribute AND k.source = f.source AND k.value = f.value)
            RETURNING lead_id, attribute
            """,
            unit.TenantId.Value,
            facts.Select(_ => Guid.CreateVersion7(now)).ToArray(),
            facts.Select(f => f.LeadId).ToArray(),
            facts.Select(f => f.Attribute).ToArray(),
            facts.Select(f => f.Value).ToArray(),
            facts.Select(f => f.Source).ToArray(),
            facts.Select(f => f.Reliability).ToArray(),
            now);
        var added = new List<(Guid, string)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            added.Add((reader.GetGuid(0), reader.GetString(1)));
        }

        return added;
    }

    public async Task LearnReliabilityAsync(IUnitOfWork work, IReadOnlyList<ReliabilityGain> gains, CancellationToken ct)
    {
        if (gains.Count == 0)
        {
            return;
        }

        var unit = UnitOfWork.Of(work);
        var seeds = gains.Select(g => SourceReliability.Seeded(g.Seed)).ToList();
        var (sources, attributes) = (gains.Select(g => g.Source).ToArray(), gains.Select(g => g.Attribute).ToArray());
        await using var batch = new NpgsqlBatch(unit.Connection);

        // Workers of one tenant meet on these few rows; one after the other they cannot lock each other out.
        batch.Add("SELECT pg_advisory_xact_lock(hashtextextended('aix.reliability.' || $1::text, 0))", unit.TenantId.Value);
        batch.Add(
            "INSERT INTO aix.source_reliabilities (tenant_id, source, attribute, alpha, beta) SELECT $1, g.* FROM unnest($2::text[], $3::text[], $4::float8[], $5::float8[]) AS g ON CONFLICT DO NOTHING",
            unit.TenantId.Value, sources, attributes, seeds.Select(s => s.Alpha).ToArray(), seeds.Select(s => s.Beta).ToArray());
        batch.Add(
            """
            UPDATE aix.source_reliabilities r SET alpha = r.alpha + g.gained, beta = r.beta + g.lost
            FROM unnest($2::text[], $3::text[], $4::float8[], $5::float8[]) AS g(source, attribute, gained, lost) WHERE r.tenant_id = $1 AND r.source = g.source AND r.attribute = g.attribute
            """,
            unit.TenantId.Value, sources, attributes, gains.Select(g => g.Right).ToArray(), gains.Select(g => g.Wrong).ToArray());
        await batch.ExecuteNonQueryAsync(ct);
    }

    public Task<IReadOnlyList<LeadForScoring>> LoadForScoringAsync(IUnitOfWork work, Guid[] leads, DateTimeOffset now, CancellationToken ct) => ScoringReader.ReadAsync(UnitOfWork.Of(work), leads, now, ct);

    public async Task SaveScoresAsync(IUnitOfWork work, IReadOnlyList<ScoredLead> scores, IReadOnlyDictionary<Guid, long> runs, DateTimeOffset now, CancellationToken ct)
    {
        if (scores.Count == 0)
        {
            return;
        }

        var unit = UnitOfWork.Of(work);
        var tenant = unit.TenantId.Value;
        var ids = scores.Select(s => s.LeadId).ToArray();
        var (p, low, high) = (scores.Select(s => s.Score.Probability).ToArray(), scores.Select(s => s.Score.Low).ToArray(), scores.Select(s => s.Score.High).ToArray());
        await using var batch = new NpgsqlBatch(unit.Connection);
        var snapshots = scores.Select(s => runs[s.LeadId]).ToArray();
        batch.Add(ScoreSql.Save, tenant, now, scores[0].ModelVersion, scores[0].IcpVersion, ids, snapshots, snapshots, p, low, high, scores.Select(s => s.TopReason).ToArray(), new short?[ids.Length], new bool[ids.Length]);
        batch.Add(
            """
            INSERT INTO aix.feature_snapshots (tenant_id, run_id, lead_id, at, features)
            SELECT $1, s.run, s.lead, $2, s.features FROM unnest($3::bigint[], $4::uuid[], $5::bytea[]) AS s(run, lead, features)
            JOIN aix.lead_standings st ON st.tenant_id = $1 AND st.lead_id = s.lead
            """,
            tenant, now, snapshots, ids, scores.Select(s => SnapshotCodec.Write(s.Features)).ToArray());

        // Last, because workers of one import meet on this row.
        var imports = scores.Where(s => s.ImportId is not null).CountBy(s => s.ImportId!.Value).ToList();
        if (imports.Count > 0)
        {
            batch.Add(
                "UPDATE aix.imports i SET scored = i.scored + n.scored FROM unnest($2::uuid[], $3::int[]) AS n(id, scored) WHERE i.tenant_id = $1 AND i.id = n.id",
                tenant, imports.Select(i => i.Key).ToArray(), imports.Select(i => i.Value).ToArray());
        }

        await batch.ExecuteNonQueryAsync(ct);
        foreach (var (import, _) in imports)
        {
            work.Raise(new ImportProgressed(unit.TenantId, import));
        }
    }

    public async Task<IReadOnlyList<LeadToRoute>> LoadForRoutingAsync(IUnitOfWork work, IReadOnlyList<ClaimedRun> runs, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            "SELECT s.lead_id, s.run_id, s.probability, s.low, s.high FROM aix.lead_scores s WHERE s.tenant_id = $1 AND s.run_id = ANY($2)", unit.TenantId.Value, runs.Select(r => r.Id).ToArray());
        var result = new List<LeadToRoute>(runs.Count);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            result.Add(new LeadToRoute(reader.GetGuid(0), reader.GetInt64(1), reader.GetDouble(2), reader.GetDouble(3), reader.GetDouble(4)));
        }

        return result;
    }

    public async Task SaveRoutesAsync(IUnitOfWork work, IReadOnlyList<RoutedLead> routes, TenantSettings settings, DateOnly day, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        var tenant = unit.TenantId.Value;
        var ids = routes.Select(r => r.LeadId).ToArray();
        var bands = routes.Select(r => (short)r.Band).ToArray();
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add(
            """
            UPDATE aix.lead_standings st SET band = r.band, uncertain = r.uncertain
            FROM unnest($2::uuid[], $3::smallint[], $4::bool[]) AS r(lead, band, uncertain) WHERE st.tenant_id = $1 AND st.lead_id = r.lead
            """,
            tenant, ids, bands, routes.Select(r => r.Uncertain).ToArray());
        batch.Add(
            """
            UPDATE aix.leads l SET state = CASE r.band WHEN 2 THEN 2 WHEN 1 THEN 3 ELSE 4 END, updated_at = $2
            FROM unnest($3::uuid[], $4::smallint[]) AS r(lead, band) WHERE l.tenant_id = $1 AND l.id = r.lead
            """,
            tenant, now, ids, bands);
        ReviewRouting.Add(batch, tenant, routes, settings, day, now);
        await batch.ExecuteNonQueryAsync(ct);
    }
}
