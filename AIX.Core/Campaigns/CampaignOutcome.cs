using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using AIX.Core.Calls;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

/// <summary>Hours in which people answer; a read model.</summary>
public interface IBestHours
{
    /// <summary>Hour of the day in which people answer more often than in all hours together, beyond chance; null where no hour does.</summary>
    Task<int?> BestHourAsync(IUnitOfWork work, CancellationToken ct);
}

/// <summary>What a campaign makes of a call that has ended: the next attempt, or none; in the transaction of the end.</summary>
internal sealed class CampaignOutcome(ICampaignStore store, ICallGate gate, IBestHours hours, CallOptions options) : IAfterCall
{
    /// <summary>Times that a lead is called beyond the plan because nothing rang.</summary>
    private const int NeverRangMost = 2;

    private const int KnownMost = 500;

    private static readonly TimeSpan PackFor = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<TenantId, (RulePack Pack, long At)> _packs = new();

    /// <summary>Plans of campaigns that call: from their launch on they never change.</summary>
    private readonly ConcurrentDictionary<Guid, CampaignPlan> _plans = new();

    public async Task EndedAsync(IUnitOfWork work, Call call, Disposition outcome, DateTimeOffset now, CancellationToken ct)
    {
        if (call.CampaignId is not { } id || await PlanAsync(work, id, ct) is not { } plan)
        {
            return;
        }

        var state = call.Conversation is null ? null : JsonSerializer.Deserialize<ConversationState>(call.Conversation, PlaceCall.Json);
        var pack = await PackAsync(work, ct);
        var at = call.EndedAt ?? now;
        var next = pack.CountryOf(call.ToNumber) is { } country ? RetryPlan.Next(plan, country, new AttemptEnd(outcome, call.Attempt ?? 1, at, state?.CallbackAt), options.RingSeconds, await hours.BestHourAsync(work, ct)) : null;
        if (call is { ProviderSid: null, ErrorCode: null, State: CallState.Failed } && (call.Attempt ?? 1) <= plan.Attempts + NeverRangMost && pack.CountryOf(call.ToNumber) is { } there)
        {
            // A node died between the commit and the post: nothing rang, so the attempt is made up for.
            next = CampaignClock.NextOpen(plan, there, at, options.RingSeconds) is { } soon ? (soon, false) : next;
        }

        store.Ended(work, id, call.LeadId, outcome, at, next?.At, next?.IsCallback ?? false);
        work.Raise(new CampaignChanged(call.TenantId, id));
    }

    /// <summary>For the hour of the next attempt alone; the gate reads the rules anew before it.</summary>
    private async Task<RulePack> PackAsync(IUnitOfWork work, CancellationToken ct)
    {
        if (!_packs.TryGetValue(work.TenantId, out var known) || Stopwatch.GetElapsedTime(known.At) > PackFor)
        {
            _packs[work.TenantId] = known = (await gate.PackAsync(work, ct), Stopwatch.GetTimestamp());
        }

        return known.Pack;
    }

    private async Task<CampaignPlan?> PlanAsync(IUnitOfWork work, Guid id, CancellationToken ct)
    {
        if (!_plans.TryGetValue(id, out var plan) && await store.FindAsync(work, id, ct) is { } campaign)
        {
            if (_plans.Count > KnownMost)
            {
                _plans.Clear();
            }

            _plans[id] = plan = CampaignPlan.Read(campaign.Plan);
        }

        return plan;
    }
}
