using System.Globalization;

namespace AIX.Core.Leads.Intake;

/// <summary>Phone numbers to E.164 (ITU-T E.164, at most 15 digits) by Google's numbering-plan data; landlines and mobiles told apart.</summary>
/// <param name="defaultRegion">ISO 3166-1 alpha-2 of numbers written without a country code.</param>
/// <param name="demoBlockIsMobile">The invented block +91 11111 xxxxx counts as mobile; Development only.</param>
internal sealed class PhoneNormalizer(string defaultRegion, bool demoBlockIsMobile)
{
    private const int MaxDigits = 15;

    public ContactValue? Normalize(string? raw)
    {
        if (TextNormalizer.Clean(raw) is not { } text)
        {
            return null;
        }

        Span<char> digits = stackalloc char[32];
        var count = 0;
        var plus = false;
        foreach (var c in FirstNumber(text))
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : c > 127 && char.IsDigit(c) ? (int)CharUnicodeInfo.GetNumericValue(c) : -1;
            if (digit >= 0)
            {
                if (count == digits.Length)
                {
                    return Flagged(text, "has too many digits");
                }

                digits[count++] = (char)('0' + digit);
            }
            else if (c is '+' or '＋' && count == 0)
            {
                plus = true;
            }
            else if (char.IsLetter(c))
            {
                return Flagged(text, LooksDamaged(text) ? "a spreadsheet has rounded it (format the column as text and export again)" : "contains letters");
            }
        }

        return count < 3 ? Flagged(text, "has too few digits") : Resolve(text, digits[..count], plus);
    }

    private ContactValue Resolve(string text, ReadOnlySpan<char> digits, bool plus)
    {
        var home = PhonePlans.OfRegion(defaultRegion);
        if (!plus)
        {
            if (home.StripInternationalPrefix(digits) is { Length: > 0 } international && international.Length < digits.Length)
            {
                digits = international;
                plus = true;
            }
            else if (Match(home, digits) is { } national)
            {
                return national;
            }
            else if (digits.StartsWith(home.CallingCode) && Match(home, digits[home.CallingCode.Length..]) is { } withCode)
            {
                return withCode;
            }
        }

        if (!plus)
        {
            return Flagged(text, $"is no number of {defaultRegion}; other countries need a leading + and the country code");
        }

        foreach (var plan in PhonePlans.OfCallingCode(digits))
        {
            if (Match(plan, digits[plan.CallingCode.Length..]) is { } match)
            {
                return match;
            }
        }

        return Flagged(text, "is not a number that its country gives out");
    }

    private ContactValue? Match(PhonePlan plan, ReadOnlySpan<char> digits)
    {
        var national = plan.StripNationalPrefix(digits);
        if (national.Length + plan.CallingCode.Length > MaxDigits)
        {
            return null;
        }

        if (demoBlockIsMobile && plan.CallingCode == "91" && national.Length == 10 && national.StartsWith("11111"))
        {
            return new ContactValue($"+91{national}", PhoneLine.Mobile);
        }

        return plan.LineOf(national) is { } line ? new ContactValue($"+{plan.CallingCode}{national}", line) : null;
    }

    /// <summary>"98250 11111 / 98250 22222" and "022-2345 6789 ext. 12" are one number each.</summary>
    private static ReadOnlySpan<char> FirstNumber(string text)
    {
        var span = text.AsSpan();
        var cut = span.IndexOfAny('/', ',', ';');
        if (cut > 6)
        {
            span = span[..cut];
        }

        var extension = span.IndexOfAny('e', 'x', 'E');
        if (extension > 6 && !LooksDamaged(text))
        {
            span = span[..extension];
        }

        return span.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? span[4..] : span;
    }

    private static bool LooksDamaged(string text)
    {
        var e = text.AsSpan().IndexOfAny('e', 'E');
        return e > 0 && e < text.Length - 1 && text[e + 1] is '+' or (>= '0' and <= '9') && text[..e].All(c => char.IsDigit(c) || c is '.' or '-');
    }

    private static ContactValue Flagged(string raw, string why) => new(TextNormalizer.Truncate(raw), PhoneLine.Unknown, $"“{TextNormalizer.Truncate(raw)}” is not a phone number: {why}");
}
