using System.Globalization;
using System.Text;

namespace AIX.Core.Leads.Intake;

/// <summary>Names, companies and plain text: NFC, one space between words, no control characters.</summary>
internal static class TextNormalizer
{
    /// <summary>Longest name, company or place that is kept; longer input is cut.</summary>
    public const int MaxLength = 200;

    private static readonly HashSet<string> MissingTokens = new(StringComparer.OrdinalIgnoreCase)
    {
        "select", "n/a", "na", "null", "nil", "-", "--", "nan", "#n/a", "(blank)", "चुनें",
    };

    /// <summary>Null for blanks and for what spreadsheets and drop-downs write instead of nothing ("Select", "N/A").</summary>
    public static string? Clean(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        var text = NeedsWork(value) ? Rebuild(value) : value;
        return text.Length == 0 || (text.Length <= 7 && MissingTokens.Contains(text)) ? null : text;
    }

    /// <summary>A person's or company's name; all-capital Latin names are put into title case.</summary>
    public static string? Name(string? value)
    {
        if (Clean(value) is not { } text)
        {
            return null;
        }

        text = Truncate(text);
        return IsShouted(text) ? CultureInfo.InvariantCulture.TextInfo.ToTitleCase(text.ToLowerInvariant()) : text;
    }

    public static string? Company(string? value) => Clean(value) is { } text ? Truncate(text) : null;

    public static string Truncate(string text) => text.Length <= MaxLength ? text : text[..(char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];

    private static bool NeedsWork(string value)
    {
        if (char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]))
        {
            return true;
        }

        var previousSpace = false;
        foreach (var c in value)
        {
            if (c > 127 || c < 32)
            {
                return true;
            }

            if (c == ' ' && previousSpace)
            {
                return true;
            }

            previousSpace = c == ' ';
        }

        return false;
    }

    private static string Rebuild(string value)
    {
        var text = new StringBuilder(value.Length);
        var pendingSpace = false;
        foreach (var c in Compose(value))
        {
            if (char.IsWhiteSpace(c) || c is '\u00A0')
            {
                pendingSpace = text.Length > 0;
                continue;
            }

            if (char.IsControl(c) || c is '\uFFFE' or '\uFEFF')
            {
                continue;
            }

            if (pendingSpace)
            {
                text.Append(' ');
                pendingSpace = false;
            }

            text.Append(c);
        }

        return text.ToString();
    }

    private static string Compose(string value)
    {
        try
        {
            return value.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // A lone surrogate: PostgreSQL's UTF-8 cannot hold it either.
            return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value)).Normalize(NormalizationForm.FormC);
        }
    }

    private static bool IsShouted(string text)
    {
        var letters = 0;
        foreach (var c in text)
        {
            if (char.IsLower(c))
            {
                return false;
            }

            if (c is >= 'A' and <= 'Z')
            {
                letters++;
            }
        }

        return letters > 4 || (letters > 2 && text.Contains(' ', StringComparison.Ordinal));
    }
}
