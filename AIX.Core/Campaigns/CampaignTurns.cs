using System.Collections.Concurrent;
using AIX.Core.Calls;
using AIX.Core.Enrichment;

namespace AIX.Core.Campaigns;

/// <summary>When the members that are claimed next may ring.</summary>
/// <param name="Count">How many.</param>
/// <param name="Wait">Until the first.</param>
/// <param name="Spacing">From one to the next.</param>
internal readonly record struct Turns(int Count, TimeSpan Wait, TimeSpan Spacing);

/// <summary>
/// Turns of a campaign's bucket and of its route's, over all nodes. They are taken some beats ahead and each is used at its time, so that a beat that comes late, on a busy machine, leaves none unused; and those of which nobody was called,
/// because the gate or a pause came between, go to the members that this node claims next.
/// </summary>
internal sealed class CampaignTurns(ISourcePace pace, CallOptions calls, CampaignOptions campaigns)
{
    private const int BeatsAhead = 3;

    private readonly ConcurrentDictionary<Guid, int> _unused = new();

    private TimeSpan Ahead => TimeSpan.FromMilliseconds(BeatsAhead * campaigns.BeatMilliseconds);

    /// <param name="wanted">Lines that are free.</param>
    public async Task<Turns> TakeAsync(Guid campaign, CampaignPlan plan, CallRoute route, int wanted, CancellationToken ct)
    {
        var left = _unused.TryRemove(campaign, out var unused) ? Math.Min(unused, wanted) : 0;
        GiveBack(campaign, plan, unused - left);
        var (mine, wait) = wanted == left ? default : await pace.TakeWithinAsync($"campaign:{campaign}", RateOf(plan), wanted - left, Ahead, ct);
        var (shared, also) = mine == 0 ? (0, wait) : await pace.TakeWithinAsync(route.Bucket, route.CallsPerSecond * calls.ClockSpeed, mine, Ahead, ct);
        return new Turns(left + shared, left > 0 ? default : wait > also ? wait : also, TimeSpan.FromSeconds(1 / Math.Min(RateOf(plan), route.CallsPerSecond * calls.ClockSpeed)));
    }

    /// <summary>Keeps turns of which nobody was called. No more than could be taken ahead: what a pause left must not ring all at once.</summary>
    public void GiveBack(Guid campaign, CampaignPlan plan, int turns)
    {
        if (turns > 0)
        {
            var most = 1 + (int)(RateOf(plan) * Ahead.TotalSeconds);
            _unused.AddOrUpdate(campaign, Math.Min(turns, most), (_, before) => Math.Min(before + turns, most));
        }
    }

    private double RateOf(CampaignPlan plan) => plan.CallsPerSecond * calls.ClockSpeed;
}
