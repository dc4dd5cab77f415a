using AIX.Core.Compliance;

namespace AIX.Core.Campaigns;

/// <summary>When a plan calls in a country: the narrower of its own hours and the law's, without its closed days. Times of opening are wall-clock times there, whatever the clocks do.</summary>
public static class CampaignClock
{
    private const int Horizon = 400;

    /// <summary>Whether a call may begin now.</summary>
    public static bool IsOpen(CampaignPlan plan, CountryRules country, DateTimeOffset now, int ringSeconds)
    {
        var local = TimeZoneInfo.ConvertTime(now, country.Zone);
        var (open, last) = HoursOf(plan, country, ringSeconds);
        return local.TimeOfDay >= open && local.TimeOfDay < last && IsDay(plan, country, DateOnly.FromDateTime(local.Date));
    }

    /// <returns>The moment itself when it is open, else the next opening; null when none comes within a year.</returns>
    public static DateTimeOffset? NextOpen(CampaignPlan plan, CountryRules country, DateTimeOffset from, int ringSeconds)
    {
        if (IsOpen(plan, country, from, ringSeconds))
        {
            return from.ToUniversalTime();
        }

        var local = TimeZoneInfo.ConvertTime(from, country.Zone);
        var (open, last) = HoursOf(plan, country, ringSeconds);
        if (open >= last)
        {
            return null;
        }

        var day = DateOnly.FromDateTime(local.Date);
        day = local.TimeOfDay < open ? day : day.AddDays(1);
        for (var i = 0; i < Horizon; i++, day = day.AddDays(1))
        {
            if (IsDay(plan, country, day))
            {
                return country.At(day, TimeOnly.FromTimeSpan(open));
            }
        }

        return null;
    }

    private static (TimeSpan Open, TimeSpan Last) HoursOf(CampaignPlan plan, CountryRules country, int ringSeconds)
    {
        var law = country.HoursOf(plan.Class);
        var open = TimeSpan.FromHours(law.Open) > plan.Open.ToTimeSpan() ? TimeSpan.FromHours(law.Open) : plan.Open.ToTimeSpan();
        var close = TimeSpan.FromHours(law.Close) < plan.Close.ToTimeSpan() ? TimeSpan.FromHours(law.Close) : plan.Close.ToTimeSpan();
        return (open, close - TimeSpan.FromSeconds(ringSeconds));
    }

    private static bool IsDay(CampaignPlan plan, CountryRules country, DateOnly day) =>
        !plan.ClosedDays.Contains(day.DayOfWeek) && !plan.Blackout.Contains(day) && !(plan.Class == MessageClass.Promotional && country.IsHoliday(new DateTimeOffset(day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero)));
}
