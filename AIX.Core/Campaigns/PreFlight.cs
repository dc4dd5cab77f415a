using System.Diagnostics;
using AIX.Core.Calls;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

/// <summary>What calls came to before, for expectations.</summary>
/// <param name="Outcomes">Share and mean seconds of a line, from the attempt to its end, by outcome; shares sum to 1.</param>
/// <param name="Talked">Mean seconds of talk of an answered call.</param>
public sealed record CallHistory(int Calls, IReadOnlyList<(Disposition Outcome, double Share, double Seconds)> Outcomes, double Talked)
{
    /// <summary>Where a tenant has not called yet: modest guesses, named as such.</summary>
    public static readonly CallHistory Unknown = new(
        0,
        [(Disposition.NoAnswer, 0.52, 32), (Disposition.Busy, 0.12, 8), (Disposition.Voicemail, 0.06, 22), (Disposition.Failed, 0.03, 4), (Disposition.HungUpEarly, 0.05, 18), (Disposition.NotInterested, 0.10, 50), (Disposition.Callback, 0.04, 60), (Disposition.Interested, 0.08, 110)],
        70);
}

/// <summary>A reason to be left out.</summary>
/// <param name="Rule">Of the gate, or <c>sameNumber</c>, <c>otherCampaign</c>, <c>neverOpen</c>.</param>
public sealed record Exclusion(string Rule, int Leads);

/// <summary>What a launch would do.</summary>
/// <param name="Later">Leads that may be called, though not at once.</param>
/// <param name="DialHours">Hours of open window from the first call to the end.</param>
/// <param name="Days">Calls by day, where the phones ring.</param>
public sealed record PreFlightResult(
    int Audience, int Allowed, int Later, IReadOnlyList<Exclusion> Excluded, int Hindi, DateTimeOffset? Finish, DateTimeOffset? FinishEarly, DateTimeOffset? FinishLate, int Calls, int ConversationsLow, int ConversationsHigh, decimal CostLow, decimal CostHigh,
    double DialHours, IReadOnlyList<(DateOnly Day, int Calls)> Days, int HistoryCalls, DateTimeOffset? ScrubExpires, string Rules, DateTimeOffset At, double Seconds);

/// <summary>History of calls, for the pre-flight.</summary>
public interface ICallHistory
{
    Task<CallHistory> OfAsync(TenantId tenant, DateTimeOffset since, CancellationToken ct);
}

/// <summary>Plays a whole campaign on a virtual clock before anything rings: the same gate, the same pacing, the same retries, with outcomes drawn from what calls came to before.</summary>
public sealed class PreFlight(ICampaignStore store, AdmitAudience admit, IContactHistory history, ICallGate gate, ICallHistory past, IBestHours hours, CallOptions options, IUnitOfWorkFactory works, TimeProvider time)
{
    private const int Chunk = 5_000;
    private const int Runs = 5;
    private const int HistoryDays = 56;
    private const int EnoughCalls = 100;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(8);

    /// <param name="progress">Leads looked at.</param>
    public async Task<Result<PreFlightResult>> ExecuteAsync(TenantId tenant, Guid id, CampaignPlan plan, CancellationToken ct, IProgress<int>? progress = null)
    {
        var watch = Stopwatch.StartNew();
        if (await store.FindAsync(tenant, id, ct) is not { } campaign)
        {
            return new Error(ErrorKind.NotFound, "unknown-campaign", "There is no such campaign.");
        }

        if (admit.RouteOf(plan) is not { } route)
        {
            return new Error(ErrorKind.Invalid, "unknown-route", "No telephone route is set up for this campaign.", "route");
        }

        var start = StartOf(plan);
        var (audience, members, excluded, scrub, pack, best) = (0, new List<SimulatedMember>(), new Dictionary<string, int>(), (DateTimeOffset?)null, (RulePack?)null, (int?)null);
        await using (var look = await works.BeginAsync(tenant, ct))
        {
            best = await hours.BestHourAsync(look, ct);
        }

        await foreach (var (candidate, admission, intent, known, rules) in LookAsync(tenant, campaign, plan, route, start, ct))
        {
            pack = rules;
            if (++audience % Chunk == 0)
            {
                progress?.Report(audience);
            }

            if (admission.State == MemberState.Excluded)
            {
                excluded[admission.Rule!] = excluded.GetValueOrDefault(admission.Rule!) + 1;
                continue;
            }

            scrub = known.Preference is { } preference && rules.CountryOf(intent.Address) is { } country && (scrub is null || preference.ScrubbedAt.AddHours(country.ScrubHours) < scrub) ? preference.ScrubbedAt.AddHours(country.ScrubHours) : scrub;
            members.Add(new SimulatedMember(intent, known, admission.Priority, admission.NextAt!.Value, admission.Language));
        }

        progress?.Report(audience);
        var talked = await past.OfAsync(tenant, start.AddDays(-HistoryDays), ct);
        var expected = talked.Calls >= EnoughCalls ? talked : CallHistory.Unknown;
        var runs = new List<SimulatedRun>();
        for (var run = 0; run < Runs && (run == 0 || watch.Elapsed < Budget); run++)
        {
            ct.ThrowIfCancellationRequested();
            runs.Add(CampaignSimulation.Run(plan, pack ?? RulePack.Shipped, members, expected, route.MaxConcurrent, Math.Min(plan.CallsPerSecond, route.CallsPerSecond), options.RingSeconds, best, start, run));
        }

        var ends = runs.Select(r => r.Finish).OfType<DateTimeOffset>().Order().ToList();
        var middle = runs.OrderBy(r => r.DialHours).ElementAt(runs.Count / 2);
        decimal Cost(SimulatedRun run) => Math.Round((decimal)(run.TalkSeconds / 60) * plan.MinutePrice, 0);
        return new PreFlightResult(
            audience, members.Count, members.Count(m => m.NextAt > start), [.. excluded.OrderByDescending(e => e.Value).Select(e => new Exclusion(e.Key, e.Value))], members.Count(m => m.Language == "hi"),
            ends.Count == 0 ? null : ends[ends.Count / 2], ends.Count == 0 ? null : ends[0], ends.Count == 0 ? null : ends[^1], middle.Calls, runs.Min(r => r.Answered), runs.Max(r => r.Answered), runs.Min(Cost), runs.Max(Cost), middle.DialHours, middle.Days,
            talked.Calls, plan.Class == MessageClass.Promotional ? scrub : null, (pack ?? RulePack.Shipped).Version, time.GetUtcNow(), watch.Elapsed.TotalSeconds);
    }

    /// <summary>The leads that a launch would leave out, with the rule, in chunks.</summary>
    public async IAsyncEnumerable<(Guid Lead, string? Number, string Rule)> ExcludedAsync(TenantId tenant, Guid id, CampaignPlan plan, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        if (await store.FindAsync(tenant, id, ct) is not { } campaign)
        {
            yield break;
        }

        await foreach (var (candidate, admission, _, _, _) in LookAsync(tenant, campaign, plan, admit.RouteOf(plan), StartOf(plan), ct))
        {
            if (admission.State == MemberState.Excluded)
            {
                yield return (candidate.LeadId, candidate.Number, admission.Rule!);
            }
        }
    }

    private DateTimeOffset StartOf(CampaignPlan plan) => plan.StartsAt is { } at && at > time.GetUtcNow() ? at : time.GetUtcNow();

    /// <summary>The audience, lead by lead, as a launch at that time would look at it.</summary>
    private async IAsyncEnumerable<Looked> LookAsync(TenantId tenant, Campaign campaign, CampaignPlan plan, CallRoute? route, DateTimeOffset at, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var numbers = new HashSet<string>(StringComparer.Ordinal);
        for (var after = Guid.Empty; await store.PreviewAsync(tenant, campaign, plan, after, Chunk, ct) is { Count: > 0 } chunk; after = chunk[^1].LeadId)
        {
            RulePack pack;
            IReadOnlyDictionary<string, ContactFacts> facts;
            await using (var work = await works.BeginAsync(tenant, ct))
            {
                pack = await gate.PackAsync(work, ct);
                facts = await history.OfAsync(work, [.. chunk.Select(c => c.Number).OfType<string>()], ContactChannel.Voice, at, [], ct);
            }

            foreach (var candidate in chunk)
            {
                // Of two leads with one number the first stays, as when it is launched.
                var known = facts.GetValueOrDefault(candidate.Number ?? "") ?? ContactFacts.None;
                var same = candidate.Number is { } number && !numbers.Add(number);
                var (admission, intent, _) = AdmitAudience.Look(campaign.Id, plan, same ? candidate with { SameNumber = true } : candidate, known, pack, route, tenant, options.RingSeconds, at);
                yield return new Looked(candidate, admission, intent, known, pack);
            }
        }
    }

    private readonly record struct Looked(Candidate Candidate, Admission Admission, ContactIntent Intent, ContactFacts Known, RulePack Pack);
}
