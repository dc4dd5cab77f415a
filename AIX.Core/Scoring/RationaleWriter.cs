using System.Globalization;
using System.Resources;
using AIX.Core.Enrichment;

namespace AIX.Core.Scoring;

/// <summary>A sentence and the facts that it cites.</summary>
public sealed record RationaleLine(string Text, IReadOnlyList<Guid> FactIds);

/// <summary>Writes three bullets grounded in the ledger, in English or Hindi. Deterministic: no model, no number that is not in a cited fact.</summary>
public static class RationaleWriter
{
    private static readonly ResourceManager Texts = new("AIX.Core.Scoring.RationaleTexts", typeof(RationaleWriter).Assembly);

    /// <summary>Characters of a value in a bullet.</summary>
    private const int MaxShown = 80;

    /// <summary>Attributes that a bullet may mention when fewer than three features have a fact.</summary>
    private static readonly string[] Fallbacks = ["leadSource", "company", "companyDomain", "emailKind", "city", "email", "phone", "externalId", "receivedVia"];

    public static IReadOnlyList<RationaleLine> Write(Ledger ledger, IReadOnlyList<Fact> facts, CultureInfo culture)
    {
        var lines = ledger.Contributions
            .Where(c => c.FactIds.Count > 0 && c.Logit != 0)
            .OrderByDescending(c => Math.Abs(c.Logit))
            .Take(3)
            .Select(c => new RationaleLine(Reason(c.Feature, c.Shown, c.Logit > 0, culture), c.FactIds))
            .ToList();
        var cited = lines.SelectMany(l => l.FactIds).ToHashSet();
        foreach (var attribute in Fallbacks)
        {
            if (lines.Count < 3 && facts.FirstOrDefault(f => f.Attribute == attribute && !f.Superseded && cited.Add(f.Id)) is { } fact)
            {
                lines.Add(new RationaleLine(Format($"fact.{attribute}", culture, fact.Value), [fact.Id]));
            }
        }

        var unknown = ledger.Contributions.Where(c => c.FactIds.Count == 0).Where(c => c.Group != SubScores.Model).Select(c => FeatureName(c.Feature, culture)).ToList();
        if (lines.Count < 3 && unknown.Count > 0 && facts.FirstOrDefault(f => f.Attribute == "receivedVia") is { } source)
        {
            lines.Add(new RationaleLine(Format("unknown", culture, string.Join(", ", unknown.Take(3)), source.Value), [source.Id]));
        }

        return lines;
    }

    /// <summary>The loudest known features on one side, in words.</summary>
    public static IReadOnlyList<RationaleLine> Loudest(Ledger ledger, bool speakFor, int count, CultureInfo culture) =>
    [
        .. ledger.Contributions
            .Where(c => c.FactIds.Count > 0 && (speakFor ? c.Logit > 0 : c.Logit < 0))
            .OrderByDescending(c => Math.Abs(c.Logit))
            .Take(count)
            .Select(c => new RationaleLine(Reason(c.Feature, c.Shown, speakFor, culture), c.FactIds)),
    ];

    /// <summary>A feature's effect in words: "412 staff, inside the profile".</summary>
    public static string Reason(string feature, string? shown, bool speaksFor, CultureInfo culture) =>
        Texts.GetString($"reason.{feature}.{(speaksFor ? "for" : "against")}", culture) is { } own
            ? string.Format(culture, own, Shown(shown, culture))
            : shown is null
                ? Format(speaksFor ? "reason.unknown.for" : "reason.unknown.against", culture, FeatureName(feature, culture))
                : Format(speaksFor ? "reason.any.for" : "reason.any.against", culture, FeatureName(feature, culture), Abbreviate(shown));

    /// <summary>Words for a stored top reason (<c>name|shown|sign</c>); null when there is none.</summary>
    public static string? TopReason(string? stored, CultureInfo culture)
    {
        if (stored?.Split('|') is not { Length: >= 3 } parts)
        {
            return null;
        }

        return Reason(parts[0], string.Join('|', parts[1..^1]), parts[^1] == "+", culture);
    }

    public static string FeatureName(string feature, CultureInfo culture) => Texts.GetString($"feature.{feature}", culture) ?? RawFeatures.DisplayName(feature);

    private static string Shown(string? shown, CultureInfo culture) => shown is "email" or "phone" or "both" ? Text($"reach.{shown}", culture) : shown ?? "";

    /// <summary>The beginning of a long text, up to the end of a word: half a number would be another number.</summary>
    public static string Abbreviate(string text)
    {
        if (text.Length <= MaxShown)
        {
            return text;
        }

        var end = text.LastIndexOf(' ', MaxShown);
        return $"{text[..(end > 0 ? end : MaxShown)]}…";
    }

    private static string Format(string key, CultureInfo culture, params object[] values) => string.Format(culture, Text(key, culture), values);

    private static string Text(string key, CultureInfo culture) => Texts.GetString(key, culture) ?? key;
}
