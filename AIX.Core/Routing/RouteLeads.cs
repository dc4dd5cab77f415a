using AIX.Core.Leads;
using AIX.Core.Tenancy;

namespace AIX.Core.Routing;

/// <summary>A scored lead that waits for its band.</summary>
public sealed record LeadToRoute(Guid LeadId, long RunId, double Probability, double Low, double High);

/// <summary>Where a lead goes.</summary>
/// <param name="Uncertain">Its interval straddles a threshold.</param>
/// <param name="DecisionValue">What a person's decision is worth, for the review queue: interval width, weighed by how near the score is to the
/// threshold that it straddles; 0 for a certain lead.</param>
public sealed record RoutedLead(Guid LeadId, long RunId, Band Band, bool Uncertain, double DecisionValue);

/// <summary>Sets bands by the tenant's thresholds and finds the leads whose interval straddles one.</summary>
public static class RouteLeads
{
    public static RoutedLead[] Execute(IReadOnlyList<LeadToRoute> leads, TenantSettings settings) => [.. leads.Select(l => Route(l, settings))];

    public static Band BandOf(double probability, TenantSettings settings) => probability switch
    {
        _ when probability > settings.HotThreshold => Band.Hot,
        _ when probability > settings.WarmThreshold => Band.Warm,
        _ => Band.Cold,
    };

    private static RoutedLead Route(LeadToRoute lead, TenantSettings settings)
    {
        var value = Math.Max(Value(lead, settings.HotThreshold, 1.0), Value(lead, settings.WarmThreshold, 0.6));
        return new RoutedLead(lead.LeadId, lead.RunId, BandOf(lead.Probability, settings), value > 0, value);
    }

    /// <summary>Width × nearness × worth of the band above: a lead on the edge of hot is worth more than one on the edge of warm.</summary>
    private static double Value(LeadToRoute lead, double threshold, double worth)
    {
        if (lead.Low > threshold || lead.High <= threshold)
        {
            return 0;
        }

        var width = lead.High - lead.Low;
        var distance = Math.Abs(lead.Probability - threshold);
        return worth * width * (1 - distance / (width + 1e-12));
    }
}
