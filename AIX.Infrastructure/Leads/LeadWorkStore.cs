using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Leads;

/// <summary>What people do to leads.</summary>
internal sealed class LeadWorkStore : ILeadWorkStore
{
    public async Task<Standing?> LockAsync(IUnitOfWork work, Guid lead, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            "SELECT state, band, score, score_low, score_high, override_band, override_score, override_until, model_version, icp_version, owner_id, hot_at FROM aix.lead_standings WHERE tenant_id = $1 AND lead_id = $2 FOR UPDATE",
            unit.TenantId.Value, lead);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new Standing(
                lead, (LeadState)reader.GetInt16(0), reader.BandAt(1), reader.Nullable<double?>(2), reader.Nullable<double?>(3), reader.Nullable<double?>(4), reader.BandAt(5), reader.Nullable<double?>(6), reader.Nullable<DateTimeOffset?>(7),
                reader.Nullable<int?>(8), reader.Nullable<int?>(9), reader.Nullable<Guid?>(10), reader.Nullable<DateTimeOffset?>(11))
            : null;
    }

    public Task<Guid?> MergedIntoAsync(IUnitOfWork work, Guid lead, CancellationToken ct) =>
        UnitOfWork.Of(work).Db.Set<LeadMerge>().Where(m => m.LoserId == lead && m.UndoneAt == null).OrderByDescending(m => m.At).Select(m => (Guid?)m.WinnerId).FirstOrDefaultAsync(ct);

    public async Task MoveAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, LeadState from, IReadOnlyList<LeadState> path, TransitionOrigin origin, Guid? actor, DateTimeOffset now, CancellationToken ct)
    {
        if (path.Count == 0 || leads.Count == 0)
        {
            return;
        }

        var unit = UnitOfWork.Of(work);
        var steps = leads.SelectMany(lead => path.Select((to, i) => (Lead: lead, From: i == 0 ? from : path[i - 1], To: to))).ToList();
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add(
            "UPDATE aix.lead_standings SET state = $3, changed_at = $4, hot_at = CASE WHEN $3 = 2 THEN coalesce(hot_at, $4) ELSE hot_at END WHERE tenant_id = $1 AND lead_id = ANY($2)",
            unit.TenantId.Value, leads.ToArray(), (short)path[^1], now);
        batch.Add(
            """
            INSERT INTO aix.lead_transitions (tenant_id, id, lead_id, from_state, to_state, origin, actor_id, at)
            SELECT $1, s.id, s.lead, s.a, s.b, $2, $3, $4 FROM unnest($5::uuid[], $6::uuid[], $7::smallint[], $8::smallint[]) AS s(id, lead, a, b)
            """,
            unit.TenantId.Value, (short)origin, actor, now, Sql.Column(steps, _ => Guid.CreateVersion7(now)), Sql.Column(steps, s => s.Lead), Sql.Column(steps, s => (short)s.From), Sql.Column(steps, s => (short)s.To));
        await batch.ExecuteNonQueryAsync(ct);
    }

    public Task RestoreStateAsync(IUnitOfWork work, Guid lead, LeadState state, DateTimeOffset? since, DateTimeOffset now, CancellationToken ct) =>
        ExecuteAsync(work, "UPDATE aix.lead_standings SET state = $3, hot_at = $4, changed_at = $5 WHERE tenant_id = $1 AND lead_id = $2", ct, lead, (short)state, since, now);

    public async Task AddOverrideAsync(IUnitOfWork work, ScoreOverride said, CancellationToken ct)
    {
        await AddAsync(work, said, ct);
        await ExecuteAsync(
            work, "UPDATE aix.lead_standings SET override_band = $3, override_score = $4, override_until = $5, changed_at = $6 WHERE tenant_id = $1 AND lead_id = $2", ct,
            said.LeadId, (short)said.Band, said.Probability, said.Until, said.At);
    }

    public async Task<Guid?> EndOverrideAsync(IUnitOfWork work, Guid lead, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await ExecuteAsync(work, "UPDATE aix.lead_standings SET override_band = NULL, override_score = NULL, override_until = NULL, changed_at = $3 WHERE tenant_id = $1 AND lead_id = $2 AND override_band IS NOT NULL", ct, lead, now);
        await using var command = unit.Connection.Command("UPDATE aix.score_overrides SET ended_at = $3 WHERE tenant_id = $1 AND lead_id = $2 AND ended_at IS NULL RETURNING id", unit.TenantId.Value, lead, now);
        return await command.ExecuteScalarAsync(ct) as Guid?;
    }

    public async Task RemoveOverrideAsync(IUnitOfWork work, Guid lead, Guid said, Guid? before, CancellationToken ct)
    {
        await ExecuteAsync(work, "DELETE FROM aix.score_overrides WHERE tenant_id = $1 AND id = $2", ct, said);
        await ExecuteAsync(work, "UPDATE aix.score_overrides SET ended_at = NULL WHERE tenant_id = $1 AND id = $2", ct, before ?? Guid.Empty);
        await ExecuteAsync(
            work,
            """
            UPDATE aix.lead_standings st SET override_band = o.band, override_score = o.probability, override_until = o.until FROM (SELECT 1) one
            LEFT JOIN aix.score_overrides o ON o.tenant_id = $1 AND o.lead_id = $2 AND o.ended_at IS NULL WHERE st.tenant_id = $1 AND st.lead_id = $2
            """,
            ct, lead);
    }

    public Task AddLabelAsync(IUnitOfWork work, LeadLabel label, CancellationToken ct) => AddAsync(work, label, ct);

    public Task RemoveLabelAsync(IUnitOfWork work, Guid label, CancellationToken ct) => ExecuteAsync(work, "DELETE FROM aix.lead_labels WHERE tenant_id = $1 AND id = $2", ct, label);

    public Task AddNoteAsync(IUnitOfWork work, LeadNote note, CancellationToken ct) => AddAsync(work, note, ct);

    public async Task<Guid?> RemoveNoteAsync(IUnitOfWork work, Guid note, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command("DELETE FROM aix.lead_notes WHERE tenant_id = $1 AND id = $2 RETURNING lead_id", unit.TenantId.Value, note);
        return await command.ExecuteScalarAsync(ct) as Guid?;
    }

    public async Task AddTaskAsync(IUnitOfWork work, LeadTask task, CancellationToken ct)
    {
        await AddAsync(work, task, ct);
        await NextDueAsync(work, task.LeadId, ct);
    }

    public async Task<LeadTask?> SetDoneAsync(IUnitOfWork work, Guid task, DateTimeOffset? doneAt, CancellationToken ct)
    {
        await ExecuteAsync(work, "UPDATE aix.lead_tasks SET done_at = $3 WHERE tenant_id = $1 AND id = $2", ct, task, doneAt);
        if (await UnitOfWork.Of(work).Db.Set<LeadTask>().AsNoTracking().FirstOrDefaultAsync(t => t.Id == task, ct) is not { } changed)
        {
            return null;
        }

        await NextDueAsync(work, changed.LeadId, ct);
        return changed;
    }

    public async Task<LeadTask?> MoveTaskAsync(IUnitOfWork work, Guid task, DateTimeOffset due, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        if (await unit.Db.Set<LeadTask>().FromSql($"SELECT * FROM aix.lead_tasks WHERE tenant_id = {unit.TenantId.Value} AND id = {task} AND done_at IS NULL FOR UPDATE").AsNoTracking().FirstOrDefaultAsync(ct) is not { } before)
        {
            return null;
        }

        await ExecuteAsync(work, "UPDATE aix.lead_tasks SET due_at = $3, reminded_at = NULL, missed_at = NULL WHERE tenant_id = $1 AND id = $2", ct, task, due);
        await NextDueAsync(work, before.LeadId, ct);
        return before;
    }

    public void KeepCallbacks(IUnitOfWork work, Guid lead, DateTimeOffset agreedBefore, DateTimeOffset dueBefore, DateTimeOffset now)
    {
        // The lead's own row is written only where there was one.
        var unit = UnitOfWork.Of(work);
        unit.Later(
            """
            WITH kept AS (UPDATE aix.lead_tasks SET done_at = $5 WHERE tenant_id = $1 AND lead_id = $2 AND kind = 3 AND done_at IS NULL AND created_at < $3 AND due_at <= $4 RETURNING id)
            UPDATE aix.lead_standings SET next_due_at = (SELECT min(due_at) FROM aix.lead_tasks t WHERE t.tenant_id = $1 AND t.lead_id = $2 AND t.done_at IS NULL AND t.id NOT IN (SELECT id FROM kept))
            WHERE tenant_id = $1 AND lead_id = $2 AND EXISTS (SELECT FROM kept)
            """,
            [unit.TenantId.Value, lead, agreedBefore, dueBefore, now]);
    }

    public Task TouchAsync(IUnitOfWork work, Guid lead, DateTimeOffset at, CancellationToken ct) => ExecuteAsync(
        work,
        "UPDATE aix.lead_standings SET touched_at = $3, changed_at = $3, first_touch_at = CASE WHEN hot_at IS NOT NULL THEN coalesce(first_touch_at, $3) END WHERE tenant_id = $1 AND lead_id = $2",
        ct, lead, at);

    public Task AssignAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, Guid? owner, DateTimeOffset now, CancellationToken ct) =>
        ExecuteAsync(work, "UPDATE aix.lead_standings SET owner_id = $3, changed_at = $4 WHERE tenant_id = $1 AND lead_id = ANY($2)", ct, leads.ToArray(), owner, now);

    public Task SetTagAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, string tag, bool on, CancellationToken ct) => ExecuteAsync(
        work,
        on ? "INSERT INTO aix.lead_tags (tenant_id, lead_id, tag) SELECT $1, l.id, $3 FROM aix.leads l WHERE l.tenant_id = $1 AND l.id = ANY($2) ON CONFLICT DO NOTHING" : "DELETE FROM aix.lead_tags WHERE tenant_id = $1 AND lead_id = ANY($2) AND tag = $3",
        ct, leads.ToArray(), tag);

    private static Task NextDueAsync(IUnitOfWork work, Guid lead, CancellationToken ct) => ExecuteAsync(
        work,
        "UPDATE aix.lead_standings SET next_due_at = (SELECT min(due_at) FROM aix.lead_tasks t WHERE t.tenant_id = $1 AND t.lead_id = $2 AND t.done_at IS NULL) WHERE tenant_id = $1 AND lead_id = $2",
        ct, lead);

    private static async Task AddAsync(IUnitOfWork work, object row, CancellationToken ct)
    {
        var db = UnitOfWork.Of(work).Db;
        db.Add(row);
        await db.SaveChangesAsync(ct);
    }

    private static async Task ExecuteAsync(IUnitOfWork work, string sql, CancellationToken ct, params object?[] values)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(sql, [unit.TenantId.Value, .. values]);
        await command.ExecuteNonQueryAsync(ct);
    }
}
