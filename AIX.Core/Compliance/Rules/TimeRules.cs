namespace AIX.Core.Compliance.Rules;

/// <summary>No promotion on public holidays, nor on days that the tenant closed.</summary>
internal sealed class HolidayRule : IGateRule
{
    public string Id => "holiday";

    public Denial? Ask(CallCase question)
    {
        if (question is not { Country: { } country, Local: { } local } || question.Intent is not { Class: MessageClass.Promotional, Channel: not ContactChannel.Email } || !country.IsHoliday(local))
        {
            return null;
        }

        return new Denial(Id, $"{local:d MMMM} is a day without promotional calls where the phone rings.", country.At(DateOnly.FromDateTime(local.Date).AddDays(1), new TimeOnly(0, 0)));
    }
}

/// <summary>Open where the phone rings, and early enough that it does not ring after closing.</summary>
internal sealed class WindowRule : IGateRule
{
    public string Id => "window";

    public Denial? Ask(CallCase question)
    {
        if (question is not { Country: { } country, Local: { } local } || question.Intent.Channel == ContactChannel.Email)
        {
            return null;
        }

        var law = country.HoursOf(question.Intent.Class);
        var (open, close) = (TimeSpan.FromHours(law.Open), TimeSpan.FromHours(law.Close));
        if (question.Intent.Hours is { } own)
        {
            open = own.Open.ToTimeSpan() > open ? own.Open.ToTimeSpan() : open;
            close = own.Close.ToTimeSpan() < close ? own.Close.ToTimeSpan() : close;
        }

        var last = close - TimeSpan.FromSeconds(question.Intent.Channel == ContactChannel.Voice ? question.Intent.RingSeconds : 0);
        if (local.TimeOfDay >= open && local.TimeOfDay < last)
        {
            return null;
        }

        var day = DateOnly.FromDateTime(local.Date);
        DateTimeOffset? next = open < last ? country.At(local.TimeOfDay < open ? day : day.AddDays(1), TimeOnly.FromTimeSpan(open)) : null;
        return new Denial(Id, $"It is {local:HH:mm} where the phone rings; calls begin from {open:hh\\:mm} to {close:hh\\:mm} less the time of ringing.", next);
    }
}

/// <summary>Attempts in the callee's calendar day, over all campaigns. Those that lie ahead, because our clock was set back, count: nobody knows how long ago they were.</summary>
internal sealed class DayCapRule : IGateRule
{
    public string Id => "perDay";

    public Denial? Ask(CallCase question)
    {
        if (question is not { Country: { } country, Local: { } local } || question.Intent.Channel != ContactChannel.Voice)
        {
            return null;
        }

        var today = DateOnly.FromDateTime(local.Date);
        var count = 0;
        foreach (var attempt in question.Facts.Attempts)
        {
            if (country.DayOf(attempt) >= today)
            {
                count++;
            }
        }

        return count < country.PerDay ? null : new Denial(Id, $"The number was called {count} times today; {country.PerDay} are allowed.", country.At(today.AddDays(1), new TimeOnly(0, 0)));
    }
}

/// <summary>Attempts in any seven days, and those ahead.</summary>
internal sealed class WeekCapRule : IGateRule
{
    public string Id => "perSevenDays";

    public Denial? Ask(CallCase question) => Times.Cap(question, Id, 7, question.Country?.PerSevenDays);
}

/// <summary>Attempts in any thirty days, and those ahead.</summary>
internal sealed class MonthCapRule : IGateRule
{
    public string Id => "perThirtyDays";

    public Denial? Ask(CallCase question) => Times.Cap(question, Id, 30, question.Country?.PerThirtyDays);
}

/// <summary>No second call while one goes on.</summary>
internal sealed class DuplicateRule : IGateRule
{
    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(5);

    public string Id => "duplicate";

    public Denial? Ask(CallCase question) => question.Intent.Channel == ContactChannel.Voice && question.Facts.Open ? new Denial(Id, "A call to this number is going on.", question.Now + Wait) : null;
}

internal static class Times
{
    public static Denial? Cap(CallCase question, string id, int days, int? most)
    {
        if (most is not { } allowed || question.Intent.Channel != ContactChannel.Voice)
        {
            return null;
        }

        var since = question.Now.AddDays(-days);
        var within = question.Facts.Attempts.Where(a => a > since).Order().ToList();
        return within.Count < allowed ? null : new Denial(id, $"The number was called {within.Count} times in {days} days; {allowed} are allowed.", within[^allowed].AddDays(days));
    }
}
