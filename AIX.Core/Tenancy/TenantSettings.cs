using AIX.Core.Shared;

namespace AIX.Core.Tenancy;

/// <summary>What an admin may set for the organisation. Immutable; a change replaces it whole.</summary>
public sealed record TenantSettings
{
    /// <summary>A lead is hot above this probability, in (WarmThreshold, 1).</summary>
    public double HotThreshold { get; init; } = 0.85;

    /// <summary>A lead is warm above this probability and at most <see cref="HotThreshold"/>, in (0, HotThreshold).</summary>
    public double WarmThreshold { get; init; } = 0.5;

    /// <summary>How many uncertain leads go to human review per day, 0 to 10,000; the most valuable decisions win.</summary>
    public int ReviewDailyCap { get; init; } = 200;

    /// <summary>ISO 3166-1 alpha-2; numbers without a country code are read as of here.</summary>
    public string DefaultRegion { get; init; } = "IN";

    /// <summary>IANA zone for the times on screen.</summary>
    public string TimeZone { get; init; } = "Asia/Kolkata";

    /// <summary>Whether the weights that models learned here for the profile's sub-scores may help other organisations that share theirs, and theirs help here. No lead, text or outcome leaves.</summary>
    public bool SharesPrior { get; init; }

    /// <summary>What sources with a price may cost in a calendar day, 0 to 100,000 in the currency of their prices; 0 asks the free ones only.</summary>
    public decimal EnrichmentDailyBudget { get; init; }

    /// <summary>What a won deal is worth on average, 1 to 1,000,000,000 in <see cref="Currency"/>; a lead's own number <c>dealValue</c> goes before it.</summary>
    public double DealValue { get; init; } = 100_000;

    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = "INR";

    /// <summary>Share of new leads that is sent to review by lot, 0 to 0.5: what models learn from where they are sure.</summary>
    public double ExplorationRate { get; init; } = 0.03;

    /// <summary>Share of decisions that a second reviewer looks at without seeing the first, 0 to 1.</summary>
    public double SecondReviewRate { get; init; } = 0.1;

    /// <summary>Minutes within which a hot lead should be reached, 1 to 10,080.</summary>
    public int SpeedGoalMinutes { get; init; } = 5;

    /// <summary>The organisation's calendar day.</summary>
    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).DateTime);

    /// <summary>The first rule that the settings break, or null.</summary>
    public Error? Check() => this switch
    {
        { WarmThreshold: not (> 0 and < 1) } => Invalid(nameof(WarmThreshold), $"The warm threshold is {WarmThreshold}; it must lie between 0 and 1."),
        { HotThreshold: not (> 0 and < 1) } => Invalid(nameof(HotThreshold), $"The hot threshold is {HotThreshold}; it must lie between 0 and 1."),
        _ when HotThreshold <= WarmThreshold => Invalid(nameof(HotThreshold), $"The hot threshold ({HotThreshold}) must be above the warm one ({WarmThreshold})."),
        { ReviewDailyCap: < 0 or > 10_000 } => Invalid(nameof(ReviewDailyCap), $"The daily review cap is {ReviewDailyCap}; it must lie between 0 and 10,000."),
        { DealValue: not (>= 1 and <= 1e9) } => Invalid(nameof(DealValue), $"The value of a deal is {DealValue}; it must lie between 1 and 1,000,000,000."),
        _ when Currency.Length != 3 || !Currency.All(char.IsAsciiLetterUpper) => Invalid(nameof(Currency), $"The currency is “{Currency}”; use three letters such as INR."),
        { ExplorationRate: not (>= 0 and <= 0.5) } => Invalid(nameof(ExplorationRate), $"The share drawn by lot is {ExplorationRate}; it must lie between 0 and 0.5."),
        { SecondReviewRate: not (>= 0 and <= 1) } => Invalid(nameof(SecondReviewRate), $"The share of second reviews is {SecondReviewRate}; it must lie between 0 and 1."),
        { SpeedGoalMinutes: < 1 or > 10_080 } => Invalid(nameof(SpeedGoalMinutes), $"The goal for reaching hot leads is {SpeedGoalMinutes} minutes; it must lie between 1 and 10,080."),
        { EnrichmentDailyBudget: < 0 or > 100_000 } => Invalid(nameof(EnrichmentDailyBudget), $"The daily budget is {EnrichmentDailyBudget}; it must lie between 0 and 100,000."),
        _ when !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _) => Invalid(nameof(TimeZone), $"The time zone “{TimeZone}” is not known; use an IANA name such as Asia/Kolkata."),
        _ => null,
    };

    private static Error Invalid(string field, string message) => new(ErrorKind.Invalid, "invalid-settings", message, field);
}
