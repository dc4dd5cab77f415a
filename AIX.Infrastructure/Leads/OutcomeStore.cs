using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Leads;

internal sealed class OutcomeStore(DataSources sources, TimeProvider time) : IOutcomeStore
{
    public async Task<Result<bool>> AddAsync(LeadOutcome outcome, TransitionOrigin origin, Guid? actor, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, outcome.TenantId, time, ct);
        if (await StateAsync(work, outcome.LeadId, ct) is not { } state)
        {
            return new Error(ErrorKind.NotFound, "unknown-lead", "There is no such lead.");
        }

        var target = outcome.Result == OutcomeResult.Won ? LeadState.Converted : LeadState.Disqualified;
        if (origin == TransitionOrigin.Person && LeadLifeCycle.Check(state, target) is { } error)
        {
            return error;
        }

        work.Db.Add(outcome);
        if (state != target)
        {
            work.Db.Add(new LeadTransition
            {
                TenantId = outcome.TenantId,
                Id = Guid.CreateVersion7(outcome.RecordedAt),
                LeadId = outcome.LeadId,
                FromState = state,
                ToState = target,
                Origin = origin,
                ActorId = actor,
                OutcomeId = outcome.Id,
                At = outcome.RecordedAt,
            });
        }

        await work.Db.SaveChangesAsync(ct);
        await using (var command = work.Connection.Command("DELETE FROM aix.review_items WHERE tenant_id = $1 AND lead_id = $2", work.TenantId.Value, outcome.LeadId))
        {
            // Of a lead that is won or lost nobody is asked any more.
            await command.ExecuteNonQueryAsync(ct);
        }

        await MoveAsync(work, outcome.LeadId, target, outcome.RecordedAt, ct);
        return true;
    }

    public async Task<Guid?> RemoveAsync(TenantId tenant, Guid outcome, DateTimeOffset now, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, tenant, time, ct);
        if (await work.Db.Set<LeadOutcome>().FirstOrDefaultAsync(o => o.Id == outcome, ct) is not { } stored || await StateAsync(work, stored.LeadId, ct) is not { } state)
        {
            return null;
        }

        var step = await work.Db.Set<LeadTransition>().FirstOrDefaultAsync(t => t.OutcomeId == outcome, ct);
        work.Db.Remove(stored);
        if (step is not null)
        {
            work.Db.Remove(step);
        }

        await work.Db.SaveChangesAsync(ct);
        await MoveAsync(work, stored.LeadId, step is not null && step.ToState == state ? step.FromState : state, now, ct);
        return stored.LeadId;
    }

    public async Task<bool> AddAsync(LeadLabel label, CancellationToken ct)
    {
        await using var db = sources.Context(label.TenantId);
        if (!await db.Set<Lead>().AnyAsync(l => l.Id == label.LeadId, ct))
        {
            return false;
        }

        db.Add(label);
        await db.SaveChangesAsync(ct);
        return true;
    }

    private static async Task<LeadState?> StateAsync(UnitOfWork work, Guid lead, CancellationToken ct)
    {
        await using var command = work.Connection.Command("SELECT state FROM aix.lead_standings WHERE tenant_id = $1 AND lead_id = $2 FOR UPDATE", work.TenantId.Value, lead);
        return await command.ExecuteScalarAsync(ct) is short state ? (LeadState)state : null;
    }

    private static async Task MoveAsync(UnitOfWork work, Guid lead, LeadState state, DateTimeOffset now, CancellationToken ct)
    {
        await using (var command = work.Connection.Command("UPDATE aix.lead_standings SET state = $3, changed_at = $4 WHERE tenant_id = $1 AND lead_id = $2", work.TenantId.Value, lead, (short)state, now))
        {
            await command.ExecuteNonQueryAsync(ct);
        }

        work.Raise(new LeadsTouched(work.TenantId, [lead]));
        await work.CommitAsync(ct);
    }
}
