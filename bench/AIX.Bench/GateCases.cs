namespace AIX.Bench;

/// <summary>A consent in plain values; times are milliseconds since 1970.</summary>
internal sealed record PlainConsent(char Class, bool Spoken, int Category, long Given, long? Expires, long? Withdrawn);

/// <summary>What the register said: masks as in the register's own order.</summary>
internal sealed record PlainScrub(long At, int Categories, int Modes, int Bands, int Days);

/// <summary>What an organisation asks of itself.</summary>
internal sealed record PlainTightening(int Open, int Close, int PerDay, int PerWeek, int PerMonth, int ScrubHours, int ConsentDays, int CoolOff, string Holiday);

/// <summary>One question to the gate in plain values, so that two independent answers can be compared.</summary>
/// <param name="Kind"><c>abroad</c>, <c>140</c>, <c>1600</c>, <c>plain</c> or <c>unknown</c>.</param>
/// <param name="Class">P, S or T.</param>
/// <param name="Category">1 to 8; 0 is not known.</param>
/// <param name="HoursFrom">Minute of the day from which the campaign calls; −1 for no hours of its own.</param>
internal sealed record GateCase(
    string Number, string Shown, string Kind, bool Owned, int Ring, char Class, int Category, long Now, bool Suppressed, long? Complained, IReadOnlyList<PlainConsent> Consents, PlainScrub? Scrub, IReadOnlyList<long> Attempts, bool Open,
    int HoursFrom, int HoursTo, PlainTightening? Own, bool NearBoundary);

/// <summary>Questions that are mostly near to a yes: a good case with none to three things changed, a third of them at a boundary.</summary>
internal static class GateCases
{
    private const long Second = 1_000;
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    private static readonly string[] Countries = ["+91", "+91", "+91", "+91", "+91", "+91", "+44", "+971", "+65"];

    public static GateCase Make(int seed)
    {
#pragma warning disable CA5394 // Generated questions, no secrets.
        var random = new Random(seed);
        var prefix = Countries[random.Next(Countries.Length)];
        var india = prefix == "+91";
        var number = prefix + (prefix switch { "+91" => "11111", "+44" => "7911", "+971" => "5011", _ => "8111" }) + random.Next(10_000, 99_999);
        var kind = india ? new[] { "abroad", "140", "1600" }[random.Next(3)] : "abroad";
        var type = kind switch { "140" => 'P', "1600" => "ST"[random.Next(2)], _ => "PST"[random.Next(3)] };
        var own = random.Next(10) < 3 ? new PlainTightening(11, 19, 1, 2 + random.Next(2), 4 + random.Next(4), 12, 90, 400, $"2026-{1 + random.Next(12):00}-{1 + random.Next(28):00}") : null;
        var hours = random.Next(10) < 3 ? (From: 600 + random.Next(120), To: 960 + random.Next(240)) : (From: -1, To: -1);
        var ring = 5 + random.Next(56);

        // A day in 2026 or 2027 at an hour that suits everybody, sometimes a holiday.
        var day = new DateOnly(2026, 1, 1).AddDays(random.Next(700));
        if (random.Next(25) == 0)
        {
            day = random.Next(4) switch { 0 => new DateOnly(2026, 8, 15), 1 => new DateOnly(2027, 1, 26), 2 => new DateOnly(2026, 10, 2), _ => own is null ? new DateOnly(2026, 12, 25) : DateOnly.Parse(own.Holiday, System.Globalization.CultureInfo.InvariantCulture) };
        }

        var offset = Offset(prefix, day);
        var midnight = Millis(day) - offset;
        var now = midnight + (12 * Hour) + (random.Next(4 * 3600) * Second);
        var near = false;
        if (random.Next(6) == 0)
        {
            // The edges of the day: hours that open or close windows, with and without the time of ringing.
            var edge = new[] { 9, 10, 11, 18, 19, 20, 21 }[random.Next(7)] * Hour;
            edge = random.Next(4) == 0 && hours.From > 0 ? (random.Next(2) == 0 ? hours.From : hours.To) * 60 * Second : edge;
            now = midnight + edge - (random.Next(2) == 0 ? ring * Second : 0) + Jitter(random);
            near = true;
        }
        else if (random.Next(8) == 0)
        {
            now = midnight + random.NextInt64(Day);
        }

        var category = random.Next(5) == 0 ? 0 : 1 + random.Next(8);
        List<PlainConsent> consents = [];
        if (kind == "abroad" || type != 'P' || random.Next(2) == 0)
        {
            consents.Add(new PlainConsent(type, kind != "1600" || random.Next(2) == 0, random.Next(3) == 0 ? category : 0, now - (random.Next(1, 5) * Day), null, null));
        }

        var scrub = new PlainScrub(now - (random.Next(1, 11) * Hour), 0, 0xFFF, 0xFFF, 0xFFF);
        List<long> attempts = [];
        var made = new GateCase(number, kind switch { "140" => "+911401234567", "1600" => "+911600123456", _ => "+14155550100" }, kind, true, ring, type, category, now, false, null, consents, scrub, attempts, false, hours.From, hours.To, own, near);
        for (var change = random.Next(4); change > 0; change--)
        {
            made = Change(made, random, midnight);
        }

        return made;
    }

    private static GateCase Change(GateCase made, Random random, long midnight)
    {
        switch (random.Next(17))
        {
            case 0: return made with { Suppressed = true };
            case 1: return made with { Open = true };
            case 2: return made with { Owned = false };
            case 3: return made with { Kind = new[] { "abroad", "140", "1600", "plain", "unknown" }[random.Next(5)] };
            case 4: return made with { Shown = new[] { "+919876543210", "+911401234567", "+911600123456", "+14155550100", "anonymous" }[random.Next(5)] };
            case 5: return made with { Number = new[] { "12345", "+1" + random.Next(200, 999) + "5550123", "+91' OR 1=1", "+33612345678", "+91111110000123456" }[random.Next(5)] };
            case 6: return made with { Class = "PST"[random.Next(3)] };
            case 7:
                // A complaint, old or new, at the edge of its time.
                var rest = new[] { 90, 180, 400 }[random.Next(3)] * Day;
                return random.Next(5) switch
                {
                    0 or 1 => made with { Complained = made.Now - rest + Jitter(random), NearBoundary = true },
                    2 => made with { Complained = made.Now + 1 + random.NextInt64(3 * Day) },
                    _ => made with { Complained = made.Now - random.NextInt64(500 * Day) },
                };
            case 8: return made with { Consents = [] };
            case 9 or 10:
                var age = new[] { 7, 30, 90, 180, 365 }[random.Next(5)] * Day;
                return made with { Consents = [.. made.Consents.Select(c => c with { Given = made.Now - age + Jitter(random), Spoken = random.Next(3) > 0 })], NearBoundary = made.NearBoundary || made.Consents.Count > 0 };
            case 11:
                return random.Next(2) == 0
                    ? made with { Consents = [.. made.Consents.Select(c => c with { Withdrawn = made.Now + Jitter(random) })], NearBoundary = made.NearBoundary || made.Consents.Count > 0 }
                    : made with { Consents = [.. made.Consents.Select(c => c with { Expires = made.Now + Jitter(random), Category = random.Next(9) })], NearBoundary = made.NearBoundary || made.Consents.Count > 0 };
            case 12:
                return random.Next(3) switch
                {
                    0 => made with { Scrub = null },
                    1 => made with { Scrub = made.Scrub is { } s ? s with { At = made.Now - (new[] { 12, 24, 504, 672 }[random.Next(4)] * Hour) + Jitter(random) } : null, NearBoundary = true },
                    _ => made with { Scrub = made.Scrub is { } s ? s with { At = made.Now + random.Next(100_000) } : null },
                };
            case 13:
                return made with { Scrub = made.Scrub is { } kept ? kept with { Categories = random.Next(3) == 0 ? 0xFFF : random.Next(256), Modes = random.Next(2) == 0 ? 0xFFF : random.Next(32), Bands = random.Next(2) == 0 ? 0xFFF : random.Next(512), Days = random.Next(2) == 0 ? 0xFFF : random.Next(256) } : null };
            case 14:
                // Sometimes ahead, as after a clock that was set back.
                var (from, span) = random.Next(4) == 0 ? (made.Now + 1, random.Next(2) == 0 ? Hour : 3 * Day) : (midnight, Math.Max(1, made.Now - midnight));
                return made with { Attempts = [.. made.Attempts, .. Enumerable.Range(0, 1 + random.Next(2)).Select(_ => from + random.NextInt64(span))] };
            case 15: return made with { Attempts = [.. made.Attempts, .. Enumerable.Range(0, random.Next(2, 6)).Select(_ => made.Now - Day - random.NextInt64(6 * Day))] };
            default:
                List<long> many = [.. Enumerable.Range(0, random.Next(3, 12)).Select(_ => made.Now - (7 * Day) - 1 - random.NextInt64(23 * Day))];
                if (random.Next(2) == 0)
                {
                    // One that is just leaving the count.
                    many.Add(made.Now - ((random.Next(2) == 0 ? 7 : 30) * Day) + Jitter(random));
                    return made with { Attempts = [.. made.Attempts, .. many], NearBoundary = true };
                }

                return made with { Attempts = [.. made.Attempts, .. many] };
        }
    }

    /// <summary>Within a minute, often exactly on it or a millisecond beside it.</summary>
    private static long Jitter(Random random) => random.Next(4) switch { 0 => 0, 1 => random.Next(2) == 0 ? 1 : -1, _ => random.NextInt64(-60 * Second, 60 * Second) };
#pragma warning restore CA5394

    private static long Millis(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static long Offset(string prefix, DateOnly day) => prefix switch { "+91" => 330 * 60 * Second, "+971" => 4 * Hour, "+65" => 8 * Hour, _ => GateOracle.IsBritishSummer(Millis(day) + (12 * Hour)) ? Hour : 0 };
}
