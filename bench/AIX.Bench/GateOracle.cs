using System.Globalization;

namespace AIX.Bench;

/// <summary>
/// A second opinion on the gate, written from docs/compliance.md alone, in plain values and with its own arithmetic of days and zones. It shares no code with the product, so that a mistake would have to be made twice.
/// </summary>
internal static class GateOracle
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    public static bool MayCall(GateCase c)
    {
        // Who is called: a number of a country whose law is written down.
        if (!WellFormed(c.Number) || LawOf(c.Number) is not { } law)
        {
            return false;
        }

        var own = c.Own;
        if (c.Suppressed || c.Open || !c.Owned)
        {
            return false;
        }

        // Complaints cool off.
        if (c.Complained is { } complained && c.Now - complained < Math.Max(law.CoolOff, own?.CoolOff ?? 0) * Day)
        {
            return false;
        }

        // Route, series and what is shown: the table.
        var spoken = c.Consents.Any(k => Stands(k, c, law, own) && k.Spoken);
        var any = c.Consents.Any(k => Stands(k, c, law, own));
        var mayRoute = (c.Kind, law.India, c.Class) switch
        {
            ("abroad", _, _) => spoken && c.Shown.StartsWith('+') && !c.Shown.StartsWith("+91", StringComparison.Ordinal),
            ("140", true, 'P') => c.Shown.StartsWith("+91140", StringComparison.Ordinal),
            ("1600", true, 'S' or 'T') => any && c.Shown.StartsWith("+911600", StringComparison.Ordinal),
            _ => false,
        };
        if (!mayRoute)
        {
            return false;
        }

        // Where the phone rings.
        var local = c.Now + OffsetOf(c.Number, c.Now);
        var date = DateOfMillis(local);
        var minuteOfDay = ((local % Day) + Day) % Day;
        var holiday = law.Holidays.Contains(date[5..]) || own?.Holiday == date;
        if (c.Class == 'P' && holiday)
        {
            return false;
        }

        var open = (c.Class == 'T' ? law.OpenT : law.Open) * Hour;
        var close = law.Close * Hour;
        if (own is not null)
        {
            open = Math.Max(open, own.Open * Hour);
            close = Math.Min(close, own.Close * Hour);
        }

        if (c.HoursFrom >= 0)
        {
            open = Math.Max(open, c.HoursFrom * Minute);
            close = Math.Min(close, c.HoursTo * Minute);
        }

        if (minuteOfDay < open || minuteOfDay + (c.Ring * 1_000L) >= close)
        {
            return false;
        }

        // Promotion: a fresh scrub that does not object, or objects to somebody who has agreed in so many words.
        if (c.Class == 'P')
        {
            if (c.Scrub is not { } scrub || scrub.At > c.Now || c.Now - scrub.At >= Math.Min(law.ScrubHours, own?.ScrubHours ?? int.MaxValue) * Hour)
            {
                return false;
            }

            if (Objects(scrub, c, (int)(minuteOfDay / Hour), WeekdayOf(local), holiday) && !spoken)
            {
                return false;
            }
        }

        // How often. What seems to lie ahead has happened all the same.
        var today = c.Attempts.Count(a => a > c.Now || DateOfMillis(a + OffsetOf(c.Number, a)) == date);
        return today < Math.Min(law.PerDay, own?.PerDay ?? 99)
            && c.Attempts.Count(a => c.Now - a < 7 * Day) < Math.Min(law.PerWeek, own?.PerWeek ?? 99)
            && c.Attempts.Count(a => c.Now - a < 30 * Day) < Math.Min(law.PerMonth, own?.PerMonth ?? 99);
    }

    private static bool Stands(PlainConsent k, GateCase c, Law law, PlainTightening? own)
    {
        var days = k.Spoken ? Math.Min(law.ConsentDays, own?.ConsentDays ?? int.MaxValue) : c.Class == 'T' ? law.InferredT : law.InferredS;
        return k.Class == c.Class && k.Given <= c.Now && c.Now - k.Given < days * Day && !(k.Expires <= c.Now) && !(k.Withdrawn <= c.Now) && (k.Category == 0 || k.Category == c.Category);
    }

    private static bool Objects(PlainScrub scrub, GateCase c, int hour, int weekday, bool holiday)
    {
        var category = c.Category == 0 ? (scrub.Categories & 0xFF) != 0 : (scrub.Categories >> (c.Category - 1) & 1) == 1;

        // A machine that calls is a voice call, a dialled recording and a robot.
        var mode = (scrub.Modes & 0b10101) != 0;
        var band = hour switch { < 6 => 0, < 8 => 1, < 10 => 2, < 12 => 3, < 14 => 4, < 16 => 5, < 18 => 6, < 21 => 7, _ => 8 };
        var day = (scrub.Days >> weekday & 1) == 1 || (holiday && (scrub.Days >> 7 & 1) == 1);
        return category && mode && (scrub.Bands >> band & 1) == 1 && day;
    }

    private static bool WellFormed(string number) => number.Length is >= 9 and <= 16 && number[0] == '+' && number[1] is >= '1' and <= '9' && number.Skip(1).All(d => d is >= '0' and <= '9');

    private static Law? LawOf(string number) => number switch
    {
        _ when number.StartsWith("+971", StringComparison.Ordinal) => new Law(false, 9, 9, 18, ["12-02", "12-03", "01-01"], 24, 180, 90, 7, 180, 1, 2, 4),
        _ when number.StartsWith("+91", StringComparison.Ordinal) => new Law(true, 10, 9, 21, ["01-26", "08-15", "10-02"], 24, 180, 180, 7, 90, 2, 5, 10),
        _ when number.StartsWith("+44", StringComparison.Ordinal) => new Law(false, 9, 9, 20, ["12-25", "12-26", "01-01"], 672, 365, 180, 30, 180, 1, 3, 6),
        _ when number.StartsWith("+65", StringComparison.Ordinal) => new Law(false, 9, 9, 20, ["01-01", "05-01", "08-09", "12-25"], 504, 365, 90, 7, 180, 1, 3, 6),
        _ => null,
    };

    private static long OffsetOf(string number, long at) => number switch
    {
        _ when number.StartsWith("+971", StringComparison.Ordinal) => 4 * Hour,
        _ when number.StartsWith("+91", StringComparison.Ordinal) => (5 * Hour) + (30 * Minute),
        _ when number.StartsWith("+65", StringComparison.Ordinal) => 8 * Hour,
        _ => IsBritishSummer(at) ? Hour : 0,
    };

    /// <summary>From the last Sunday of March, 01:00 UTC, to the last Sunday of October, 01:00 UTC.</summary>
    internal static bool IsBritishSummer(long at)
    {
        var year = int.Parse(DateOfMillis(at)[..4], CultureInfo.InvariantCulture);
        return at >= LastSunday(year, 3) + Hour && at < LastSunday(year, 10) + Hour;
    }

    private static long LastSunday(int year, int month)
    {
        var last = DaysSince1970(year, month, 31);
        return (last - ((last + 4) % 7)) * Day;
    }

    /// <summary>Days from civil, after Howard Hinnant's chrono-compatible algorithms.</summary>
    private static long DaysSince1970(int year, int month, int day)
    {
        var y = month <= 2 ? year - 1 : year;
        var era = y / 400;
        var yoe = y - (era * 400);
        var doy = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        return (era * 146_097L) + (yoe * 365L) + (yoe / 4) - (yoe / 100) + doy - 719_468;
    }

    private static string DateOfMillis(long at)
    {
        var z = Math.DivRem(at, Day, out var rest) - (rest < 0 ? 1 : 0) + 719_468;
        var era = z / 146_097;
        var doe = z - (era * 146_097);
        var yoe = (doe - (doe / 1_460) + (doe / 36_524) - (doe / 146_096)) / 365;
        var doy = doe - ((365 * yoe) + (yoe / 4) - (yoe / 100));
        var mp = ((5 * doy) + 2) / 153;
        var day = doy - (((153 * mp) + 2) / 5) + 1;
        var month = mp < 10 ? mp + 3 : mp - 9;
        return string.Create(CultureInfo.InvariantCulture, $"{yoe + (era * 400) + (month <= 2 ? 1 : 0):0000}-{month:00}-{day:00}");
    }

    /// <summary>0 for Monday.</summary>
    private static int WeekdayOf(long local) => (int)(((local / Day) + 3) % 7);

    private sealed record Law(bool India, int Open, int OpenT, int Close, string[] Holidays, int ScrubHours, int ConsentDays, int InferredS, int InferredT, int CoolOff, int PerDay, int PerWeek, int PerMonth);
}
