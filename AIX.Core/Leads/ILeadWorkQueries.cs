namespace AIX.Core.Leads;

public sealed record NoteRow(Guid Id, string Text, bool IsTouch, string? Author, DateTimeOffset At);

public sealed record TaskRow(Guid Id, Guid LeadId, string? LeadName, TaskKind Kind, string Title, DateTimeOffset DueAt, string? Owner, DateTimeOffset? DoneAt);

public sealed record OverrideRow(Guid Id, Band Band, double? Probability, string Reason, string? Text, string? Author, DateTimeOffset At, DateTimeOffset? Until, DateTimeOffset? EndedAt);

public sealed record TransitionRow(LeadState From, LeadState To, TransitionOrigin Origin, string? Actor, Guid? OutcomeId, DateTimeOffset At);

/// <summary>A lead that may be the same person.</summary>
/// <param name="Why"><c>phone</c>, <c>email</c>, <c>name</c>: what the two share.</param>
public sealed record DuplicateRow(Guid Id, string Name, string? Company, string? Email, string? Phone, double? Score, IReadOnlyList<string> Why);

/// <summary>A merge that can still be taken back.</summary>
public sealed record MergeRow(Guid Id, string LoserName, string? Actor, DateTimeOffset At);

/// <summary>Everything that people did to one lead.</summary>
public sealed record LeadWork(IReadOnlyList<NoteRow> Notes, IReadOnlyList<TaskRow> Tasks, IReadOnlyList<OverrideRow> Overrides, IReadOnlyList<TransitionRow> Transitions, IReadOnlyList<MergeRow> Merges, IReadOnlyList<DuplicateRow> Duplicates);

public interface ILeadWorkQueries
{
    Task<LeadWork> OfAsync(Guid lead, CancellationToken ct);

    /// <summary>Open tasks of a person, the most urgent first.</summary>
    Task<IReadOnlyList<TaskRow>> TasksAsync(Guid owner, int limit, CancellationToken ct);
}
