using AIX.Core.Review;
using AIX.Core.Shared;
using AIX.Core.Users;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Review;

/// <summary>What happens inside a decision's transaction.</summary>
internal sealed partial class ReviewStore
{
    private const int UndoDepth = 10;

    public async Task<ReviewItem?> LockAsync(IUnitOfWork work, Guid lead, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await ExecuteAsync(unit, "SELECT 1 FROM aix.review_items WHERE tenant_id = $1 AND lead_id = $2 FOR UPDATE", ct, lead);
        return await unit.Db.Set<ReviewItem>().AsNoTracking().FirstOrDefaultAsync(i => i.LeadId == lead, ct);
    }

    public Task<ReviewDecision?> FindAsync(IUnitOfWork work, Guid decision, CancellationToken ct) =>
        UnitOfWork.Of(work).Db.Set<ReviewDecision>().AsNoTracking().FirstOrDefaultAsync(d => d.Id == decision, ct);

    public async Task<ReviewDecision?> LastAsync(IUnitOfWork work, Guid reviewer, CancellationToken ct)
    {
        var last = await UnitOfWork.Of(work).Db.Set<ReviewDecision>().AsNoTracking().Where(d => d.ReviewerId == reviewer).OrderByDescending(d => d.At).ThenByDescending(d => d.Id).Take(UndoDepth).ToListAsync(ct);
        return last.Find(d => d.UndoneAt is null);
    }

    public async Task AddAsync(IUnitOfWork work, ReviewDecision decision, CancellationToken ct)
    {
        var db = UnitOfWork.Of(work).Db;
        db.Add(decision);
        await db.SaveChangesAsync(ct);
    }

    public Task MarkUndoneAsync(IUnitOfWork work, Guid decision, DateTimeOffset at, CancellationToken ct) =>
        ExecuteAsync(UnitOfWork.Of(work), "UPDATE aix.review_decisions SET undone_at = $3 WHERE tenant_id = $1 AND id = $2", ct, decision, at);

    public Task RemoveAsync(IUnitOfWork work, Guid lead, CancellationToken ct) => ExecuteAsync(UnitOfWork.Of(work), "DELETE FROM aix.review_items WHERE tenant_id = $1 AND lead_id = $2", ct, lead);

    public async Task<string> ImageAsync(IUnitOfWork work, Guid lead, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command("SELECT to_jsonb(i)::text FROM aix.review_items i WHERE tenant_id = $1 AND lead_id = $2", unit.TenantId.Value, lead);
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task RestoreAsync(IUnitOfWork work, string row, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            WITH was AS (SELECT (jsonb_populate_record(NULL::aix.review_items, $2 || '{"holder_id": null, "held_until": null}')).*),
                 gone AS (DELETE FROM aix.review_items i USING was WHERE i.tenant_id = $1 AND i.lead_id = was.lead_id)
            SELECT 1
            """,
            unit.TenantId.Value, Sql.Json(row));
        await command.ExecuteNonQueryAsync(ct);
        await ExecuteAsync(unit, """INSERT INTO aix.review_items SELECT (jsonb_populate_record(NULL::aix.review_items, $2 || '{"holder_id": null, "held_until": null}')).*""", ct, Sql.Json(row));
    }

    public Task PostponeAsync(IUnitOfWork work, Guid lead, DateTimeOffset until, CancellationToken ct) =>
        ExecuteAsync(UnitOfWork.Of(work), "UPDATE aix.review_items SET postponed_until = $3, holder_id = NULL, held_until = NULL WHERE tenant_id = $1 AND lead_id = $2", ct, lead, until);

    public Task EscalateAsync(IUnitOfWork work, Guid lead, DateTimeOffset at, CancellationToken ct) =>
        ExecuteAsync(UnitOfWork.Of(work), "UPDATE aix.review_items SET escalated_at = $3, holder_id = NULL, held_until = NULL WHERE tenant_id = $1 AND lead_id = $2", ct, lead, at);

    public Task NextRoundAsync(IUnitOfWork work, Guid lead, ReviewRound round, Guid decision, Guid reviewer, CancellationToken ct) => ExecuteAsync(
        UnitOfWork.Of(work),
        round == ReviewRound.Second
            ? "UPDATE aix.review_items SET round = 1, first_decision = $3, first_reviewer = $4, holder_id = NULL, held_until = NULL WHERE tenant_id = $1 AND lead_id = $2"
            : "UPDATE aix.review_items SET round = 2, second_decision = $3, second_reviewer = $4, holder_id = NULL, held_until = NULL WHERE tenant_id = $1 AND lead_id = $2",
        ct, lead, decision, reviewer);

    public async Task<IReadOnlyList<Guid>> SendAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, Guid? sender, string? note, double value, DateOnly day, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.review_items (tenant_id, lead_id, day, decision_value, created_at, reason, propensity, round, sent_by, note)
            SELECT $1, st.lead_id, $3, $4, $5, 4, 1, 0, $6, $7 FROM aix.lead_standings st WHERE st.tenant_id = $1 AND st.lead_id = ANY($2) AND st.state NOT IN (9, 10)
            ON CONFLICT (tenant_id, lead_id) DO UPDATE SET decision_value = greatest(aix.review_items.decision_value, excluded.decision_value), sent_by = excluded.sent_by, note = coalesce(excluded.note, aix.review_items.note), postponed_until = NULL
            RETURNING lead_id
            """,
            unit.TenantId.Value, leads.ToArray(), day, value, now, sender, note);
        return await command.IdsAsync(ct);
    }

    public async Task<IReadOnlyList<Guid>> ManagersAsync(IUnitOfWork work, CancellationToken ct) =>
        await UnitOfWork.Of(work).Db.Set<User>().Where(u => u.Role == Role.Manager || u.Role == Role.Admin).OrderBy(u => u.Id).Select(u => u.Id).ToListAsync(ct);

    private static async Task ExecuteAsync(UnitOfWork unit, string sql, CancellationToken ct, params object?[] values)
    {
        await using var command = unit.Connection.Command(sql, [unit.TenantId.Value, .. values]);
        await command.ExecuteNonQueryAsync(ct);
    }
}
