using System.Globalization;
using System.Text.RegularExpressions;

namespace AIX.Core.Text;

/// <summary>A text without personal data, and what stood where.</summary>
/// <param name="Values">Placeholder → what it stands for; never leaves the tenant.</param>
public sealed record RedactedText(string Text, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Puts the values back into a text that was made from this one. Placeholders that were not given out stay as they are.</summary>
    public string Restore(string text) => Values.Count == 0 ? text : PiiRedactor.Placeholder().Replace(text, m => Values.GetValueOrDefault(m.Value, m.Value));
}

/// <summary>
/// Takes personal data out of texts before they leave the tenant: e-mail addresses, phone numbers, Aadhaar (with Verhoeff's check digit), PAN, payment cards (with Luhn's), and the names given.
/// The same value gets the same placeholder, so that a text keeps its sense.
/// </summary>
public static partial class PiiRedactor
{
    /// <summary>Permutations and products of Verhoeff's scheme (Verhoeff 1969): the dihedral group of order ten.</summary>
    private static readonly byte[][] Product =
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6], [3, 4, 0, 1, 2, 8, 9, 5, 6, 7], [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1], [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];

    private static readonly byte[][] Permutation =
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4], [5, 8, 0, 3, 7, 9, 6, 1, 4, 2], [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0], [4, 2, 8, 6, 5, 7, 3, 9, 0, 1], [2, 7, 9, 3, 8, 0, 6, 4, 1, 5], [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];

    /// <param name="names">Names of people that may stand in the text, whole; their words of three letters and more are taken out one by one as well.</param>
    public static RedactedText Redact(string text, IEnumerable<string?> names)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var given = new Dictionary<(string Kind, string Value), string>();
        string Take(string kind, string value)
        {
            if (!given.TryGetValue((kind, value), out var placeholder))
            {
                given[(kind, value)] = placeholder = string.Create(CultureInfo.InvariantCulture, $"[{kind}_{given.Keys.Count(k => k.Kind == kind) + 1}]");
                values[placeholder] = value;
            }

            return placeholder;
        }

        // What looks like a placeholder already is data as well, and must not come back as something else.
        var redacted = Placeholder().Replace(text, m => Take("TEXT", m.Value));
        redacted = Email().Replace(redacted, m => Take("EMAIL", m.Value));
        redacted = Pan().Replace(redacted, m => Take("PAN", m.Value));
        redacted = Digits().Replace(redacted, m => KindOf(m.Value) is { } kind ? Take(kind, m.Value) : m.Value);
        foreach (var name in names.OfType<string>().Select(n => n.Trim()).Where(n => n.Length >= 3).SelectMany(n => n.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length >= 3).Prepend(n)).Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(n => n.Length))
        {
            redacted = Regex.Replace(redacted, $@"(?<![\p{{L}}\p{{M}}\[_]){Regex.Escape(name)}(?![\p{{L}}\p{{M}}])", m => Take("NAME", m.Value), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }

        return new RedactedText(redacted, values);
    }

    [GeneratedRegex(@"\[(?:TEXT|EMAIL|PHONE|AADHAAR|PAN|CARD|NAME)_[0-9]{1,4}\]", RegexOptions.CultureInvariant)]
    internal static partial Regex Placeholder();

    internal static bool IsVerhoeff(ReadOnlySpan<char> digits)
    {
        var check = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            check = Product[check][Permutation[i % 8][digits[^(i + 1)] - '0']];
        }

        return check == 0;
    }

    internal static bool IsLuhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = (digits[^(i + 1)] - '0') * (1 + (i % 2));
            sum += digit > 9 ? digit - 9 : digit;
        }

        return sum % 10 == 0;
    }

    /// <summary>Whose number it is; null for amounts, years and the like, which a text needs.</summary>
    private static string? KindOf(string text)
    {
        var digits = new string([.. text.Where(char.IsAsciiDigit)]);
        return digits.Length switch
        {
            12 when digits[0] is >= '2' && IsVerhoeff(digits) => "AADHAAR",
            >= 13 and <= 19 when text[0] != '+' && IsLuhn(digits) => "CARD",
            >= 10 and <= 15 => "PHONE",
            8 or 9 when text[0] == '+' || text.AsSpan().IndexOfAny(' ', '-') > 0 => "PHONE",
            _ => null,
        };
    }

    [GeneratedRegex(@"[\p{L}\p{N}._%+\-]{1,64}@[\p{L}\p{N}\-]{1,63}(?:\.[\p{L}\p{N}\-]{1,63}){1,8}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Email();

    /// <summary>Five letters, four digits, a letter; the fourth letter says who holds it.</summary>
    [GeneratedRegex(@"(?<![A-Za-z0-9])[A-Za-z]{3}[ABCFGHJLPTabcfghjlpt][A-Za-z][0-9]{4}[A-Za-z](?![A-Za-z0-9])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pan();

    /// <summary>Digits with single spaces, hyphens, dots or brackets between them.</summary>
    [GeneratedRegex(@"(?<![\p{L}\p{N}])\+?\(?[0-9](?:[ \-.()]{0,2}[0-9]){7,18}(?![\p{L}\p{N}])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Digits();
}
