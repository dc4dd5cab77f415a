using AIX.Core.Shared;

namespace AIX.Core.Leads;

/// <summary>Where a lead stands, locked for a change.</summary>
public sealed record Standing(Guid LeadId, LeadState State, Band? Band, double? Score, double? Low, double? High, Band? OverrideBand, double? OverrideScore, DateTimeOffset? OverrideUntil, int? ModelVersion, int? IcpVersion, Guid? OwnerId, DateTimeOffset? HotAt);

/// <summary>What people do to leads, inside a use case's transaction.</summary>
public interface ILeadWorkStore
{
    /// <summary>The lead's standing, locked; null when the tenant has no such lead.</summary>
    Task<Standing?> LockAsync(IUnitOfWork work, Guid lead, CancellationToken ct);

    /// <summary>The lead that this one was merged into; null when it was not.</summary>
    Task<Guid?> MergedIntoAsync(IUnitOfWork work, Guid lead, CancellationToken ct);

    /// <summary>Moves leads along a path of states, each step a transition of its own.</summary>
    /// <param name="from">Where all of them stand.</param>
    Task MoveAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, LeadState from, IReadOnlyList<LeadState> path, TransitionOrigin origin, Guid? actor, DateTimeOffset now, CancellationToken ct);

    /// <summary>Puts a state back as it was: no transition.</summary>
    Task RestoreStateAsync(IUnitOfWork work, Guid lead, LeadState state, DateTimeOffset? since, DateTimeOffset now, CancellationToken ct);

    Task AddOverrideAsync(IUnitOfWork work, ScoreOverride said, CancellationToken ct);

    /// <summary>Ends the override that stands, if one does.</summary>
    /// <returns>Its id.</returns>
    Task<Guid?> EndOverrideAsync(IUnitOfWork work, Guid lead, DateTimeOffset now, CancellationToken ct);

    /// <summary>Takes an override back as if it had not been said, and lets the one before stand again.</summary>
    Task RemoveOverrideAsync(IUnitOfWork work, Guid lead, Guid said, Guid? before, CancellationToken ct);

    Task AddLabelAsync(IUnitOfWork work, LeadLabel label, CancellationToken ct);

    Task RemoveLabelAsync(IUnitOfWork work, Guid label, CancellationToken ct);

    Task AddNoteAsync(IUnitOfWork work, LeadNote note, CancellationToken ct);

    /// <returns>The lead; null when there is no such note.</returns>
    Task<Guid?> RemoveNoteAsync(IUnitOfWork work, Guid note, CancellationToken ct);

    Task AddTaskAsync(IUnitOfWork work, LeadTask task, CancellationToken ct);

    /// <returns>The task with its lead; null when there is none.</returns>
    Task<LeadTask?> SetDoneAsync(IUnitOfWork work, Guid task, DateTimeOffset? doneAt, CancellationToken ct);

    /// <summary>Sets when a task that is not done is due, and forgets that it was late.</summary>
    /// <returns>The task as it was; null when there is none that is open.</returns>
    Task<LeadTask?> MoveTaskAsync(IUnitOfWork work, Guid task, DateTimeOffset due, CancellationToken ct);

    /// <summary>The lead was called: callbacks that were agreed on before the call and due by its time are done. Goes out with the commit.</summary>
    void KeepCallbacks(IUnitOfWork work, Guid lead, DateTimeOffset agreedBefore, DateTimeOffset dueBefore, DateTimeOffset now);

    /// <summary>Somebody reached out.</summary>
    Task TouchAsync(IUnitOfWork work, Guid lead, DateTimeOffset at, CancellationToken ct);

    Task AssignAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, Guid? owner, DateTimeOffset now, CancellationToken ct);

    Task SetTagAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, string tag, bool on, CancellationToken ct);
}
