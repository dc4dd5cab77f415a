using AIX.Core.Compliance;
using AIX.Core.Conversations;

namespace AIX.Core.Campaigns;

/// <summary>A lead as the simulation plays it.</summary>
internal sealed record SimulatedMember(ContactIntent Intent, ContactFacts Facts, double Priority, DateTimeOffset NextAt, string Language);

/// <summary>What one play came to.</summary>
internal sealed record SimulatedRun(DateTimeOffset? Finish, int Calls, int Answered, double TalkSeconds, double DialHours, IReadOnlyList<(DateOnly Day, int Calls)> Days);

/// <summary>A discrete-event play of a campaign: lines, rate, windows, retries and the gate are the dispatcher's own; only what people do is drawn by lot.</summary>
internal static class CampaignSimulation
{
    /// <summary>Seconds that a number has to rest before it is asked again for a rule that names no time.</summary>
    private const double Retry = 60;

    private const int MaxDays = 400;

    public static SimulatedRun Run(CampaignPlan plan, RulePack pack, IReadOnlyList<SimulatedMember> members, CallHistory history, int routeLines, double rate, int ringSeconds, int? bestHour, DateTimeOffset start, int seed)
    {
#pragma warning disable CA5394 // A play, no secrets.
        var random = new Random(seed);
        var attempts = new List<DateTimeOffset>?[members.Count];
        var waiting = new PriorityQueue<(int Member, bool Callback), long>(members.Count);
        var ready = new PriorityQueue<int, (int Callback, double Priority)>(members.Count);
        var lines = new PriorityQueue<int, long>();
        var days = new SortedDictionary<DateOnly, int>();
        for (var i = 0; i < members.Count; i++)
        {
            waiting.Enqueue((i, false), members[i].NextAt.UtcTicks);
        }

        var (now, nextTurn, calls, answered, talk, today, day) = (start, start, 0, 0, 0.0, 0, DateOnly.MinValue);
        DateTimeOffset? first = null;
        var last = start;
        var home = pack.Countries[0];
        while (waiting.Count + ready.Count > 0 && (now - start).TotalDays < MaxDays)
        {
            while (lines.TryPeek(out _, out var free) && free <= now.UtcTicks)
            {
                lines.Dequeue();
            }

            while (waiting.TryPeek(out var due, out var at) && at <= now.UtcTicks)
            {
                waiting.Dequeue();
                ready.Enqueue(due.Member, (due.Callback ? 0 : 1, -members[due.Member].Priority));
            }

            if (ready.Count == 0)
            {
                waiting.TryPeek(out _, out var next);
                now = new DateTimeOffset(next, TimeSpan.Zero);
                continue;
            }

            if (!CampaignClock.IsOpen(plan, home, now, ringSeconds) && pack.CountryOf(members[ready.Peek()].Intent.Address) == home)
            {
                if (CampaignClock.NextOpen(plan, home, now, ringSeconds) is not { } open)
                {
                    break;
                }

                now = open;
                continue;
            }

            var local = home.DayOf(now);
            (day, today) = local == day ? (day, today) : (local, 0);
            var state = new PaceState(lines.Count, lines.Count, int.MaxValue, today, 0, 0, 0, 0);
            if (Pacing.Free(plan, state, routeLines) == 0)
            {
                // The next free line; or, when the day is full, its end.
                now = plan.PerDay > 0 && today >= plan.PerDay ? home.At(local.AddDays(1), new TimeOnly(0, 0)) : new DateTimeOffset(lines.TryPeek(out _, out var free) ? free : now.UtcTicks + TimeSpan.TicksPerSecond, TimeSpan.Zero);
                continue;
            }

            if (nextTurn > now)
            {
                now = nextTurn;
                continue;
            }

            var member = ready.Dequeue();
            var known = members[member];
            var facts = attempts[member] is { } made ? known.Facts with { Attempts = [.. known.Facts.Attempts, .. made] } : known.Facts;
            var denials = GateRules.Denials(new CallCase(known.Intent, facts, now, pack), GateRules.All);
            if (denials.Count > 0)
            {
                // The plan assumes that a scrub that runs out is replaced in time.
                denials.RemoveAll(d => d.Rule == "scrub" && known.Facts.Preference is not null);
            }

            if (denials.Count > 0)
            {
                if (denials.All(d => d.Until is not null) && pack.CountryOf(known.Intent.Address) is { } where && CampaignClock.NextOpen(plan, where, denials.Max(d => d.Until!.Value) is var again && again > now ? again : now.AddSeconds(Retry), ringSeconds) is { } then)
                {
                    waiting.Enqueue((member, false), then.UtcTicks);
                }

                continue;
            }

            var (outcome, seconds) = Draw(history, random);
            (attempts[member] ??= []).Add(now);
            calls++;
            today++;
            first ??= now;
            days[local] = days.GetValueOrDefault(local) + 1;
            nextTurn = now.AddSeconds(1 / rate);
            var end = now.AddSeconds(seconds);
            last = end > last ? end : last;
            lines.Enqueue(member, end.UtcTicks);
            if (IsTalk(outcome))
            {
                answered++;
                talk += history.Talked;
            }

            if (pack.CountryOf(known.Intent.Address) is { } country && RetryPlan.Next(plan, country, new AttemptEnd(outcome, attempts[member]!.Count, end, outcome == Disposition.Callback ? end.AddHours(24) : null), ringSeconds, bestHour) is { } retry)
            {
                waiting.Enqueue((member, retry.IsCallback), retry.At.UtcTicks);
            }
        }

        return new SimulatedRun(first is null ? null : last, calls, answered, talk, first is { } began ? OpenHours(plan, home, began, last, ringSeconds) : 0, [.. days.Select(d => (d.Key, d.Value))]);
    }

    public static bool IsTalk(Disposition outcome) => outcome is not (Disposition.NoAnswer or Disposition.Busy or Disposition.Failed or Disposition.Voicemail or Disposition.InvalidNumber);

    /// <summary>Hours of open window between two moments.</summary>
    public static double OpenHours(CampaignPlan plan, CountryRules country, DateTimeOffset from, DateTimeOffset to, int ringSeconds)
    {
        var hours = 0.0;
        for (var day = country.DayOf(from); day <= country.DayOf(to); day = day.AddDays(1))
        {
            var dawn = country.At(day, new TimeOnly(0, 0));
            if (CampaignClock.NextOpen(plan, country, dawn, ringSeconds) is { } open && country.DayOf(open) == day)
            {
                var hoursOfDay = country.HoursOf(plan.Class);
                var close = country.At(day, plan.Close.Hour < hoursOfDay.Close ? plan.Close : new TimeOnly(Math.Min(23, hoursOfDay.Close), 0));
                var (a, b) = (open > from ? open : from, close < to ? close : to);
                hours += Math.Max(0, (b - a).TotalHours);
            }
        }

        return hours;
    }

    private static (Disposition Outcome, double Seconds) Draw(CallHistory history, Random random)
    {
        var lot = random.NextDouble();
        foreach (var (outcome, share, seconds) in history.Outcomes)
        {
            if ((lot -= share) < 0)
            {
                return (outcome, seconds);
            }
        }

        return (history.Outcomes[^1].Outcome, history.Outcomes[^1].Seconds);
    }
#pragma warning restore CA5394
}
