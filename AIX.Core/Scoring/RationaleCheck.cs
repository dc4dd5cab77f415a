using System.Globalization;
using System.Text.RegularExpressions;
using AIX.Core.Enrichment;
using AIX.Core.Text;

namespace AIX.Core.Scoring;

/// <summary>A bullet as a language model gave it.</summary>
/// <param name="SpeaksFor">What it says the cited facts do; null when it does not say.</param>
public sealed record DraftedBullet(string Text, IReadOnlyList<Guid> FactIds, bool? SpeaksFor);

/// <summary>
/// Holds a drafted rationale against what is stored: known citations only, no number and no name that a cited fact does not hold, no sign against the ledger's. What fails is not shown.
/// </summary>
public static partial class RationaleCheck
{
    private const int MaxText = 400;

    /// <summary>Words of somebody who gives orders, or judges the score anew: what a text inside the data would have a model say.</summary>
    private static readonly HashSet<string> NotItsBusiness = new("score scores probability instruction instructions ignore prompt system json स्कोर अंक निर्देश".Split(' '), StringComparer.Ordinal);

    /// <summary>Log-odds below which a line has no side.</summary>
    private const double NoSide = 0.02;

    /// <summary>The first rule that is broken, in words for the writer; null when all hold.</summary>
    /// <param name="wanted">Bullets asked for.</param>
    public static string? Of(IReadOnlyList<DraftedBullet> bullets, Ledger ledger, IReadOnlyList<Fact> facts, int wanted)
    {
        if (bullets.Count != wanted)
        {
            return $"There are {bullets.Count} bullets; there must be {wanted}.";
        }

        var known = facts.GroupBy(f => f.Id).ToDictionary(g => g.Key, g => g.First());
        foreach (var bullet in bullets)
        {
            if (Check(bullet, ledger, known) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    /// <summary>Numbers of a text, with digits of any script as Latin ones, thousands without separators.</summary>
    public static IEnumerable<decimal> Numbers(string text) =>
        Number().Matches(string.Concat(text.EnumerateRunes().Select(r => System.Text.Rune.IsDigit(r) ? ((int)System.Text.Rune.GetNumericValue(r)).ToString(CultureInfo.InvariantCulture) : r.ToString())))
            .Select(m => decimal.TryParse(m.Value.Replace(",", "", StringComparison.Ordinal).TrimEnd('.'), NumberStyles.Number, CultureInfo.InvariantCulture, out var n) ? n : (decimal?)null).OfType<decimal>();

    /// <summary>Whether a number stands in one of the values, at least rounded to as many decimals as it shows.</summary>
    public static bool Holds(IEnumerable<string> values, decimal number) =>
        values.SelectMany(Numbers).Any(n => n == number || decimal.Round(n, Math.Min(number.Scale, (byte)8), MidpointRounding.AwayFromZero) == number || decimal.Round(n, Math.Min(number.Scale, (byte)8)) == number);

    private static string? Check(DraftedBullet bullet, Ledger ledger, Dictionary<Guid, Fact> known)
    {
        if (bullet.Text.Length is < 5 or > MaxText)
        {
            return $"A bullet has 5 to {MaxText} characters.";
        }

        if (bullet.FactIds.Count == 0 || bullet.FactIds.Any(id => !known.ContainsKey(id)))
        {
            return $"\"{bullet.Text}\" cites no fact, or one that does not exist.";
        }

        var scored = ledger.Contributions.SelectMany(c => c.FactIds).ToHashSet();
        if (scored.Count >= 3 && !bullet.FactIds.Any(scored.Contains))
        {
            return $"\"{bullet.Text}\" cites nothing that the score rests on.";
        }

        if (Tokenizer.Words(bullet.Text).FirstOrDefault(NotItsBusiness.Contains) is { } word)
        {
            return $"\"{bullet.Text}\" speaks of \"{word}\"; a bullet explains what the facts say, not what is to be done.";
        }

        List<string> values = [.. bullet.FactIds.Select(id => known[id].Value)];
        if (Numbers(bullet.Text).Where(n => !Holds(values, n)).Select(n => (decimal?)n).FirstOrDefault() is { } number)
        {
            return $"\"{bullet.Text}\" says {number.ToString(CultureInfo.InvariantCulture)}, which no cited fact holds.";
        }

        if (StrangeName(bullet, known, values) is { } name)
        {
            return $"\"{bullet.Text}\" names {name}, which no cited fact holds.";
        }

        var side = ledger.Contributions.Where(c => c.FactIds.Any(bullet.FactIds.Contains)).Sum(c => c.Logit);
        return bullet.SpeaksFor is { } speaksFor && Math.Abs(side) > NoSide && speaksFor != side > 0 ? $"\"{bullet.Text}\" speaks {(speaksFor ? "for" : "against")} the lead; the ledger says the opposite." : null;
    }

    /// <summary>A word with a capital inside a sentence, or a word at its beginning that another fact holds, must stand in a cited fact or in the name of its attribute.</summary>
    private static string? StrangeName(DraftedBullet bullet, Dictionary<Guid, Fact> known, List<string> values)
    {
        var allowed = bullet.FactIds.SelectMany(id => Tokenizer.Words(known[id].Attribute)).Concat(values.SelectMany(Tokenizer.Words)).ToHashSet(StringComparer.Ordinal);
        var elsewhere = known.Values.SelectMany(f => Tokenizer.Words(f.Value)).Where(w => w.Length > 3).ToHashSet(StringComparer.Ordinal);
        foreach (Match match in Capital().Matches(bullet.Text))
        {
            var isFirst = match.Index == 0 || bullet.Text[..match.Index].TrimEnd() is [.., '.' or '!' or '?' or ':'];
            if (!Tokenizer.Words(match.Value).All(w => allowed.Contains(w) || (isFirst && !elsewhere.Contains(w))))
            {
                return match.Value;
            }
        }

        return null;
    }

    [GeneratedRegex(@"(?<![\p{L}])\d[\d,]*(?:\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"\p{Lu}[\p{L}\p{M}'’&.-]*[\p{L}\p{M}]|\p{Lu}")]
    private static partial Regex Capital();
}
