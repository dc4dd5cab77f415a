using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Review;

/// <summary>Takes a reviewer's last decision back, ten deep: the item lies in the queue as before, and the lead stands where it stood.</summary>
public sealed class UndoReview(IReviewStore store, ILeadWorkStore leads, IFlagFact facts, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    public async Task<Result<ReviewDecision>> ExecuteAsync(TenantId tenant, Reviewer reviewer, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.LastAsync(work, reviewer.UserId, ct) is not { } decision)
        {
            return new Error(ErrorKind.NotFound, "nothing-to-undo", "There is nothing left to undo: your last ten decisions at most can be taken back.");
        }

        if (await leads.LockAsync(work, decision.LeadId, ct) is not { } standing)
        {
            return new Error(ErrorKind.Conflict, "unknown-lead", "The lead was deleted or merged since; the decision cannot be taken back.");
        }

        var effects = JsonSerializer.Deserialize<DecisionEffects>(decision.Effects, DecideReview.Json)!;
        if (Refuse(await store.LockAsync(work, decision.LeadId, ct), decision, standing) is { } refusal)
        {
            return refusal;
        }

        await TakeBackAsync(work, decision.LeadId, effects, ct);
        await store.RestoreAsync(work, effects.Item!, ct);
        await store.MarkUndoneAsync(work, decision.Id, time.GetUtcNow(), ct);
        work.Raise(new ReviewChanged(tenant, [decision.LeadId]));
        work.Raise(new LeadsTouched(tenant, [decision.LeadId]));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, Actor.User(reviewer.UserId), "review.undone", new { decision.LeadId, decision.Id }, ct);
        return decision;
    }

    private static Error? Refuse(ReviewItem? item, ReviewDecision decision, Standing standing) => item switch
    {
        _ when LeadLifeCycle.IsEnd(standing.State) => new Error(ErrorKind.Conflict, "lead-ended", "The lead was won or lost since; its review is over."),
        { Round: ReviewRound.Adjudication } when decision.Round == ReviewRound.First => new Error(ErrorKind.Conflict, "looked-at-again", "Somebody else has looked at the lead since; a manager decides now."),
        _ => null,
    };

    private async Task TakeBackAsync(IUnitOfWork work, Guid lead, DecisionEffects effects, CancellationToken ct)
    {
        if (effects.Override is { } said)
        {
            await leads.RemoveOverrideAsync(work, lead, said, effects.OverrideBefore, ct);
        }

        if (effects.Label is { } label)
        {
            await leads.RemoveLabelAsync(work, label, ct);
        }

        if (effects.Flag is { } flag)
        {
            await facts.UndoAsync(work, lead, flag, ct);
        }

        if (effects.HandedOver)
        {
            await leads.AssignAsync(work, [lead], effects.OwnerBefore, time.GetUtcNow(), ct);
        }

        if (effects.FromState is { } state)
        {
            await leads.RestoreStateAsync(work, lead, state, effects.HotSince, time.GetUtcNow(), ct);
        }
    }
}
