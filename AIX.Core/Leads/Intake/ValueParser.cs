using System.Globalization;

namespace AIX.Core.Leads.Intake;

/// <summary>Numbers, dates and yes/no as spreadsheets of India and elsewhere write them.</summary>
internal static class ValueParser
{
    private static readonly string[] DayFirst = ["d/M/yyyy", "d-M-yyyy", "d.M.yyyy", "d/M/yy", "d-MMM-yyyy", "d-MMM-yy", "d MMM yyyy", "d/M/yyyy H:mm", "d-M-yyyy H:mm", "d/M/yyyy H:mm:ss", "d-M-yyyy H:mm:ss"];
    private static readonly string[] MonthFirst = ["M/d/yyyy", "M-d-yyyy", "M/d/yy", "MMM d, yyyy", "MMMM d, yyyy", "M/d/yyyy H:mm", "M/d/yyyy H:mm:ss"];
    private static readonly string[] Iso = ["yyyy-M-d", "yyyy/M/d", "yyyyMMdd", "yyyy-M-d H:mm", "yyyy-M-d H:mm:ss", "yyyy-M-dTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    /// <summary>Accepts 1,23,456.7 and ₹ 12,000 and 45 %; refuses NaN, infinities and text.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, out double value)
    {
        text = text.Trim();
        if (text.Length > 0 && (char.GetUnicodeCategory(text[0]) == UnicodeCategory.CurrencySymbol))
        {
            text = text[1..].TrimStart();
        }

        if (text.Length > 1 && text[^1] == '%')
        {
            text = text[..^1].TrimEnd();
        }

        // A long run of digits with a leading zero is an identifier or a phone number, not a quantity.
        if (text.Length == 0 || text.Length > 24 || (text.Length > 1 && text[0] == '0' && char.IsAsciiDigit(text[1])))
        {
            value = 0;
            return false;
        }

        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    public static bool TryBoolean(ReadOnlySpan<char> text, out bool value)
    {
        text = text.Trim();
        value = text.Equals("yes", StringComparison.OrdinalIgnoreCase) || text.Equals("true", StringComparison.OrdinalIgnoreCase)
            || text.Equals("y", StringComparison.OrdinalIgnoreCase) || text.SequenceEqual("हाँ") || text.SequenceEqual("हां");
        return value || text.Equals("no", StringComparison.OrdinalIgnoreCase) || text.Equals("false", StringComparison.OrdinalIgnoreCase)
            || text.Equals("n", StringComparison.OrdinalIgnoreCase) || text.SequenceEqual("नहीं");
    }

    /// <summary>Dates between 1900 and 2200; without an offset they are read as UTC.</summary>
    public static bool TryDate(string text, bool dayFirst, out DateTimeOffset value)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        value = default;
        var ok = text.Length is >= 6 and <= 40
            && (DateTimeOffset.TryParseExact(text, Iso, CultureInfo.InvariantCulture, Styles, out value)
                || DateTimeOffset.TryParseExact(text, dayFirst ? DayFirst : MonthFirst, CultureInfo.InvariantCulture, Styles, out value)
                || DateTimeOffset.TryParseExact(text, dayFirst ? MonthFirst : DayFirst, CultureInfo.InvariantCulture, Styles, out value));
        return ok && value.Year is >= 1900 and <= 2200;
    }

    /// <summary>Won or lost in the words of the usual CRMs; null for an open or unknown state.</summary>
    public static OutcomeResult? Outcome(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        "1" or "yes" or "y" or "true" or "won" or "closed won" or "closed-won" or "converted" or "customer" or "sold" or "हाँ" or "जीत" => OutcomeResult.Won,
        "0" or "no" or "n" or "false" or "lost" or "closed lost" or "closed-lost" or "not converted" or "disqualified" or "dropped" or "नहीं" or "हार" => OutcomeResult.Lost,
        _ => null,
    };
}
