using System.Globalization;

namespace AIX.Core.Leads.Intake;

/// <summary>E-mail addresses as sales teams meet them: RFC 5321 lengths, dot-atom local parts, internationalised hosts.</summary>
internal static class EmailNormalizer
{
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    public static ContactValue? Normalize(string? raw)
    {
        if (TextNormalizer.Clean(raw) is not { } text)
        {
            return null;
        }

        var address = Unwrap(text);
        var at = address.LastIndexOf('@');
        if (at <= 0 || address.IndexOf('@') != at)
        {
            return Flagged(text, at < 0 ? "has no @" : "needs exactly one @ with a name before it");
        }

        var local = address[..at];
        if (local.Length > 64 || !IsDotAtom(local))
        {
            return Flagged(text, "the part before the @ is not a valid mailbox name");
        }

        return Host(address[(at + 1)..]) is { } host && local.Length + host.Length < 254
            ? new ContactValue(string.Create(CultureInfo.InvariantCulture, $"{local.ToLowerInvariant()}@{host}"))
            : Flagged(text, "the part after the @ is not a valid domain");
    }

    /// <summary>Lower-case ASCII host, or null when it cannot be one.</summary>
    public static string? Host(string host)
    {
        host = host.TrimEnd('.').ToLowerInvariant();
        if (!IsAscii(host))
        {
            try
            {
                host = Idn.GetAscii(host);
            }
            catch (ArgumentException)
            {
                return null;
            }
        }

        if (host.Length is < 3 or > 253)
        {
            return null;
        }

        var label = 0;
        var dots = 0;
        for (var i = 0; i < host.Length; i++)
        {
            var c = host[i];
            if (c == '.')
            {
                if (label == 0 || host[i - 1] == '-')
                {
                    return null;
                }

                dots++;
                label = 0;
            }
            else if (char.IsAsciiLetterOrDigit(c) || (c == '-' && label > 0))
            {
                if (++label > 63)
                {
                    return null;
                }
            }
            else
            {
                return null;
            }
        }

        return dots > 0 && label >= 2 && char.IsAsciiLetter(host[^1]) ? host : null;
    }

    private static string Unwrap(string text)
    {
        var open = text.LastIndexOf('<');
        if (open >= 0 && text.EndsWith('>'))
        {
            text = text[(open + 1)..^1];
        }

        if (text.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
        {
            text = text[7..];
        }

        return text.TrimStart(' ', '"', '\'').TrimEnd(' ', ',', ';', '.', '"', '\'');
    }

    private static bool IsDotAtom(string local)
    {
        if (local[0] == '.' || local[^1] == '.')
        {
            return false;
        }

        for (var i = 0; i < local.Length; i++)
        {
            var c = local[i];
            if (c == '.' ? local[i - 1] == '.' : !(char.IsLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsAscii(string text)
    {
        foreach (var c in text)
        {
            if (c > 127)
            {
                return false;
            }
        }

        return true;
    }

    private static ContactValue Flagged(string raw, string why) => new(TextNormalizer.Truncate(raw), PhoneLine.Unknown, $"“{TextNormalizer.Truncate(raw)}” is not an e-mail address: {why}");
}
