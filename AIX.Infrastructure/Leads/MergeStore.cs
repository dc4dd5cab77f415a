using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Leads;

/// <summary>Merges by images: the rows of both leads are kept as JSON, so that undo puts back exactly what was.</summary>
internal sealed class MergeStore(DataSources sources) : IMergeStore
{
    /// <summary>What hangs on a lead, in the order in which it is put back.</summary>
    private static readonly string[] Hanging =
        ["contact_points", "external_refs", "lead_standings", "lead_scores", "feature_snapshots", "facts", "lead_companies", "lead_vectors", "lead_outcomes", "lead_labels", "lead_notes", "lead_tasks", "lead_tags", "score_overrides", "lead_transitions", "engagement_events", "review_items", "review_decisions"];

    private static readonly (string Field, string Column)[] Fields = [("name", "name"), ("company", "company"), ("website", "domain"), ("title", "title"), ("city", "city"), ("country", "country")];

    public async Task<MergePreview?> PreviewAsync(TenantId tenant, Guid winner, Guid loser, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        var leads = await db.Set<Lead>().AsNoTracking().Where(l => l.Id == winner || l.Id == loser).ToDictionaryAsync(l => l.Id, ct);
        if (leads.Count != 2)
        {
            return null;
        }

        var (w, l) = (leads[winner], leads[loser]);
        var contacts = (await db.Set<ContactPoint>().AsNoTracking().Where(c => c.LeadId == winner || c.LeadId == loser).OrderBy(c => c.Kind).ThenBy(c => c.Position).ToListAsync(ct)).ToLookup(c => c.LeadId);
        string? Contacts(Guid id, ContactKind kind) => contacts[id].Where(c => c.Kind == kind).Select(c => c.Value).ToList() is { Count: > 0 } values ? string.Join(", ", values) : null;
        var rows = new List<MergeField>();
        foreach (var (field, a, b) in new[] { ("name", w.Name, l.Name), ("company", w.Company, l.Company), ("website", w.Domain, l.Domain), ("title", w.Title, l.Title), ("city", w.City, l.City), ("country", w.Country, l.Country) })
        {
            rows.Add(new MergeField(field, a, b, a ?? b, a is null && b is not null));
        }

        foreach (var (field, kind) in new[] { ("email", ContactKind.Email), ("phone", ContactKind.Phone) })
        {
            var (a, b) = (Contacts(winner, kind), Contacts(loser, kind));
            rows.Add(new MergeField(field, a, b, string.Join(", ", new[] { a, b }.OfType<string>()) is { Length: > 0 } both ? both : null, b is not null));
        }

        return new MergePreview(
            winner, w.Name ?? w.Company ?? "?", loser, l.Name ?? l.Company ?? "?", [.. rows.Where(r => r.Winner is not null || r.Loser is not null)],
            await db.Set<LeadNote>().CountAsync(n => n.LeadId == loser, ct), await db.Set<LeadTask>().CountAsync(t => t.LeadId == loser, ct), await db.Set<LeadOutcome>().CountAsync(o => o.LeadId == loser, ct),
            await db.Set<Core.Engagement.EngagementEvent>().CountAsync(e => e.LeadId == loser, ct));
    }

    public async Task<Guid> MergeAsync(IUnitOfWork work, Guid winner, Guid loser, Guid? actor, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        var tenant = unit.TenantId.Value;
        var merge = Guid.CreateVersion7(now);
        var image = "jsonb_build_object('leads', (SELECT jsonb_agg(to_jsonb(x)) FROM aix.leads x WHERE x.tenant_id = $1 AND x.id = {0})" + string.Concat(Hanging.Select(t => $", '{t}', (SELECT jsonb_agg(to_jsonb(x)) FROM aix.{t} x WHERE x.tenant_id = $1 AND x.lead_id = {{0}})")) + ")";
        await using (var keep = unit.Connection.Command(
            $"INSERT INTO aix.lead_merges (tenant_id, id, winner_id, loser_id, winner_version, images, actor_id, at) SELECT $1, $4, $2, $3, 0, jsonb_build_object('winner', {image.Replace("{0}", "$2", StringComparison.Ordinal)}, 'loser', {image.Replace("{0}", "$3", StringComparison.Ordinal)}), $5, $6",
            tenant, winner, loser, merge, actor, now))
        {
            await keep.ExecuteNonQueryAsync(ct);
        }

        await using var batch = new NpgsqlBatch(unit.Connection);
        var fill = string.Join(", ", Fields.Select(f => $"{f.Column} = coalesce(w.{f.Column}, l.{f.Column})"));

        // What the loser said otherwise stays as a fact beside the winner's word.
        batch.Add(
            $$"""
            INSERT INTO aix.facts (tenant_id, id, lead_id, attribute, value, source, observed_at, recorded_at, reliability, superseded)
            SELECT $1, gen_random_uuid(), $2, v.attribute, v.value, 'merge', l.recorded_at, $4, 0.7, false FROM aix.leads l JOIN aix.leads w ON w.tenant_id = $1 AND w.id = $2
            CROSS JOIN LATERAL (VALUES ('company', l.company, w.company), ('title', l.title, w.title), ('city', l.city, w.city), ('country', l.country, w.country)) AS v(attribute, value, stands)
            WHERE l.tenant_id = $1 AND l.id = $3 AND v.value IS NOT NULL AND v.stands IS NOT NULL AND v.value <> v.stands
            UNION ALL SELECT $1, gen_random_uuid(), $2, a.key, a.value, 'merge', l.recorded_at, $4, 0.7, false FROM aix.leads l JOIN aix.leads w ON w.tenant_id = $1 AND w.id = $2 CROSS JOIN LATERAL jsonb_each_text(l.attributes) a
            WHERE l.tenant_id = $1 AND l.id = $3 AND w.attributes ? a.key AND w.attributes->>a.key <> a.value
            UNION ALL SELECT $1, gen_random_uuid(), $2, f.attribute, f.value, f.source, f.observed_at, $4, f.reliability, f.superseded FROM aix.facts f WHERE f.tenant_id = $1 AND f.lead_id = $3
            """,
            tenant, winner, loser, now);
        batch.Add(
            $"UPDATE aix.leads w SET {fill}, name_host_key = coalesce(w.name_host_key, l.name_host_key), attributes = l.attributes || w.attributes, created_at = least(w.created_at, l.created_at), version = w.version + 1, updated_at = $4 FROM aix.leads l WHERE w.tenant_id = $1 AND w.id = $2 AND l.tenant_id = $1 AND l.id = $3",
            tenant, winner, loser, now);
        batch.Add(
            """
            UPDATE aix.contact_points c SET lead_id = $2, position = c.position + (SELECT coalesce(max(m.position) + 1, 0) FROM aix.contact_points m WHERE m.tenant_id = $1 AND m.lead_id = $2 AND m.kind = c.kind) WHERE c.tenant_id = $1 AND c.lead_id = $3
            """,
            tenant, winner, loser);
        foreach (var table in new[] { "external_refs", "lead_outcomes", "lead_notes", "lead_tasks", "calls" })
        {
            batch.Add($"UPDATE aix.{table} SET lead_id = $2 WHERE tenant_id = $1 AND lead_id = $3", tenant, winner, loser);
        }

        batch.Add("INSERT INTO aix.lead_tags (tenant_id, lead_id, tag) SELECT $1, $2, tag FROM aix.lead_tags WHERE tenant_id = $1 AND lead_id = $3 ON CONFLICT DO NOTHING", tenant, winner, loser);
        batch.Add($"INSERT INTO aix.engagement_events SELECT (jsonb_populate_record(NULL::aix.engagement_events, to_jsonb(e) || jsonb_build_object('lead_id', $2, 'id', gen_random_uuid()))).* FROM aix.engagement_events e WHERE e.tenant_id = $1 AND e.lead_id = $3", tenant, winner, loser);
        batch.Add(
            """
            UPDATE aix.lead_standings w SET owner_id = coalesce(w.owner_id, l.owner_id), touched_at = greatest(w.touched_at, l.touched_at), hot_at = coalesce(w.hot_at, l.hot_at), first_touch_at = coalesce(w.first_touch_at, l.first_touch_at), changed_at = $4,
                   state = CASE WHEN l.state IN (9, 10) AND w.state NOT IN (9, 10) THEN l.state ELSE w.state END,
                   next_due_at = (SELECT min(t.due_at) FROM aix.lead_tasks t WHERE t.tenant_id = $1 AND t.lead_id = $2 AND t.done_at IS NULL)
            FROM aix.lead_standings l WHERE w.tenant_id = $1 AND w.lead_id = $2 AND l.tenant_id = $1 AND l.lead_id = $3
            """,
            tenant, winner, loser, now);
        batch.Add("DELETE FROM aix.pipeline_runs WHERE tenant_id = $1 AND lead_id = $2", tenant, loser);
        batch.Add("DELETE FROM aix.leads WHERE tenant_id = $1 AND id = $2", tenant, loser);
        batch.Add("UPDATE aix.lead_merges SET winner_version = (SELECT version FROM aix.leads WHERE tenant_id = $1 AND id = $2) WHERE tenant_id = $1 AND id = $3", tenant, winner, merge);
        await batch.ExecuteNonQueryAsync(ct);
        return merge;
    }

    public async Task<(Guid Winner, Guid Loser, bool Unchanged)?> FindAsync(IUnitOfWork work, Guid merge, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            "SELECT m.winner_id, m.loser_id, coalesce(l.version = m.winner_version, false) FROM aix.lead_merges m LEFT JOIN aix.leads l ON l.tenant_id = $1 AND l.id = m.winner_id WHERE m.tenant_id = $1 AND m.id = $2 AND m.undone_at IS NULL FOR UPDATE OF m",
            unit.TenantId.Value, merge);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetGuid(0), reader.GetGuid(1), reader.GetBoolean(2)) : null;
    }

    public async Task UndoAsync(IUnitOfWork work, Guid merge, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        var tenant = unit.TenantId.Value;
        await using var batch = new NpgsqlBatch(unit.Connection);

        // The winner's own row and standing go back; what came from the loser leaves it; then the loser is put back with all it had.
        var own = string.Join(", ", ColumnsOf(unit.Db, "leads").Except(["tenant_id", "id", "version", "updated_at"]));
        batch.Add(
            $"UPDATE aix.leads w SET ({own}) = (SELECT {own} FROM jsonb_populate_record(NULL::aix.leads, m.images->'winner'->'leads'->0)), version = w.version + 1, updated_at = $3 FROM aix.lead_merges m WHERE m.tenant_id = $1 AND m.id = $2 AND w.tenant_id = $1 AND w.id = m.winner_id",
            tenant, merge, now);
        foreach (var table in new[] { "contact_points", "external_refs", "lead_outcomes", "lead_notes", "lead_tasks" })
        {
            batch.Add($"DELETE FROM aix.{table} x USING aix.lead_merges m, jsonb_to_recordset(coalesce(nullif(m.images->'loser'->'{table}', 'null'), '[]')) AS o({KeyTypes(table)}) WHERE m.tenant_id = $1 AND m.id = $2 AND x.tenant_id = $1 AND x.lead_id = m.winner_id AND {KeyMatch(table)}", tenant, merge);
        }

        foreach (var table in new[] { "facts", "engagement_events" })
        {
            batch.Add($"DELETE FROM aix.{table} x USING aix.lead_merges m WHERE m.tenant_id = $1 AND m.id = $2 AND x.tenant_id = $1 AND x.lead_id = m.winner_id AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(coalesce(nullif(m.images->'winner'->'{table}', 'null'), '[]')) o WHERE (o->>'id')::uuid = x.id){(table == "facts" ? " AND x.recorded_at = m.at" : "")}", tenant, merge);
        }

        batch.Add("DELETE FROM aix.lead_tags x USING aix.lead_merges m WHERE m.tenant_id = $1 AND m.id = $2 AND x.tenant_id = $1 AND x.lead_id = m.winner_id AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(coalesce(nullif(m.images->'winner'->'lead_tags', 'null'), '[]')) o WHERE o->>'tag' = x.tag) AND EXISTS (SELECT 1 FROM jsonb_array_elements(coalesce(nullif(m.images->'loser'->'lead_tags', 'null'), '[]')) o WHERE o->>'tag' = x.tag)", tenant, merge);
        batch.Add(
            """
            UPDATE aix.lead_standings w SET owner_id = (o->>'owner_id')::uuid, touched_at = (o->>'touched_at')::timestamptz, hot_at = (o->>'hot_at')::timestamptz, first_touch_at = (o->>'first_touch_at')::timestamptz, state = (o->>'state')::smallint, changed_at = $3,
                   next_due_at = (SELECT min(t.due_at) FROM aix.lead_tasks t WHERE t.tenant_id = $1 AND t.lead_id = m.winner_id AND t.done_at IS NULL)
            FROM aix.lead_merges m CROSS JOIN LATERAL (SELECT m.images->'winner'->'lead_standings'->0 AS o) i WHERE m.tenant_id = $1 AND m.id = $2 AND w.tenant_id = $1 AND w.lead_id = m.winner_id
            """,
            tenant, merge, now);
        foreach (var table in Hanging.Prepend("leads"))
        {
            var columns = ColumnsOf(unit.Db, table).ToList();
            batch.Add($"INSERT INTO aix.{table} ({string.Join(", ", columns)}) SELECT {string.Join(", ", columns.Select(c => "r." + c))} FROM aix.lead_merges m CROSS JOIN LATERAL jsonb_populate_recordset(NULL::aix.{table}, coalesce(nullif(m.images->'loser'->'{table}', 'null'), '[]')) r WHERE m.tenant_id = $1 AND m.id = $2 ON CONFLICT DO NOTHING", tenant, merge);
        }

        batch.Add("UPDATE aix.lead_merges SET undone_at = $3, images = '{}' WHERE tenant_id = $1 AND id = $2", tenant, merge, now);
        await batch.ExecuteNonQueryAsync(ct);
    }

    public async Task EnqueueAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add("INSERT INTO aix.pipeline_runs (tenant_id, lead_id) SELECT $1, unnest($2::uuid[])", unit.TenantId.Value, leads.ToArray());
        batch.Add("SELECT pg_notify('aix_work', $1)", unit.TenantId.Value.ToString());
        await batch.ExecuteNonQueryAsync(ct);
    }

    private static string KeyTypes(string table) => table switch
    {
        "contact_points" => "kind smallint, value text",
        "external_refs" => "system text, external_id text",
        _ => "id uuid",
    };

    private static string KeyMatch(string table) => string.Join(" AND ", KeyTypes(table).Split(", ").Select(k => k.Split(' ')[0]).Select(k => $"x.{k} = o.{k}"));

    /// <summary>Columns of a table that are written, in a fixed order: generated ones are not.</summary>
    private static IEnumerable<string> ColumnsOf(AixDbContext db, string table)
    {
        var entity = db.Model.GetEntityTypes().First(e => e.GetTableName() == table);
        return entity.GetProperties().Where(p => p.GetComputedColumnSql() is null).Select(p => p.GetColumnName());
    }
}
