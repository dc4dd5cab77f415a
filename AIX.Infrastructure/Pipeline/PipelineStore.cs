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
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add("UPDATE aix.lead_standings SET state = 5 WHERE tenant_id = $1 AND lead_id = ANY($2) AND state = 0", unit.TenantId.Value, leads);
        batch.Add(
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
        await batch.ExecuteNonQueryAsync(ct);
    }

    public async Task EnrichedAsync(IUnitOfWork work, Guid[] leads, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command("UPDATE aix.lead_standings SET state = 6 WHERE tenant_id = $1 AND lead_id = ANY($2) AND state = 5", unit.TenantId.Value, leads);
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

    public async Task RemoveFactAsync(IUnitOfWork work, Guid lead, string attribute, string source, string value, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command("DELETE FROM aix.facts WHERE tenant_id = $1 AND lead_id = $2 AND attribute = $3 AND source = $4 AND value = $5", unit.TenantId.Value, lead, attribute, source, value);
        await command.ExecuteNonQueryAsync(ct);
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

    public async Task SaveScoresAsync(IUnitOfWork work, IReadOnlyList<ScoredLead> scores, IReadOnlyDictionary<Guid, long> runs, TenantSettings settings, DateTimeOffset now, CancellationToken ct)
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
        batch.Add(ScoreSql.Save, tenant, now, scores[0].ModelVersion, scores[0].IcpVersion, ids, snapshots, snapshots, p, low, high, scores.Select(s => s.TopReason).ToArray(), new short?[ids.Length], new bool[ids.Length],
            Sql.Column(scores, s => s.Conflict), Sql.Column(scores, s => s.Challenger is { } p ? (short?)RouteLeads.BandOf(p, settings) : null));
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

    public async Task<IReadOnlyList<LeadToRoute>> LoadForRoutingAsync(IUnitOfWork work, IReadOnlyList<ClaimedRun> runs, bool withFacts, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            $"""
            SELECT s.lead_id, s.run_id, s.probability, s.low, s.high, {RoutingReader.Columns(withFacts)}
            FROM aix.lead_scores s JOIN aix.lead_standings st ON st.tenant_id = $1 AND st.lead_id = s.lead_id JOIN aix.leads l ON l.tenant_id = $1 AND l.id = s.lead_id
            WHERE s.tenant_id = $1 AND s.run_id = ANY($2)
            """,
            unit.TenantId.Value, runs.Select(r => r.Id).ToArray());
        return await RoutingReader.ReadAsync(command, withFacts, ct);
    }

    public async Task<IReadOnlyList<HotLead>> SaveRoutesAsync(IUnitOfWork work, IReadOnlyList<RoutedLead> routes, IReadOnlyList<RuledLead> ruled, TenantSettings settings, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        var tenant = unit.TenantId.Value;
        var rules = ruled.ToDictionary(r => r.LeadId);
        var targets = Sql.Column(routes, r => (short)(rules.TryGetValue(r.LeadId, out var rule) ? rule.TargetOf(r.Band) : LeadLifeCycle.Of(r.Band)));
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add(
            $"""
            UPDATE aix.lead_standings st SET band = r.band, uncertain = r.uncertain, changed_at = $2, owner_id = coalesce(st.owner_id, r.owner), reevaluate_at = r.again,
                   {StateSql.Move("NOT r.waits", "r.target")}
            FROM unnest($3::uuid[], $4::smallint[], $5::bool[], $6::bool[], $7::smallint[], $8::uuid[], $9::timestamptz[]) AS r(lead, band, uncertain, waits, target, owner, again)
            WHERE st.tenant_id = $1 AND st.lead_id = r.lead RETURNING st.lead_id, st.owner_id, st.hot_at = $2
            """,
            tenant, now,
            Sql.Column(routes, r => r.LeadId), Sql.Column(routes, r => (short)r.Band), Sql.Column(routes, r => r.Uncertain), Sql.Column(routes, r => r.Waits), targets,
            Sql.Column(routes, r => rules.GetValueOrDefault(r.LeadId)?.OwnerId),
            Sql.Column(routes, r => rules.GetValueOrDefault(r.LeadId)?.ReevaluateDays is { } days ? (DateTimeOffset?)now.AddDays(days) : null));
        ReviewRouting.Add(batch, tenant, routes, targets, settings, settings.DayOf(now), now);
        var hot = new List<HotLead>();
        await using var reader = await batch.ExecuteReaderAsync(ct);
        do
        {
            // Only the statements that move leads return three columns.
            while (reader.FieldCount == 3 && await reader.ReadAsync(ct))
            {
                if (!reader.IsDBNull(2) && reader.GetBoolean(2))
                {
                    hot.Add(new HotLead(reader.GetGuid(0), reader.Nullable<Guid?>(1)));
                }
            }
        }
        while (await reader.NextResultAsync(ct));
        return hot;
    }
}
