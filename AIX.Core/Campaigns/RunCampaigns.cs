using System.Collections.Concurrent;
using System.Diagnostics;
using AIX.Core.Auditing;
using AIX.Core.Calls;
using AIX.Core.Compliance;
using AIX.Core.Enrichment;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

/// <summary>
/// Runs campaigns, on every node: takes audiences in, claims whose turn it is within pace and lines, has them called, pauses on trouble, ends what is finished. Whatever a node had claimed when it died is another's when the lease runs out;
/// an attempt that was committed is settled by the sweep of calls, never made again.
/// </summary>
public sealed class RunCampaigns(
    ICampaignStore store, ICallStore calls, AdmitAudience admit, MoveCampaign move, PlaceCall place, IFlowBook flows, ISourcePace pace, ICallGate gate, CallOptions options, CampaignOptions campaigns, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time) : IDisposable
{
    private const int AdmitSteps = 5;
    private const int DialAtOnce = 8;
    private const int KnownMost = 500;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AdmitEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HealthFor = TimeSpan.FromSeconds(2);

    private readonly CampaignTurns _turns = new(pace, options, campaigns);

    /// <summary>Attempts that are being made at the same moment: the database's connections are for those who answer the provider, too.</summary>
    private readonly SemaphoreSlim _dialAtOnce = new(DialAtOnce);
    private readonly ConcurrentDictionary<Guid, Task> _dialling = new();
    private readonly ConcurrentDictionary<Guid, Campaign> _read = new();
    private readonly ConcurrentDictionary<Guid, (PaceState State, long At)> _health = new();
    private readonly ConcurrentDictionary<Guid, long> _admitted = new();
    private readonly ConcurrentDictionary<TenantId, (RulePack Pack, long At)> _packs = new();

    /// <returns>Calls that were placed.</returns>
    public async Task<int> ExecuteAsync(CancellationToken ct)
    {
        var placed = 0;
        foreach (var active in await store.ActiveAsync(time.GetUtcNow(), ct))
        {
            if (await ReadAsync(active, ct) is { } campaign)
            {
                placed += await StepAsync(active.Tenant, campaign, CampaignPlan.Read(campaign.Plan), ct);
            }
        }

        return placed;
    }

    /// <summary>Starts the campaigns whose time has come: every minute, on one node.</summary>
    /// <returns>Campaigns that were started.</returns>
    public async Task<int> StartDueAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var started = 0;
        foreach (var due in await store.ActiveAsync(now, ct))
        {
            if (due.State == CampaignState.Scheduled && await move.ExecuteAsync(due.Tenant, due.Id, CampaignState.Scheduled, new CampaignChange { State = CampaignState.Running, StartedAt = now }, ct))
            {
                await audit.AppendAsync(due.Tenant, Actor.System, "campaign.started", new { due.Id }, ct);
                started++;
            }
        }

        return started;
    }

    /// <summary>A beat comes some times a second; a campaign changes now and then.</summary>
    private async Task<Campaign?> ReadAsync(ActiveCampaign active, CancellationToken ct)
    {
        if (_read.TryGetValue(active.Id, out var known) && active.Is(known))
        {
            return known;
        }

        if (await store.FindAsync(active.Tenant, active.Id, ct) is not { } campaign)
        {
            return null;
        }

        if (_read.Count > KnownMost)
        {
            _read.Clear();
        }

        return _read[active.Id] = campaign;
    }

    private async Task<int> StepAsync(TenantId tenant, Campaign campaign, CampaignPlan plan, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        // Once the audience is in, people add leads one by one: that is looked for now and then.
        var taking = campaign.AudienceAfter is not null || !_admitted.TryGetValue(campaign.Id, out var looked) || Stopwatch.GetElapsedTime(looked) > AdmitEvery;
        for (var (step, more) = (0, taking); step < AdmitSteps && more; step++)
        {
            more = await admit.StepAsync(tenant, campaign, plan, ct);
            campaign = campaign.AudienceAfter is null ? campaign : await store.FindAsync(tenant, campaign.Id, ct) ?? campaign;
            _admitted[campaign.Id] = Stopwatch.GetTimestamp();
        }

        if (campaign.State != CampaignState.Running)
        {
            return 0;
        }

        if (admit.RouteOf(plan) is not { } route)
        {
            await move.PauseAsync(tenant, campaign.Id, "route", ct);
            return 0;
        }

        if (!flows.IsWarm)
        {
            // Whoever is claimed before this program understands would wait for it, and all would ring at once then. Other nodes may be further.
            _ = flows.WarmAsync(ct);
            return 0;
        }

        var (claimed, turns) = await ClaimAsync(tenant, campaign, plan, route, now, ct);
        var wait = turns.Wait;
        foreach (var member in claimed)
        {
            // Not waited for: a provider that is slow to answer must not hold up those that come after.
            var dialling = TryDialAsync(tenant, campaign, plan, route, member, wait, ct);
            wait += turns.Spacing;
            _dialling[member.LeadId] = dialling;
            _ = dialling.ContinueWith(_ => _dialling.TryRemove(member.LeadId, out Task? _), TaskScheduler.Default);
        }

        return claimed.Count;
    }

    public void Dispose() => _dialAtOnce.Dispose();

    /// <summary>Waits for the attempts that this node is making.</summary>
    public Task DrainAsync() => Task.WhenAll(_dialling.Values);

    /// <summary>Hears of attempts that broke on the way; the member is free again, or its attempt is the sweep's.</summary>
    public event Action<Exception>? Failed;

    /// <param name="wait">Until the turn that was taken for it.</param>
    private async Task TryDialAsync(TenantId tenant, Campaign campaign, CampaignPlan plan, CallRoute route, Claimed member, TimeSpan wait, CancellationToken ct)
    {
        try
        {
            await Task.Delay(wait, ct);
            await _dialAtOnce.WaitAsync(ct);
            try
            {
                await DialAsync(tenant, campaign, plan, route, member, ct);
            }
            finally
            {
                _dialAtOnce.Release();
            }
        }
        catch (Exception ex) when (ex is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // The lease runs out by itself where even this does not reach the database.
            Failed?.Invoke(ex);
        }
    }

    /// <summary>As many as may ring now: lines and day first, then turns of the campaign's and of the route's bucket, then the members themselves.</summary>
    private async Task<(IReadOnlyList<Claimed> Members, Turns Turns)> ClaimAsync(TenantId tenant, Campaign campaign, CampaignPlan plan, CallRoute route, DateTimeOffset now, CancellationToken ct)
    {
        var pack = await PackAsync(tenant, ct);
        var open = pack.Countries.Where(c => CampaignClock.IsOpen(plan, c, now, options.RingSeconds)).Select(c => c.Prefix).ToList();
        var (due, active) = open.Count == 0 ? default : await store.GlanceAsync(tenant, campaign.Id, open, now, ct);
        if (!due)
        {
            await move.FinishAsync(tenant, campaign.Id, ct);
            return ([], default);
        }

        var everybody = await calls.OpenCountAsync(route.Name, ct);
        var health = await HealthAsync(tenant, campaign.Id, pack, plan, now, ct);
        if (Pacing.Trip(plan, health) is { } reason)
        {
            await move.PauseAsync(tenant, campaign.Id, reason, ct);
            return ([], default);
        }

        int Free(int going) => Pacing.Free(plan, health with { Active = going, RouteActive = everybody, Sessions = options.Sessions - everybody }, route.MaxConcurrent);

        // The turns before the transaction: who holds one connection must not ask for another.
        if (Free(active) is not (> 0 and var free) || await _turns.TakeAsync(campaign.Id, plan, route, free, ct) is not ({ Count: > 0 } turns))
        {
            return ([], default);
        }

        await using var work = await works.BeginAsync(tenant, ct);
        var claimed = await store.ClaimAsync(work, campaign.Id, open, Math.Min(turns.Count, Free(await store.ActiveCallsAsync(work, campaign.Id, ct))), now, Lease, ct);
        await work.CommitAsync(ct);
        _turns.GiveBack(campaign.Id, plan, turns.Count - claimed.Count);
        return (claimed, turns);
    }

    /// <summary>For the hours alone; the gate itself reads the rules anew with every attempt.</summary>
    private async Task<RulePack> PackAsync(TenantId tenant, CancellationToken ct)
    {
        if (_packs.TryGetValue(tenant, out var known) && Stopwatch.GetElapsedTime(known.At) < HealthFor)
        {
            return known.Pack;
        }

        await using var look = await works.BeginAsync(tenant, ct);
        var pack = await gate.PackAsync(look, ct);
        _packs[tenant] = (pack, Stopwatch.GetTimestamp());
        return pack;
    }

    /// <summary>Looked at once in two seconds, unless a limit of the day has to be met to the call.</summary>
    private async Task<PaceState> HealthAsync(TenantId tenant, Guid campaign, RulePack pack, CampaignPlan plan, DateTimeOffset now, CancellationToken ct)
    {
        if (plan.PerDay == 0 && _health.TryGetValue(campaign, out var known) && Stopwatch.GetElapsedTime(known.At) < HealthFor)
        {
            return known.State;
        }

        var home = pack.Countries[0];
        var state = await store.HealthAsync(tenant, campaign, now, TimeZoneInfo.ConvertTime(now.AddDays(-1), home.Zone), plan.PerDay == 0 ? null : home.At(home.DayOf(now), new TimeOnly(0, 0)), ct);
        _health[campaign] = (state, Stopwatch.GetTimestamp());
        return state;
    }

    private async Task DialAsync(TenantId tenant, Campaign campaign, CampaignPlan plan, CallRoute route, Claimed member, CancellationToken ct)
    {
        var flow = member.Variant == "B" && plan.FlowB.Length > 0 ? plan.FlowB : plan.Flow;
        var attempt = new CampaignAttempt(
            campaign.Id, member.Attempts + 1, member.Variant, plan.Hours, plan.VoicemailDrop,
            (work, decision) => Settle(work, campaign, plan, member, decision),
            (work, token) => store.MayDialAsync(work, campaign.Id, member.LeadId, member.Token, token));
        var request = new CallRequest(member.LeadId, flow, member.Language, CallTransport.Gather, route.Name, member.Language == "hi" && plan.PurposeHindi.Length > 0 ? plan.PurposeHindi : plan.Purpose) { Class = plan.Class, Category = plan.Category, Campaign = attempt };
        var placed = await place.ExecuteAsync(tenant, Actor.System, request, ct);
        _turns.GiveBack(campaign.Id, plan, placed.IsOk ? 0 : 1);
        switch (placed.Error?.Code)
        {
            case "campaign-rests":
                await store.ReleaseAsync(tenant, campaign.Id, member.LeadId, member.Token, ct);
                break;
            case "unknown-lead" or "unknown-flow" or "unknown-route":
                await using (var work = await works.BeginAsync(tenant, ct))
                {
                    store.Refused(work, campaign.Id, member, placed.Error.Code, null);
                    await work.CommitAsync(ct);
                }

                break;
        }
    }

    private void Settle(IUnitOfWork work, Campaign campaign, CampaignPlan plan, Claimed member, GateDecision decision)
    {
        if (decision.Allowed)
        {
            work.Raise(new CampaignChanged(campaign.TenantId, campaign.Id));
            store.Dialled(work, campaign.Id, member.LeadId, decision.At);
            return;
        }

        // What time alone will not change leaves the lead out; the rest is asked again when it may be otherwise.
        var rule = (decision.Denials.FirstOrDefault(d => d.Until is null) ?? decision.Denials[0]).Rule;
        DateTimeOffset? again = decision.Again is { } at && RulePack.Shipped.CountryOf(member.Number) is { } country ? CampaignClock.NextOpen(plan, country, at > decision.At ? at : decision.At.AddMinutes(1), options.RingSeconds) : null;

        // What broke is not the lead's fault.
        store.Refused(work, campaign.Id, member, rule, rule == "error" ? decision.At.AddMinutes(5) : again);
    }
}
