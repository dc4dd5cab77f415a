using AIX.Core.Auditing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>What a field would be after a merge.</summary>
/// <param name="Taken">The value comes from the lead that goes, because the other knows none.</param>
public sealed record MergeField(string Field, string? Winner, string? Loser, string? Result, bool Taken);

/// <summary>What a merge would do.</summary>
public sealed record MergePreview(Guid Winner, string WinnerName, Guid Loser, string LoserName, IReadOnlyList<MergeField> Fields, int Notes, int Tasks, int Outcomes, int Events);

public interface IMergeStore
{
    /// <summary>Null when one of the two is unknown.</summary>
    Task<MergePreview?> PreviewAsync(TenantId tenant, Guid winner, Guid loser, CancellationToken ct);

    /// <summary>Moves everything of the loser to the winner, keeps both as they were, and deletes the loser.</summary>
    Task<Guid> MergeAsync(IUnitOfWork work, Guid winner, Guid loser, Guid? actor, DateTimeOffset now, CancellationToken ct);

    /// <summary>The loser of a merge, for its undo; null when there is no such merge, or it was taken back.</summary>
    Task<(Guid Winner, Guid Loser, bool Unchanged)?> FindAsync(IUnitOfWork work, Guid merge, CancellationToken ct);

    Task UndoAsync(IUnitOfWork work, Guid merge, DateTimeOffset now, CancellationToken ct);

    Task EnqueueAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, CancellationToken ct);
}

/// <summary>Makes one lead of two that are the same person. What the one lacks comes from the other; where they differ, the one that stays keeps its word and the other's becomes a fact beside it.</summary>
public sealed class MergeLeads(IMergeStore store, ILeadWorkStore leads, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    public async Task<Result<MergePreview>> PreviewAsync(TenantId tenant, Guid winner, Guid loser, CancellationToken ct) =>
        winner == loser ? Same() : await store.PreviewAsync(tenant, winner, loser, ct) is { } preview ? preview : Unknown();

    public async Task<Result<Guid>> ExecuteAsync(TenantId tenant, Actor actor, Guid winner, Guid loser, CancellationToken ct)
    {
        if (winner == loser)
        {
            return Same();
        }

        await using var work = await works.BeginAsync(tenant, ct);

        // In the order of their ids, so that two people who merge the same two wait for each other.
        foreach (var id in new[] { winner, loser }.Order())
        {
            if (await leads.LockAsync(work, id, ct) is null)
            {
                return Unknown();
            }
        }

        var merge = await store.MergeAsync(work, winner, loser, actor.Id, time.GetUtcNow(), ct);
        await store.EnqueueAsync(work, [winner], ct);
        work.Raise(new LeadsTouched(tenant, [winner, loser]));
        work.Raise(new LeadsChanged(tenant, -1));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "leads.merged", new { winner, loser, merge }, ct);
        return merge;
    }

    public async Task<Result<Guid>> UndoAsync(TenantId tenant, Actor actor, Guid merge, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.FindAsync(work, merge, ct) is not var (winner, loser, unchanged))
        {
            return new Error(ErrorKind.NotFound, "unknown-merge", "There is no such merge, or it was taken back already.");
        }

        if (!unchanged)
        {
            return new Error(ErrorKind.Conflict, "changed-since", "The lead got new values from another source since the merge; taking it apart would lose them.");
        }

        await store.UndoAsync(work, merge, time.GetUtcNow(), ct);
        await store.EnqueueAsync(work, [winner, loser], ct);
        work.Raise(new LeadsTouched(tenant, [winner, loser]));
        work.Raise(new LeadsChanged(tenant, 1));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "merge.undone", new { winner, loser, merge }, ct);
        return loser;
    }

    private static Error Same() => new(ErrorKind.Invalid, "same-lead", "A lead cannot be merged with itself; choose another one.");

    private static Error Unknown() => new(ErrorKind.NotFound, "unknown-lead", "One of the two leads does not exist; it may have been deleted or merged.");
}
