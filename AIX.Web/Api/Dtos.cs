using System.Globalization;
using System.Text.Json;
using AIX.Core.Enrichment;
using AIX.Core.Leads;
using AIX.Core.Leads.Intake;
using AIX.Core.Scoring;
using AIX.Core.Shared;

namespace AIX.Web.Api;

/// <summary>95 % interval of a score.</summary>
public sealed record IntervalDto(double Low, double High);

/// <summary>A lead in a list.</summary>
public sealed record LeadSummaryDto(
    Guid Id, string? Name, string? Email, string? Phone, string? Company, string? City, string? Country, string? ExternalId, Band? Band, LeadState State, double? Score, IntervalDto? Interval,
    bool Uncertain, string? TopReason, int? ModelVersion, int? IcpVersion, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>A person's word in the place of the band; null when none stands.</summary>
    public Band? OverrideBand { get; init; }

    /// <summary>Waits for a person's decision.</summary>
    public bool InReview { get; init; }

    public Guid? OwnerId { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];
}

/// <summary>What a feature adds to the log-odds.</summary>
public sealed record ContributionDto(string Feature, string Group, string? Value, double Logit, IReadOnlyList<Guid> FactIds);

public sealed record FactDto(Guid Id, string Attribute, string Value, string Source, DateTimeOffset FetchedAt, double Reliability, bool Superseded, string Method, string? Url = null);

public sealed record HistoryDto(DateTimeOffset At, string Kind, string? Text, double? Score, IntervalDto? Interval, int? ModelVersion, int? IcpVersion);

/// <summary>A lead with everything known of it. <c>baseLogit</c> plus all contributions is the score's log-odds exactly.</summary>
public sealed record LeadDto(
    Guid Id, string? Name, string? Email, string? Phone, string? Company, string? ExternalId, Band? Band, LeadState State, double? Score, IntervalDto? Interval, bool Uncertain,
    int? ModelVersion, int? IcpVersion, double? BaseLogit, IReadOnlyList<ContributionDto> Contributions, IReadOnlyList<RationaleLine> Rationale, IReadOnlyList<FactDto> Facts,
    IReadOnlyList<FusedValue> Disagreements, JsonElement Attributes, IReadOnlyList<HistoryDto> History)
{
    /// <summary>Unknown features and by how much each widens the interval, in probability.</summary>
    public IReadOnlyList<UnknownFeature> Unknown { get; init; } = [];

    /// <summary>The company that the lead is held to work at, with the plan of sources asked about it; null when nothing tells it.</summary>
    public CompanyDetail? AtCompany { get; init; }
}

public sealed record PageDto<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>What became of one item of an intake call.</summary>
public sealed record IntakeItemDto(int Index, IntakeStatus Status, Guid? LeadId, IReadOnlyList<FieldError> Errors);

public sealed record IntakeDto(int Accepted, int Duplicates, int Rejected, IReadOnlyList<IntakeItemDto> Items);

public sealed record ImportDto(
    Guid Id, ImportState State, int Rows, int Accepted, int Duplicates, int Rejected, int Scored, int Flagged, string FileName, string? Failure, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt);

/// <summary>An outcome to record.</summary>
/// <param name="Outcome"><c>won</c> or <c>lost</c>.</param>
/// <param name="OccurredAt">When; now if absent.</param>
public sealed record OutcomeRequest(string? Outcome, DateTimeOffset? OccurredAt, decimal? Amount, string? Currency, string? LostReason);

/// <summary>A reviewer's judgement to record.</summary>
/// <param name="Good">Whether a customer is expected.</param>
/// <param name="Confidence">Above 0, at most 1; 1 if absent.</param>
public sealed record LabelRequest(bool? Good, double? Confidence, string? Reason);

/// <summary>How columns go; columns not named follow the suggestion.</summary>
/// <param name="Columns">Header → standard field (<c>email</c>, <c>externalId</c>, …), <c>attribute</c> or <c>ignore</c>.</param>
/// <param name="Rules">Field or attribute → <c>fillIfBlank</c>, <c>overwrite</c> or <c>keep</c>.</param>
public sealed record MappingRequest(Dictionary<string, string>? Columns, Dictionary<string, CollisionRule>? Rules, string? Delimiter, string? Encoding, bool? HasHeader, bool? DayFirst);

internal static class DtoMapping
{
    public static LeadSummaryDto Summary(LeadRow l, CultureInfo culture) => new(
        l.Id, l.Name, l.Email, l.Phone, l.Company, l.City, l.Country, l.ExternalId, l.Band, l.State, l.Score, Interval(l.Low, l.High), l.Uncertain,
        RationaleWriter.TopReason(l.TopReason, culture), l.ModelVersion, l.IcpVersion, l.CreatedAt, l.UpdatedAt)
    {
        OverrideBand = l.OverrideBand,
        InReview = l.InReview,
        OwnerId = l.OwnerId,
        Tags = l.Tags,
    };

    public static LeadDto Detail(LeadDetail d, CultureInfo culture, DateTimeOffset now)
    {
        var l = d.Lead;
        return new LeadDto(
            l.Id, l.Name, l.Email, l.Phone, l.Company, l.ExternalId, l.Band, l.State, l.Score, Interval(l.Low, l.High), l.Uncertain, l.ModelVersion, l.IcpVersion, d.Ledger?.BaseLogit,
            [.. (d.Ledger?.Contributions ?? []).Select(c => new ContributionDto(c.Feature, c.Group, c.Shown, c.Logit, c.FactIds))],
            d.Ledger is null ? [] : RationaleWriter.Write(d.Ledger, d.Facts, culture),
            [.. d.Facts.Select(f => new FactDto(f.Id, f.Attribute, f.Value, f.Source, f.FetchedAt, f.Reliability, f.Superseded, f.Method, f.Url))],
            d.Disagreements(now),
            d.Attributes,
            [.. d.History.Select(h => new HistoryDto(h.At, h.Kind, h.Text, h.Score, Interval(h.Low, h.High), h.ModelVersion, h.IcpVersion))])
        { Unknown = d.Unknown, AtCompany = d.Company };
    }

    public static IntakeDto Intake(IReadOnlyList<IntakeItem> items) => new(
        items.Count(i => i.Status == IntakeStatus.Accepted), items.Count(i => i.Status == IntakeStatus.Duplicate), items.Count(i => i.Status == IntakeStatus.Rejected),
        [.. items.Select(i => new IntakeItemDto(i.Index, i.Status, i.LeadId, i.Errors))]);

    public static ImportDto Import(ImportProgress i) => new(i.Id, i.State, i.Rows, i.Accepted, i.Duplicates, i.Rejected, i.Scored, i.Flagged, i.FileName, i.Failure, i.CreatedAt, i.EndedAt);

    public static PageDto<TOut> Page<TIn, TOut>(Page<TIn> page, Func<TIn, TOut> map) => new([.. page.Items.Select(map)], page.NextCursor);

    private static IntervalDto? Interval(double? low, double? high) => low is { } l && high is { } h ? new IntervalDto(l, h) : null;
}
