namespace AIX.Core.Campaigns;

/// <summary>What limits the next calls, as the dispatcher and the pre-flight see it.</summary>
/// <param name="Active">Calls of the campaign that go on, and members that a node has claimed.</param>
/// <param name="RouteActive">Calls on the route, of everybody.</param>
/// <param name="Sessions">Conversations that the installation can still hold.</param>
/// <param name="Today">Calls that the campaign placed in its day.</param>
/// <param name="Recent">Calls that ended in the last two minutes.</param>
/// <param name="RecentFailed">Those of them that the provider failed; busy and no answer are none.</param>
/// <param name="Answered">Calls answered by people in the last day.</param>
/// <param name="Abandoned">Those of them that nobody spoke to.</param>
public sealed record PaceState(int Active, int RouteActive, int Sessions, int Today, int Recent, int RecentFailed, int Answered, int Abandoned);

/// <summary>Progressive pacing: never more calls than could be answered. n = min(rate, campaign's lines, route's lines, sessions, rest of the day).</summary>
public static class Pacing
{
    /// <summary>Calls that must have ended before failures open the breaker.</summary>
    public const int BreakerLeast = 5;

    /// <summary>Answered calls before the share of dropped ones is believed.</summary>
    public const int AbandonLeast = 50;

    /// <summary>Why the campaign has to pause; null when it has not.</summary>
    public static string? Trip(CampaignPlan plan, PaceState state) => state switch
    {
        { Recent: >= BreakerLeast } when state.RecentFailed >= plan.BreakerShare * state.Recent => "breaker",
        { Answered: >= AbandonLeast } when state.Abandoned >= plan.AbandonCap * state.Answered => "abandoned",
        _ => null,
    };

    /// <summary>Lines that are free now; what the rate allows of them is the token bucket's to say.</summary>
    public static int Free(CampaignPlan plan, PaceState state, int routeLimit)
    {
        var free = Math.Min(plan.AtOnce - state.Active, Math.Min(routeLimit - state.RouteActive, state.Sessions));
        return Math.Max(0, plan.PerDay > 0 ? Math.Min(free, plan.PerDay - state.Today) : free);
    }
}
