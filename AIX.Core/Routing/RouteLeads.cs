using AIX.Core.Leads;
using AIX.Core.Review;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Routing;

/// <summary>A scored lead that waits for its band.</summary>
public sealed record LeadToRoute(Guid LeadId, long RunId, double Probability, double Low, double High)
{
    /// <summary>Attribute on which sources disagree; null when none.</summary>
    public string? Conflict { get; init; }

    /// <summary>What the challenger says; null when there is none.</summary>
    public Band? Challenger { get; init; }

    /// <summary>What the lead itself says that a deal is worth.</summary>
    public double? DealValue { get; init; }

    public Guid? OwnerId { get; init; }

    /// <summary>What rules may ask about, as text; empty where the tenant has no rules.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();
}

/// <summary>Where a lead goes.</summary>
/// <param name="Uncertain">Its interval straddles a threshold.</param>
/// <param name="DecisionValue">What a person's decision is worth, in the tenant's currency.</param>
public sealed record RoutedLead(Guid LeadId, long RunId, Band Band, bool Uncertain, double DecisionValue)
{
    /// <summary>Why a person should look; null when nobody needs to.</summary>
    public ReviewReason? Review { get; init; }

    /// <summary>Chance that a lead like this is sent to review.</summary>
    public double Propensity { get; init; } = 1;

    /// <summary>Waits for the person's word before it goes on; one that was drawn by lot does not.</summary>
    public bool Waits => Review is not null and not ReviewReason.Exploration;
}

/// <summary>Sets bands by the tenant's thresholds and finds the leads that a person should look at.</summary>
public static class RouteLeads
{
    /// <summary>A lead on the edge of warm is worth so much of one on the edge of hot.</summary>
    private const double WarmWorth = 0.6;

    public static RoutedLead[] Execute(IReadOnlyList<LeadToRoute> leads, TenantSettings settings) => [.. leads.Select(l => Route(l, settings))];

    public static Band BandOf(double probability, TenantSettings settings) => probability switch
    {
        _ when probability > settings.HotThreshold => Band.Hot,
        _ when probability > settings.WarmThreshold => Band.Warm,
        _ => Band.Cold,
    };

    /// <summary>Interval width × nearness to the nearest threshold × what the deal is worth: a narrow interval far from every threshold is worth next to nothing.</summary>
    public static double ValueOf(LeadToRoute lead, TenantSettings settings) =>
        Math.Max(Nearness(lead, settings.HotThreshold), WarmWorth * Nearness(lead, settings.WarmThreshold)) * (lead.DealValue is { } own and > 0 and < 1e12 ? own : settings.DealValue);

    private static RoutedLead Route(LeadToRoute lead, TenantSettings settings)
    {
        var band = BandOf(lead.Probability, settings);
        var straddles = Straddles(lead, settings.HotThreshold) || Straddles(lead, settings.WarmThreshold);
        ReviewReason? reason = straddles ? ReviewReason.Straddles
            : lead.Conflict is not null ? ReviewReason.Conflict
            : lead.Challenger is { } other && other != band ? ReviewReason.ModelsDisagree
            : Lot.Of(lead.LeadId) < settings.ExplorationRate ? ReviewReason.Exploration
            : null;
        return new RoutedLead(lead.LeadId, lead.RunId, band, straddles, reason is null ? 0 : ValueOf(lead, settings))
        {
            Review = reason,
            Propensity = reason == ReviewReason.Exploration ? settings.ExplorationRate : 1,
        };
    }

    private static bool Straddles(LeadToRoute lead, double threshold) => lead.Low <= threshold && lead.High > threshold;

    private static double Nearness(LeadToRoute lead, double threshold)
    {
        var width = Math.Max(lead.High - lead.Low, 1e-6);
        return width * Math.Exp(-Math.Abs(lead.Probability - threshold) / width);
    }
}
