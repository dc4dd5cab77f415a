using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Review;

/// <summary>A tab of the queue.</summary>
public enum ReviewTab
{
    Pending,
    Drafts,
    Done,
    Discarded,
}

/// <summary>Who asks, and what they may see: managers also see escalated items and those to adjudicate.</summary>
public sealed record Reviewer(Guid UserId, bool IsManager);

/// <summary>A row of the queue.</summary>
/// <param name="HolderName">Who has it on screen, when that is somebody else.</param>
public sealed record ReviewRow(
    Guid LeadId, string Name, string? Company, string? City, Band? Band, double? Score, double? Low, double? High, bool Uncertain, ReviewReason Reason, ReviewRound Round, string? Conflict, double DecisionValue,
    DateTimeOffset CreatedAt, Guid? HolderId, string? HolderName, DateTimeOffset? HeldUntil, DateTimeOffset? PostponedUntil, bool Escalated, string? Note, string? SentBy)
{
    /// <summary>Whose score it is; null where the lead has none.</summary>
    public int? ModelVersion { get; init; }

    public int? IcpVersion { get; init; }

    /// <summary>What a decision made on this row was made on.</summary>
    public Seen Seen => new(Score, Low, High, Band, ModelVersion, IcpVersion);
}

/// <summary>A decision as the done and discarded tabs show it.</summary>
public sealed record DecidedRow(Guid DecisionId, Guid LeadId, string Name, string? Company, DecisionKind Kind, Band? SeenBand, Band? Band, double? Probability, string? Reason, DateTimeOffset At, string Reviewer, bool Undone);

/// <summary>A decision as the lead's timeline shows it, with what was seen.</summary>
public sealed record LeadDecision(Guid Id, DecisionKind Kind, ReviewRound Round, Band? Band, double? Probability, string? Reason, string? Text, string? Attribute, string? RightValue, double? SeenScore, double? SeenLow, double? SeenHigh, int? SeenModel, string? Reviewer, DateTimeOffset At, bool Undone);

/// <summary>How far today's work is.</summary>
/// <param name="Free">Pending items that the reviewer could take now.</param>
/// <param name="Held">Pending items that others have on screen.</param>
/// <param name="MedianSeconds">From shown to decided, of the reviewer's decisions of today; null before the first.</param>
public sealed record ReviewProgress(int Free, int Held, int Postponed, int Drafts, int DoneByMe, int DiscardedByMe, int DoneByTeam, double? MedianSeconds, DateTimeOffset? NextFreeAt, IReadOnlyList<(string Name, int Items)> Holders);

/// <summary>Two reviewers' answers about one lead.</summary>
public sealed record DoubleReview(Guid First, string FirstName, Guid Second, string SecondName, Band FirstBand, Band SecondBand, bool FirstFlagged, bool SecondFlagged);

/// <summary>Items, leases, decisions and drafts of the queue.</summary>
public interface IReviewStore
{
    /// <summary>Leases the most valuable free items, at most <paramref name="count"/> beside those that the reviewer holds already. No item has two holders.</summary>
    Task<IReadOnlyList<ReviewRow>> ClaimAsync(TenantId tenant, Reviewer reviewer, int count, TimeSpan lease, IReadOnlyCollection<Guid> but, CancellationToken ct);

    /// <summary>Leases one item; null when it is not in the queue.</summary>
    /// <returns>The row; its holder is somebody else when it was not free.</returns>
    Task<ReviewRow?> TakeAsync(TenantId tenant, Reviewer reviewer, Guid lead, TimeSpan lease, CancellationToken ct);

    /// <returns>Leads whose lease still was the reviewer's, and goes on.</returns>
    Task<IReadOnlyList<Guid>> HeartbeatAsync(TenantId tenant, Guid reviewer, IReadOnlyCollection<Guid> leads, TimeSpan lease, CancellationToken ct);

    /// <summary>Frees what the reviewer holds: the given leads, or all.</summary>
    Task ReleaseAsync(TenantId tenant, Guid reviewer, IReadOnlyCollection<Guid>? leads, CancellationToken ct);

    /// <summary>Takes a lease away from whoever has it.</summary>
    /// <returns>The holder; null when nobody had it.</returns>
    Task<Guid?> BreakAsync(TenantId tenant, Guid lead, CancellationToken ct);

    Task<IReadOnlyList<ReviewRow>> PendingAsync(TenantId tenant, Reviewer reviewer, int limit, bool drafts, CancellationToken ct);

    Task<IReadOnlyList<DecidedRow>> DecidedAsync(TenantId tenant, Guid? reviewer, bool discarded, int limit, CancellationToken ct);

    /// <summary>Every decision about one lead, the newest first.</summary>
    Task<IReadOnlyList<LeadDecision>> OfLeadAsync(TenantId tenant, Guid lead, CancellationToken ct);

    Task<ReviewProgress> ProgressAsync(TenantId tenant, Reviewer reviewer, DateTimeOffset since, CancellationToken ct);

    /// <summary>Items that wait for a decision now, held or not; remembered for a moment, because every open page shows it.</summary>
    Task<int> WaitingAsync(TenantId tenant, bool isManager, CancellationToken ct);

    Task<string?> DraftAsync(TenantId tenant, Guid reviewer, Guid lead, CancellationToken ct);

    /// <param name="content">JSON; null deletes the draft.</param>
    Task SaveDraftAsync(TenantId tenant, Guid reviewer, Guid lead, string? content, CancellationToken ct);

    /// <summary>Answers of all leads that two people looked at since.</summary>
    Task<IReadOnlyList<DoubleReview>> DoubleReviewsAsync(TenantId tenant, DateTimeOffset since, CancellationToken ct);

    // ── inside a decision's transaction ──

    /// <summary>The item, locked; null when it is not in the queue.</summary>
    Task<ReviewItem?> LockAsync(IUnitOfWork work, Guid lead, CancellationToken ct);

    Task<ReviewDecision?> FindAsync(IUnitOfWork work, Guid decision, CancellationToken ct);

    /// <summary>The reviewer's newest decision that is not undone, among the last ten.</summary>
    Task<ReviewDecision?> LastAsync(IUnitOfWork work, Guid reviewer, CancellationToken ct);

    Task AddAsync(IUnitOfWork work, ReviewDecision decision, CancellationToken ct);

    Task MarkUndoneAsync(IUnitOfWork work, Guid decision, DateTimeOffset at, CancellationToken ct);

    Task RemoveAsync(IUnitOfWork work, Guid lead, CancellationToken ct);

    /// <summary>Writes the item as it is to be from now on, free of any holder: as JSON of its row, so that undo restores exactly what was.</summary>
    Task RestoreAsync(IUnitOfWork work, string row, CancellationToken ct);

    /// <summary>The item's row as JSON.</summary>
    Task<string> ImageAsync(IUnitOfWork work, Guid lead, CancellationToken ct);

    Task PostponeAsync(IUnitOfWork work, Guid lead, DateTimeOffset until, CancellationToken ct);

    Task EscalateAsync(IUnitOfWork work, Guid lead, DateTimeOffset at, CancellationToken ct);

    /// <summary>Asks for the next look by somebody else.</summary>
    Task NextRoundAsync(IUnitOfWork work, Guid lead, ReviewRound round, Guid decision, Guid reviewer, CancellationToken ct);

    /// <summary>Puts a lead into the queue by hand; one that is there keeps its place and becomes more urgent.</summary>
    /// <returns>Leads that came in.</returns>
    Task<IReadOnlyList<Guid>> SendAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, Guid? sender, string? note, double value, DateOnly day, DateTimeOffset now, CancellationToken ct);

    /// <summary>Managers of the tenant.</summary>
    Task<IReadOnlyList<Guid>> ManagersAsync(IUnitOfWork work, CancellationToken ct);
}
