using AIX.Core.Calls;
using AIX.Core.Compliance;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

/// <summary>Takes picked leads into the audience, a thousand in one transaction: each is looked at by the gate, and its decision is on record.</summary>
public sealed class AdmitAudience(ICampaignStore store, AudienceLimit limit, MoveCampaign move, IContactHistory history, ICallGate gate, ITelephony telephony, CallOptions options, IUnitOfWorkFactory works, TimeProvider time)
{
    private const int Chunk = 1_000;

    /// <summary>Days after which a lead counts half as fresh.</summary>
    private const double HalfFresh = 30;

    /// <returns>False when nothing is left to admit.</returns>
    public async Task<bool> StepAsync(TenantId tenant, Campaign campaign, CampaignPlan plan, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var work = await works.BeginAsync(tenant, ct);
        var named = campaign.AudienceAfter is { } after ? await PickAsync(work, campaign, plan, after, now, ct) : 0;
        var candidates = await store.CandidatesAsync(work, campaign.Id, Chunk, ct);
        if (candidates.Count == 0 && named == 0)
        {
            // That all are in is news too.
            await work.CommitAsync(ct);
            return false;
        }

        var route = RouteOf(plan);
        var pack = await gate.PackAsync(work, ct);
        var facts = await history.OfAsync(work, [.. candidates.Select(c => c.Number).OfType<string>()], ContactChannel.Voice, now, [], ct);
        var admissions = new List<Admission>(candidates.Count);
        var records = new List<GateRecord>(candidates.Count);
        foreach (var candidate in candidates)
        {
            var (admission, intent, decision) = Look(campaign.Id, plan, candidate, facts.GetValueOrDefault(candidate.Number ?? "") ?? ContactFacts.None, pack, route, tenant, options.RingSeconds, now);
            admissions.Add(admission);
            if (decision is not null)
            {
                records.Add(CallGate.RecordOf(tenant, intent, decision, GateStage.Audience, null, campaign.Id));
            }
        }

        await store.AdmitAsync(work, campaign.Id, admissions, now, ct);
        history.Record(work, records);
        work.Raise(new CampaignChanged(tenant, campaign.Id));
        await work.CommitAsync(ct);
        return true;
    }

    /// <summary>What the campaign does with a lead: the pre-flight asks the very same.</summary>
    internal static (Admission Admission, ContactIntent Intent, GateDecision? Decision) Look(Guid campaign, CampaignPlan plan, Candidate candidate, ContactFacts facts, RulePack pack, CallRoute? route, TenantId tenant, int ringSeconds, DateTimeOffset now)
    {
        var number = candidate.Number ?? "";
        var intent = IntentOf(plan, candidate.LeadId, number, route, tenant, ringSeconds);
        var country = pack.CountryOf(number);
        Admission As(MemberState state, DateTimeOffset? next, string? rule) => new(
            candidate.LeadId, state, number, country?.Prefix ?? "", LanguageOf(plan, candidate), VariantOf(campaign, plan, candidate.LeadId), PriorityOf(candidate, now), next, rule);
        if (candidate.SameNumber || (candidate.InOther && plan.ExceptOthers))
        {
            return (As(MemberState.Excluded, null, candidate.SameNumber ? "sameNumber" : "otherCampaign"), intent, null);
        }

        // The plan's hours are when to call, not whether: they are kept when it dials.
        var decision = GateRules.Decide(new CallCase(intent with { Hours = null }, facts, now, pack));
        if (decision is { Allowed: false, Again: null })
        {
            return (As(MemberState.Excluded, null, decision.Denials.First(d => d.Until is null).Rule), intent, decision);
        }

        var from = decision.Again ?? now;
        return country is not null && CampaignClock.NextOpen(plan, country, from, ringSeconds) is { } next
            ? (As(MemberState.Waiting, decision.Allowed ? now : next, decision.Allowed ? null : decision.Denials[0].Rule), intent, decision)
            : (As(MemberState.Excluded, null, "neverOpen"), intent, decision);
    }

    internal static ContactIntent IntentOf(CampaignPlan plan, Guid lead, string number, CallRoute? route, TenantId tenant, int ringSeconds) => new(
        lead, number, route?.CallerId ?? "", Enum.TryParse<CallerIdKind>(route?.Capability.CallerIdKind, out var kind) ? kind : null, route is not null && (route.Owners.Count == 0 || route.Owners.Contains(tenant.ToString())), ringSeconds, plan.Class, plan.Category, ContactChannel.Voice, plan.Hours);

    internal CallRoute? RouteOf(CampaignPlan plan) => telephony.Routes.FirstOrDefault(r => plan.Route.Length == 0 || r.Name == plan.Route);

    private async Task<int> PickAsync(IUnitOfWork work, Campaign campaign, CampaignPlan plan, Guid after, DateTimeOffset now, CancellationToken ct)
    {
        // The row's lock keeps two nodes from naming the same leads.
        if (await store.LockAsync(work, campaign.Id, ct) is not { AudienceAfter: { } still } locked || still != after)
        {
            return 0;
        }

        var last = await store.PickAsync(work, campaign, plan, after, Chunk, ct);
        await store.ChangeAsync(work, campaign.Id, new CampaignChange { AudienceAfter = last, AudienceDone = last is null }, now, ct);
        if (last is not null && locked.State is CampaignState.Running or CampaignState.Scheduled && await limit.ExceededAsync(work, locked, ct) is not null)
        {
            // More leads match by now than were approved. All are named, so that whoever decides sees how many; nothing rings.
            await store.ChangeAsync(work, campaign.Id, new CampaignChange { State = CampaignState.Paused, Reason = "grew" }, now, ct);
            await move.TellAsync(work, locked, "grew", ct);
        }

        return last is null ? 0 : 1;
    }

    private static string LanguageOf(CampaignPlan plan, Candidate candidate) => plan.Language switch
    {
        "lead" => candidate.Language is { } own && (own.StartsWith("hi", StringComparison.OrdinalIgnoreCase) || own.Equals("hindi", StringComparison.OrdinalIgnoreCase)) ? "hi" : "en",
        _ => plan.Language,
    };

    /// <summary>Drawn by lot from campaign and lead: fair, and the same however often it is asked.</summary>
    internal static string VariantOf(Guid campaign, CampaignPlan plan, Guid lead)
    {
        Span<byte> a = stackalloc byte[16];
        Span<byte> b = stackalloc byte[16];
        campaign.TryWriteBytes(a);
        lead.TryWriteBytes(b);
        for (var i = 0; i < a.Length; i++)
        {
            a[i] ^= b[i];
        }

        return plan.FlowB.Length > 0 && Lot.Of(new Guid(a)) < plan.ShareB ? "B" : "A";
    }

    private static double PriorityOf(Candidate candidate, DateTimeOffset now) => (candidate.Score ?? 0.1) * Math.Pow(0.5, Math.Max(0, (now - candidate.CreatedAt).TotalDays) / HalfFresh);
}
