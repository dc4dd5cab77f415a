using System.Globalization;
using System.Text.RegularExpressions;

namespace AIX.Core.Conversations;

/// <summary>Reads values out of spoken answers.</summary>
public static partial class SlotReader
{
    private static readonly string[] English = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".Split(' ');
    private static readonly string[] Latin = "shunya ek do teen char paanch chhah saat aath nau das gyarah barah terah chaudah pandrah solah satrah atharah unnis bees".Split(' ');
    private static readonly string[] Devanagari = "शून्य एक दो तीन चार पाँच छह सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस बीस".Split(' ');

    private static readonly Dictionary<string, double> Factors = new(StringComparer.Ordinal)
    {
        ["hundred"] = 100,
        ["sau"] = 100,
        ["सौ"] = 100,
        ["thousand"] = 1_000,
        ["hazar"] = 1_000,
        ["hazaar"] = 1_000,
        ["हज़ार"] = 1_000,
        ["हजार"] = 1_000,
        ["lakh"] = 100_000,
        ["lac"] = 100_000,
        ["लाख"] = 100_000,
        ["million"] = 1_000_000,
        ["crore"] = 10_000_000,
        ["करोड़"] = 10_000_000,
        ["करोड"] = 10_000_000,
    };

    private static readonly Dictionary<string, int> Tens = new(StringComparer.Ordinal)
    {
        ["thirty"] = 30,
        ["forty"] = 40,
        ["fifty"] = 50,
        ["sixty"] = 60,
        ["seventy"] = 70,
        ["eighty"] = 80,
        ["ninety"] = 90,
        ["tees"] = 30,
        ["chalis"] = 40,
        ["pachaas"] = 50,
        ["pachas"] = 50,
        ["तीस"] = 30,
        ["चालीस"] = 40,
        ["पचास"] = 50,
        ["साठ"] = 60,
        ["सत्तर"] = 70,
        ["अस्सी"] = 80,
        ["नब्बे"] = 90,
    };

    /// <returns>The value as text; null when the answer holds none.</returns>
    public static string? Read(SlotKind kind, string text, string intent, DateTimeOffset now) => kind switch
    {
        SlotKind.YesNo => intent switch { "affirm" or "interested" => "yes", "deny" or "not_interested" => "no", _ => YesNo(text) },
        SlotKind.Number => Number(text)?.ToString("0.##", CultureInfo.InvariantCulture),
        SlotKind.When => WhenParser.Parse(text, now)?.ToString("O", CultureInfo.InvariantCulture),
        SlotKind.Email => Email(text),
        SlotKind.Text => text.Trim() is { Length: > 1 } t ? t[..Math.Min(t.Length, 500)] : null,
        _ => null,
    };

    /// <summary>"twenty five", "pachaas", "do lakh", "१२", "2.5 crore".</summary>
    public static double? Number(string text)
    {
        double total = 0, part = 0;
        var found = false;
        foreach (var raw in text.ToLowerInvariant().Normalize().Split([' ', '-', '?', '!', '।'], StringSplitOptions.RemoveEmptyEntries))
        {
            var word = new string([.. raw.Trim('.', ',').Select(c => c is >= '०' and <= '९' ? (char)('0' + (c - '०')) : c)]).Replace(",", "", StringComparison.Ordinal);
            if (double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                part += number;
                found = true;
            }
            else if (Small(word) is { } small)
            {
                part += small;
                found = true;
            }
            else if (Factors.TryGetValue(word, out var factor))
            {
                part = (part == 0 ? 1 : part) * factor;
                (total, part) = factor >= 1_000 ? (total + part, 0) : (total, part);
                found = true;
            }
            else if (found && word is not ("and" or "aur" or "और"))
            {
                break;
            }
        }

        return found && total + part < 1e12 ? total + part : null;
    }

    /// <summary>An address as it is written, or spelled: "asha at the rate example dot com".</summary>
    public static string? Email(string text)
    {
        var spoken = text.ToLowerInvariant();
        spoken = At().Replace(spoken, "@");
        spoken = Dot().Replace(spoken, ".");
        spoken = Dash().Replace(spoken, m => m.Value.Contains("under", StringComparison.Ordinal) ? "_" : "-");
        if (!Spelled().IsMatch(spoken) && Address().Match(spoken) is { Success: true } written)
        {
            return written.Value;
        }

        // Spelled letter by letter: spaces before the sign belong to the name.
        var parts = spoken.Split('@');
        if (parts.Length != 2)
        {
            return null;
        }

        var name = string.Concat(parts[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Reverse().TakeWhile(w => w is not ("is" or "hai" or "id" or "email" or "mail" or "me" or "at")).Reverse());
        var host = string.Concat(parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return Address().Match($"{name}@{host}") is { Success: true } m ? m.Value : null;
    }

    private static string? YesNo(string text)
    {
        var word = Intents.NGrams.Clean(text).Split(' ')[0];
        return word switch
        {
            "yes" or "yeah" or "yep" or "haan" or "ha" or "ji" or "हाँ" or "हां" or "जी" or "ok" or "okay" or "sure" => "yes",
            "no" or "nope" or "nahi" or "nahin" or "na" or "नहीं" or "ना" => "no",
            _ => null,
        };
    }

    private static double? Small(string word)
    {
        foreach (var table in new[] { English, Latin, Devanagari })
        {
            if (Array.IndexOf(table, word) is var at and >= 0)
            {
                return at;
            }
        }

        return Tens.TryGetValue(word, out var tens) ? tens : null;
    }

    [GeneratedRegex(@"\s*(?:\bat the rate(?: of)?\b|\bat\b(?=\s+\w+\s+(?:dot|point))|ऐट द रेट|एट द रेट)\s*")]
    private static partial Regex At();

    [GeneratedRegex(@"\s*(?:\bdot\b|\bpoint\b|डॉट)\s*")]
    private static partial Regex Dot();

    [GeneratedRegex(@"\s*\b(?:dash|hyphen|underscore)\b\s*")]
    private static partial Regex Dash();

    [GeneratedRegex(@"(?:\b[a-z] ){2,}[^@]*@")]
    private static partial Regex Spelled();

    [GeneratedRegex(@"[a-z0-9][a-z0-9._+-]{0,63}@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")]
    private static partial Regex Address();
}
