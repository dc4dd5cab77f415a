using AIX.Core.Shared;

namespace AIX.Core.Leads;

public enum LeadSort
{
    ScoreDescending,
    ScoreAscending,
    NameAscending,
    NameDescending,
    CreatedDescending,
    CreatedAscending,
    CompanyAscending,
    CompanyDescending,
    NextAscending,
    NextDescending,
    TouchedDescending,
    TouchedAscending,
}

public enum FactOperator
{
    Is,
    IsNot,
    Contains,
    AtLeast,
    AtMost,
    IsKnown,
    IsUnknown,
}

/// <summary>A condition on anything that is known of a lead: a field, a value of its own, or what a source found.</summary>
/// <param name="Attribute">Field or attribute, as the lead's page names it.</param>
/// <param name="Value">Compared without regard to case; as a number for <see cref="FactOperator.AtLeast"/> and <see cref="FactOperator.AtMost"/>.</param>
public sealed record FactCondition(string Attribute, FactOperator Operator, string Value = "");

/// <summary>Which leads to list. Saved views and bulk work keep it as JSON.</summary>
/// <param name="Query">Part of name, company, e-mail, phone or external id.</param>
/// <param name="Cursor">From the page before; opaque.</param>
/// <param name="Limit">1 to 200.</param>
public sealed record LeadFilter(Band? Band = null, bool? Uncertain = null, string? Query = null, LeadSort Sort = LeadSort.ScoreDescending, string? Cursor = null, int Limit = 50, Guid? ImportId = null)
{
    /// <summary>Decides among leads that the first order holds for equal.</summary>
    public LeadSort? Then { get; init; }

    public LeadState? State { get; init; }

    public Guid? OwnerId { get; init; }

    /// <summary>Only leads that nobody owns.</summary>
    public bool Unowned { get; init; }

    public string? Tag { get; init; }

    /// <summary>Least probability, the person's word before the model's.</summary>
    public double? ScoreFrom { get; init; }

    public double? ScoreTo { get; init; }

    /// <summary>Part of it, without regard to case; as are city, country and title.</summary>
    public string? Company { get; init; }

    public string? City { get; init; }

    public string? Country { get; init; }

    public string? Title { get; init; }

    public bool InReview { get; init; }

    public bool Overridden { get; init; }

    /// <summary>Only leads with an open task that is due by then.</summary>
    public DateTimeOffset? DueBy { get; init; }

    public DateTimeOffset? ReceivedFrom { get; init; }

    public DateTimeOffset? ReceivedTo { get; init; }

    /// <summary>Leads about which all of these hold.</summary>
    public IReadOnlyList<FactCondition>? Facts { get; init; }

    /// <summary>Leaves out who was contacted after this.</summary>
    public DateTimeOffset? TouchedBefore { get; init; }

    public string? WithoutTag { get; init; }

    /// <summary>Only leads that were called in this hour of the week in India: weekday (0 is Monday) and hour with a dash, <c>0-17</c>.</summary>
    public string? Called { get; init; }

    /// <summary>Only these; for work on chosen rows.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>Asks for fewer than all leads.</summary>
    public bool Narrows => this with { Sort = default, Then = null, Cursor = null, Limit = 50 } != new LeadFilter();
}

/// <summary>A row of the lead table.</summary>
public sealed record LeadRow(
    Guid Id, string? Name, string? Company, string? City, string? Title, string? Country, LeadState State, Band? Band, double? Score, double? Low, double? High, bool Uncertain,
    string? TopReason, int? ModelVersion, int? IcpVersion, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string? Email, string? Phone, string? ExternalId)
{
    /// <summary>A person's word in the place of the band; null when none stands.</summary>
    public Band? OverrideBand { get; init; }

    public double? OverrideScore { get; init; }

    public DateTimeOffset? OverrideUntil { get; init; }

    /// <summary>What lists show: the person's word, else the model's.</summary>
    public Band? ShownBand => OverrideBand ?? Band;

    public Guid? OwnerId { get; init; }

    public string? OwnerName { get; init; }

    public bool InReview { get; init; }

    public string? NextTitle { get; init; }

    public TaskKind? NextKind { get; init; }

    public DateTimeOffset? NextDueAt { get; init; }

    public DateTimeOffset? TouchedAt { get; init; }

    public DateTimeOffset? HotAt { get; init; }

    public DateTimeOffset? FirstTouchAt { get; init; }

    /// <summary>Score of the same model about a week ago, for the trend; null when there is none.</summary>
    public double? WeekAgo { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Language { get; init; }
}

/// <summary>How many leads there are; counted up to 10,001.</summary>
public sealed record LeadCounts(int All, int Hot, int Warm, int Cold, int Uncertain);

/// <summary>A lead that a search found.</summary>
public sealed record LeadHit(Guid Id, string Name, string? Company, string? City, Band? Band, double? Score, bool Uncertain, bool Overridden);

public interface ILeadQueries
{
    Task<Result<Page<LeadRow>>> ListAsync(LeadFilter filter, CancellationToken ct);

    /// <summary>Rows by id, for live updates; unknown ids are left out.</summary>
    Task<IReadOnlyList<LeadRow>> RowsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct);

    /// <summary>The same for pages that hear of a change: those that hear of the same one share one answer.</summary>
    Task<IReadOnlyList<LeadRow>> LiveRowsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct);

    Task<LeadCounts> CountsAsync(CancellationToken ct);

    /// <summary>How many leads the filter names, counted up to 10,001.</summary>
    Task<int> CountAsync(LeadFilter filter, CancellationToken ct);

    /// <summary>The best few by part of a name, company, e-mail, phone or external id.</summary>
    Task<IReadOnlyList<LeadHit>> SearchAsync(string text, int limit, CancellationToken ct);

    /// <summary>The lead that this one was merged into; null when it was not.</summary>
    Task<Guid?> MergedIntoAsync(Guid lead, CancellationToken ct);

    /// <summary>All tags of the tenant, the commonest first.</summary>
    Task<IReadOnlyList<string>> TagsAsync(CancellationToken ct);
}
