using AIX.Core.Compliance;
using AIX.Core.Conversations;

namespace AIX.Core.Campaigns;

/// <summary>What an attempt came to.</summary>
/// <param name="CallbackAt">When the person wants to be called; null where they did not say.</param>
public sealed record AttemptEnd(Disposition Outcome, int Attempts, DateTimeOffset At, DateTimeOffset? CallbackAt);

/// <summary>When, and whether, a lead is called again.</summary>
public static class RetryPlan
{
    /// <param name="bestHour">Hour of the day in which people answer most where the phone rings; used when the wait leads to another day. Null where too few calls tell.</param>
    /// <returns>Null for never.</returns>
    public static (DateTimeOffset At, bool IsCallback)? Next(CampaignPlan plan, CountryRules country, AttemptEnd end, int ringSeconds, int? bestHour)
    {
        if (end.Outcome == Disposition.Callback && end.CallbackAt is { } asked)
        {
            // The person's own wish goes before the number of attempts; the gate still has its say.
            return CampaignClock.NextOpen(plan, country, asked < end.At ? end.At : asked, ringSeconds) is { } then ? (then, true) : null;
        }

        var again = plan.Retry.Contains(end.Outcome) && end.Attempts < plan.Attempts && !(end.Outcome == Disposition.HungUpEarly && end.Attempts > 1);
        if (!again)
        {
            return null;
        }

        var wait = TimeSpan.FromMinutes(plan.DelayMinutes[Math.Min(end.Attempts, plan.DelayMinutes.Count) - 1]);
        var from = end.Outcome == Disposition.HungUpEarly ? Tomorrow(country, end.At) : end.At + wait;
        if (CampaignClock.NextOpen(plan, country, from, ringSeconds) is not { } next)
        {
            return null;
        }

        // On another day there is a choice: the hour in which people answer, if the window holds it.
        if (bestHour is { } hour && country.DayOf(next) != country.DayOf(end.At))
        {
            var best = country.At(country.DayOf(next), new TimeOnly(hour, 0));
            if (best > next && CampaignClock.IsOpen(plan, country, best, ringSeconds))
            {
                next = best;
            }
        }

        return (next, false);
    }

    private static DateTimeOffset Tomorrow(CountryRules country, DateTimeOffset at) => country.At(country.DayOf(at).AddDays(1), new TimeOnly(0, 0));
}
