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

    /// <summary>The organisation's calendar day.</summary>
    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).DateTime);

    /// <summary>The first rule that the settings break, or null.</summary>
    public Error? Check() => this switch
    {
        { WarmThreshold: not (> 0 and < 1) } => Invalid(nameof(WarmThreshold), $"The warm threshold is {WarmThreshold}; it must lie between 0 and 1."),
        { HotThreshold: not (> 0 and < 1) } => Invalid(nameof(HotThreshold), $"The hot threshold is {HotThreshold}; it must lie between 0 and 1."),
        _ when HotThreshold <= WarmThreshold => Invalid(nameof(HotThreshold), $"The hot threshold ({HotThreshold}) must be above the warm one ({WarmThreshold})."),
        { ReviewDailyCap: < 0 or > 10_000 } => Invalid(nameof(ReviewDailyCap), $"The daily review cap is {ReviewDailyCap}; it must lie between 0 and 10,000."),
        { EnrichmentDailyBudget: < 0 or > 100_000 } => Invalid(nameof(EnrichmentDailyBudget), $"The daily budget is {EnrichmentDailyBudget}; it must lie between 0 and 100,000."),
        _ when !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _) => Invalid(nameof(TimeZone), $"The time zone “{TimeZone}” is not known; use an IANA name such as Asia/Kolkata."),
        _ => null,
    };

    private static Error Invalid(string field, string message) => new(ErrorKind.Invalid, "invalid-settings", message, field);
}
