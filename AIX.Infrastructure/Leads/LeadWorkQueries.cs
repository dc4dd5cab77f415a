using AIX.Core.Leads;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Leads;

/// <summary>What people did to a lead, in one round trip.</summary>
internal sealed class LeadWorkQueries(DataSources sources, ICurrentTenant current) : ILeadWorkQueries
{
    private const string Author = "(SELECT u.display_name FROM aix.users u WHERE u.tenant_id = $1 AND u.id = x.{0})";

    private const string Name = "coalesce(l.name, l.company, '?')";

    public async Task<LeadWork> OfAsync(Guid lead, CancellationToken ct)
    {
        await using var db = sources.Context(current.Id ?? default);
        await db.Database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection());
        var tenant = db.Tenant.Value;
        batch.Add($"SELECT x.id, x.text, x.is_touch, {By("author_id")}, x.at FROM aix.lead_notes x WHERE x.tenant_id = $1 AND x.lead_id = $2 ORDER BY x.at DESC LIMIT 200", tenant, lead);
        batch.Add($"SELECT x.id, x.lead_id, NULL::text, x.kind, x.title, x.due_at, {By("owner_id")}, x.done_at FROM aix.lead_tasks x WHERE x.tenant_id = $1 AND x.lead_id = $2 ORDER BY x.done_at IS NOT NULL, x.due_at LIMIT 100", tenant, lead);
        batch.Add($"SELECT x.id, x.band, x.probability, x.reason, x.text, {By("author_id")}, x.at, x.until, x.ended_at FROM aix.score_overrides x WHERE x.tenant_id = $1 AND x.lead_id = $2 ORDER BY x.at DESC LIMIT 50", tenant, lead);
        batch.Add($"SELECT x.from_state, x.to_state, x.origin, {By("actor_id")}, x.outcome_id, x.at FROM aix.lead_transitions x WHERE x.tenant_id = $1 AND x.lead_id = $2 ORDER BY x.at DESC, x.id DESC LIMIT 100", tenant, lead);
        batch.Add($"SELECT x.id, coalesce(x.images->'loser'->'leads'->0->>'name', '?'), {By("actor_id")}, x.at FROM aix.lead_merges x WHERE x.tenant_id = $1 AND x.winner_id = $2 AND x.undone_at IS NULL ORDER BY x.at DESC LIMIT 10", tenant, lead);

        // Who may be the same: one name at one company or host. Two leads never share an e-mail or a phone.
        batch.Add(
            $"""
            WITH me AS (SELECT l.id, l.name_order, l.domain, l.company, l.name_host_key FROM aix.leads l WHERE l.tenant_id = $1 AND l.id = $2),
                 found AS (
                    SELECT l.id, 'nameCompany' AS why FROM me JOIN aix.leads l ON l.tenant_id = $1 AND l.name_host_key = me.name_host_key AND l.id <> me.id
                    UNION SELECT l.id, 'name' FROM me JOIN aix.leads l ON l.tenant_id = $1 AND l.name_order = me.name_order AND l.name_order <> '' AND l.id <> me.id AND (lower(l.company) = lower(me.company) OR l.domain = me.domain))
            SELECT l.id, {Name}, l.company, (SELECT value FROM aix.contact_points c WHERE c.tenant_id = $1 AND c.lead_id = l.id AND c.kind = 0 ORDER BY position LIMIT 1),
                   (SELECT value FROM aix.contact_points c WHERE c.tenant_id = $1 AND c.lead_id = l.id AND c.kind = 1 ORDER BY position LIMIT 1), st.score, array_agg(DISTINCT f.why)
            FROM found f JOIN aix.leads l ON l.tenant_id = $1 AND l.id = f.id JOIN aix.lead_standings st ON st.tenant_id = $1 AND st.lead_id = l.id GROUP BY l.tenant_id, l.id, l.name, l.company, st.score LIMIT 5
            """,
            tenant, lead);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var notes = await AllAsync(reader, r => new NoteRow(r.GetGuid(0), r.GetString(1), r.GetBoolean(2), r.Nullable<string>(3), r.GetFieldValue<DateTimeOffset>(4)), ct);
        var tasks = await AllAsync(reader, Task, ct);
        var overrides = await AllAsync(reader, r => new OverrideRow(r.GetGuid(0), (Band)r.GetInt16(1), r.Nullable<double?>(2), r.GetString(3), r.Nullable<string>(4), r.Nullable<string>(5), r.GetFieldValue<DateTimeOffset>(6), r.Nullable<DateTimeOffset?>(7), r.Nullable<DateTimeOffset?>(8)), ct);
        var steps = await AllAsync(reader, r => new TransitionRow((LeadState)r.GetInt16(0), (LeadState)r.GetInt16(1), (TransitionOrigin)r.GetInt16(2), r.Nullable<string>(3), r.Nullable<Guid?>(4), r.GetFieldValue<DateTimeOffset>(5)), ct);
        var merges = await AllAsync(reader, r => new MergeRow(r.GetGuid(0), r.GetString(1), r.Nullable<string>(2), r.GetFieldValue<DateTimeOffset>(3)), ct);
        var twins = await AllAsync(reader, r => new DuplicateRow(r.GetGuid(0), r.GetString(1), r.Nullable<string>(2), r.Nullable<string>(3), r.Nullable<string>(4), r.Nullable<double?>(5), r.GetFieldValue<string[]>(6)), ct);
        return new LeadWork(notes, tasks, overrides, steps, merges, twins);
    }

    public async Task<IReadOnlyList<TaskRow>> TasksAsync(Guid owner, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(current.Id ?? default);
        await db.Database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection());
        batch.Add(
            $"SELECT x.id, x.lead_id, {Name}, x.kind, x.title, x.due_at, NULL::text, x.done_at FROM aix.lead_tasks x JOIN aix.leads l ON l.tenant_id = $1 AND l.id = x.lead_id WHERE x.tenant_id = $1 AND x.owner_id = $2 AND x.done_at IS NULL ORDER BY x.due_at LIMIT $3",
            db.Tenant.Value, owner, limit);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await AllAsync(reader, Task, ct);
    }

    private static TaskRow Task(NpgsqlDataReader r) => new(r.GetGuid(0), r.GetGuid(1), r.Nullable<string>(2), (TaskKind)r.GetInt16(3), r.GetString(4), r.GetFieldValue<DateTimeOffset>(5), r.Nullable<string>(6), r.Nullable<DateTimeOffset?>(7));

    private static string By(string column) => Author.Replace("{0}", column, StringComparison.Ordinal);

    private static async Task<List<T>> AllAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(read(reader));
        }

        await reader.NextResultAsync(ct);
        return rows;
    }
}
