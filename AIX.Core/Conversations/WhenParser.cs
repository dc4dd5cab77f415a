using System.Globalization;
using System.Text.RegularExpressions;
using AIX.Core.Conversations.Intents;

namespace AIX.Core.Conversations;

/// <summary>
/// Dates and times as people say them on the phone, in English, Hindi and Hindi in Latin letters: "next Tuesday 4 pm", "kal shaam paanch baje", "दो घंटे बाद". What is said lies ahead: "kal", which
/// is both yesterday and tomorrow, is tomorrow.
/// </summary>
public static partial class WhenParser
{
    private static readonly Dictionary<string, int> Numbers = Table(
        "one ek एक=1|two do दो=2|three teen तीन=3|four char chaar चार=4|five paanch panch पाँच पांच=5|six chhe chhah cheh छह छः=6|seven saat सात=7|eight aath आठ=8|nine nau नौ=9|ten das दस=10|eleven gyarah ग्यारह=11|twelve barah baarah बारह=12|fifteen pandrah पंद्रह=15|twenty bees बीस=20|thirty tees तीस=30|forty chalis चालीस=40|sixty saath साठ=60");

    private static readonly Dictionary<string, int> Days = Table(
        "sunday itwar itvar ravivar रविवार इतवार=0|monday somvar somwar सोमवार=1|tuesday mangalvar mangal मंगलवार=2|wednesday budhvar budhwar बुधवार=3|thursday guruvar guruwar गुरुवार बृहस्पतिवार=4|friday shukravar shukrawar शुक्रवार=5|saturday shanivar shaniwar शनिवार=6");

    /// <param name="now">The callee's own time; its offset is theirs.</param>
    /// <returns>A moment after <paramref name="now"/>; null when nothing like a time was said.</returns>
    public static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        var words = Digits(text);
        if (Span(words) is { } span)
        {
            return now + span;
        }

        var day = Day(words, now);
        var clock = Clock(words);
        if (day is null && clock is null)
        {
            return null;
        }

        var date = day ?? DateOnly.FromDateTime(now.DateTime);
        var at = new DateTimeOffset(date.ToDateTime(clock ?? DefaultOf(words)), now.Offset);
        return at > now ? at : day is null ? at.AddDays(1) : at.AddDays(7);
    }

    /// <summary>"in two hours", "aadhe ghante baad".</summary>
    private static TimeSpan? Span(string words)
    {
        if (Half().IsMatch(words))
        {
            return TimeSpan.FromMinutes(30);
        }

        if (OneAndHalf().IsMatch(words))
        {
            return TimeSpan.FromMinutes(90);
        }

        if (SpanWords().Match(words) is not { Success: true } m)
        {
            return Soon().IsMatch(words) ? TimeSpan.FromHours(1) : null;
        }

        var n = m.Groups["n"].Value is "a" or "an" or "" ? 1 : int.Parse(m.Groups["n"].Value, CultureInfo.InvariantCulture);
        return m.Groups["u"].Value switch
        {
            var u when u.StartsWith('m') && u is not ("month" or "months") || u.StartsWith("मिनट", StringComparison.Ordinal) => TimeSpan.FromMinutes(Math.Min(n, 10_000)),
            var u when u.StartsWith('h') && !u.StartsWith("haf", StringComparison.Ordinal) || u.StartsWith("gh", StringComparison.Ordinal) || u.StartsWith("घं", StringComparison.Ordinal) => TimeSpan.FromHours(Math.Min(n, 500)),
            var u when u.StartsWith('w') || u.StartsWith("haf", StringComparison.Ordinal) || u.StartsWith("हफ", StringComparison.Ordinal) => TimeSpan.FromDays(7 * Math.Min(n, 50)),
            _ => TimeSpan.FromDays(Math.Min(n, 365)),
        };
    }

    private static DateOnly? Day(string words, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.DateTime);
        if (DayAfter().IsMatch(words))
        {
            return today.AddDays(2);
        }

        if (Tomorrow().IsMatch(words))
        {
            return today.AddDays(1);
        }

        foreach (var word in words.Split(' '))
        {
            if (Days.TryGetValue(word, out var day))
            {
                var ahead = (day - (int)today.DayOfWeek + 7) % 7;
                ahead = ahead == 0 ? 7 : ahead;

                // "next Friday" said on a Monday is the one of the week after.
                return today.AddDays(ahead + (NextWeek().IsMatch(words) && ahead + (int)today.DayOfWeek <= 6 && today.DayOfWeek != DayOfWeek.Sunday ? 7 : 0));
            }
        }

        if (NextWeek().IsMatch(words) && WeekWord().IsMatch(words))
        {
            return today.AddDays(7);
        }

        return Today().IsMatch(words) ? today : null;
    }

    private static TimeOnly? Clock(string words)
    {
        if (Noon().IsMatch(words))
        {
            return new TimeOnly(12, 0);
        }

        var m = ClockWords().Match(words);
        if (!m.Success)
        {
            return null;
        }

        var hour = int.Parse(m.Groups["h"].Value, CultureInfo.InvariantCulture);
        var minute = m.Groups["m"].Success && m.Groups["m"].Length > 0 ? int.Parse(m.Groups["m"].Value, CultureInfo.InvariantCulture) : 0;
        minute = PastHalf().IsMatch(words) ? 30 : minute;
        hour = QuarterTo().IsMatch(words) ? hour - 1 : hour;
        minute = QuarterTo().IsMatch(words) ? 45 : PastQuarter().IsMatch(words) ? 15 : minute;
        if (hour is < 0 or > 23 || minute > 59)
        {
            return null;
        }

        if (hour is >= 1 and <= 11 && (Afternoon().IsMatch(words) || (hour < 8 && !Morning().IsMatch(words))))
        {
            // Without a word, small hours are in the afternoon: nobody asks to be called at five in the morning.
            hour += 12;
        }

        return new TimeOnly(hour, minute);
    }

    private static TimeOnly DefaultOf(string words) =>
        Morning().IsMatch(words) ? new TimeOnly(10, 30) : Evening().IsMatch(words) ? new TimeOnly(18, 0) : AfterLunch().IsMatch(words) ? new TimeOnly(14, 30) : new TimeOnly(11, 0);

    /// <summary>Lower case, numbers as digits.</summary>
    private static string Digits(string text)
    {
        var lower = text.Normalize().ToLowerInvariant();
        lower = DotsOfPm().Replace(lower, "$1m");
        lower = new string([.. lower.Select(c => c is >= '०' and <= '९' ? (char)('0' + (c - '०')) : c is ',' or '!' or '?' or '।' ? ' ' : c)]);
        lower = Glued().Replace(lower, "$1 $2");

        // "do" is two only before something that is counted or a clock; as an English verb it is none.
        return string.Join(' ', lower.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => Numbers.TryGetValue(w.TrimEnd('.'), out var n) ? n.ToString(CultureInfo.InvariantCulture) : w.TrimEnd('.')));
    }

    private static Dictionary<string, int> Table(string rows) =>
        rows.Split('|').Select(r => r.Split('=')).SelectMany(r => r[0].Split(' ').Select(w => (w.Normalize(), int.Parse(r[1], CultureInfo.InvariantCulture)))).DistinctBy(p => p.Item1).ToDictionary(p => p.Item1, p => p.Item2, StringComparer.Ordinal);

    [GeneratedRegex(@"\b(half an hour|half hour|aadhe ghante|aadha ghanta)\b|आधे घंटे|आधा घंटा")]
    private static partial Regex Half();

    [GeneratedRegex(@"\b(dedh ghante|hour and a half|1 and a half hours?)\b|डेढ़ घंटे")]
    private static partial Regex OneAndHalf();

    [GeneratedRegex(@"(?:\b(?:in|after|within) |^|\s)(?<n>\d{1,4}|an?) (?<u>minutes?|mins?|minat|hours?|hrs?|ghante|ghanta|ghanto|days?|din|dino|weeks?|hafte|hafta|मिनट|घंटे|घंटा|दिन|दिनों|हफ्ते)(?: |$)(?:(?:later|baad|me|mein|ke|बाद|में|के|from now|time)|$|(?=call|phone|कॉल|फोन))?")]
    private static partial Regex SpanWords();

    [GeneratedRegex(@"\b(thodi der|kuch der|little later|a bit later|after some time|some time later)\b|थोड़ी देर|कुछ देर")]
    private static partial Regex Soon();

    [GeneratedRegex(@"\b(day after tomorrow|parso|parson)\b|परसों")]
    private static partial Regex DayAfter();

    [GeneratedRegex(@"\b(tomorrow|kal|tmrw)\b|(?:^| )कल(?: |$)")]
    private static partial Regex Tomorrow();

    [GeneratedRegex(@"\b(today|tonight|aaj|this (?:morning|afternoon|evening)|in the evening|evening|shaam|raat|dopahar)\b|आज|शाम|रात|दोपहर")]
    private static partial Regex Today();

    [GeneratedRegex(@"\b(next|agle|aane wale|coming)\b|अगले|आने वाले")]
    private static partial Regex NextWeek();

    [GeneratedRegex(@"\b(week|hafte|hafta|saptah)\b|हफ्ते|सप्ताह")]
    private static partial Regex WeekWord();

    [GeneratedRegex(@"\b(noon|midday)\b")]
    private static partial Regex Noon();

    [GeneratedRegex(@"(?:\b(?:at|around|by|after|past|saadhe|sadhe|sava|paune|to|shaam|subah|raat|dopahar)\s|साढ़े |सवा |पौने |शाम |सुबह |रात |दोपहर |^|\s)(?:ko |को )?(?<h>\d{1,2})(?:[:.](?<m>\d{2}))?(?=\s*(?:am|pm|baje|bajे|बजे|o'clock|oclock|ke baad|के बाद|in the|$))|\b(?:at|around|by|past) (?<h>\d{1,2})(?:[:.](?<m>\d{2}))?\b")]
    private static partial Regex ClockWords();

    [GeneratedRegex(@"\b(half past|saadhe|sadhe)\b|साढ़े")]
    private static partial Regex PastHalf();

    [GeneratedRegex(@"\b(quarter past|sava)\b|सवा")]
    private static partial Regex PastQuarter();

    [GeneratedRegex(@"\b(quarter to|paune)\b|पौने")]
    private static partial Regex QuarterTo();

    [GeneratedRegex(@"\b(pm|afternoon|evening|night|tonight|shaam|raat|dopahar)\b|शाम|रात|दोपहर")]
    private static partial Regex Afternoon();

    [GeneratedRegex(@"\b(am|morning|subah|savere)\b|सुबह|सवेरे")]
    private static partial Regex Morning();

    [GeneratedRegex(@"\b(evening|tonight|shaam|raat)\b|शाम|रात")]
    private static partial Regex Evening();

    [GeneratedRegex(@"\b(afternoon|lunch|dopahar)\b|दोपहर")]
    private static partial Regex AfterLunch();

    [GeneratedRegex(@"\b([ap])\.\s?m\.?")]
    private static partial Regex DotsOfPm();

    [GeneratedRegex(@"(\d)(am|pm|baje|बजे)")]
    private static partial Regex Glued();
}
