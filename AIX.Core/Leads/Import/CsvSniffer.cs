using System.Text;
using AIX.Core.Leads.Intake;

namespace AIX.Core.Leads.Import;

/// <summary>Guesses encoding, delimiter and header from a file's first bytes.</summary>
internal static class CsvSniffer
{
    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    static CsvSniffer() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <param name="head">The first bytes, up to 256 kB or so.</param>
    /// <param name="complete">Whether that is the whole file; otherwise a character cut at the end is forgiven.</param>
    public static CsvFormat Sniff(ReadOnlySpan<byte> head, bool complete)
    {
        var encoding = EncodingOf(head, complete);
        var text = Encoding.GetEncoding(encoding).GetString(head).TrimStart('\uFEFF');
        var delimiter = DelimiterOf(text);
        return new CsvFormat(delimiter, encoding, HasHeader(text, delimiter));
    }

    public static Encoding Get(string name) => Encoding.GetEncoding(name);

    public static bool IsKnown(string name) => name is "utf-8" or "utf-16" or "utf-16BE" or "windows-1252";

    internal static string EncodingOf(ReadOnlySpan<byte> head, bool complete)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            return "utf-8";
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
        {
            return "utf-16";
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return "utf-16BE";
        }

        var (even, odd) = CountNuls(head[..Math.Min(head.Length, 4096)]);
        var half = Math.Min(head.Length, 4096) / 2;
        if (half > 2 && odd > half * 0.7 && even < half * 0.1)
        {
            return "utf-16";
        }

        if (half > 2 && even > half * 0.7 && odd < half * 0.1)
        {
            return "utf-16BE";
        }

        return IsUtf8(head, complete) ? "utf-8" : "windows-1252";
    }

    private static bool IsUtf8(ReadOnlySpan<byte> head, bool complete)
    {
        if (!complete)
        {
            var cut = head.Length;
            while (cut > 0 && head.Length - cut < 4 && (head[cut - 1] & 0xC0) == 0x80)
            {
                cut--;
            }

            head = head[..Math.Max(0, cut - 1)];
        }

        return System.Text.Unicode.Utf8.IsValid(head);
    }

    private static (int Even, int Odd) CountNuls(ReadOnlySpan<byte> bytes)
    {
        var (even, odd) = (0, 0);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == 0)
            {
                _ = (i & 1) == 0 ? even++ : odd++;
            }
        }

        return (even, odd);
    }

    /// <summary>The delimiter that cuts the first records into the same number (more than one) of columns most often.</summary>
    private static char DelimiterOf(string text)
    {
        var best = ',';
        var bestScore = 0.0;
        foreach (var delimiter in Delimiters)
        {
            var counts = Sample(text, delimiter).Select(r => r.Length).ToList();
            if (counts.Count == 0 || counts[0] < 2)
            {
                continue;
            }

            var agreeing = counts.Count(c => c == counts[0]) / (double)counts.Count;
            var score = agreeing * agreeing * Math.Log(1 + counts[0]);
            if (score > bestScore + 1e-9)
            {
                (best, bestScore) = (delimiter, score);
            }
        }

        return best;
    }

    /// <summary>A header has names that are mostly distinct, none of them a number, an e-mail or a phone.</summary>
    private static bool HasHeader(string text, char delimiter)
    {
        var first = Sample(text, delimiter).FirstOrDefault();
        if (first is null)
        {
            return false;
        }

        var names = first.Select(TextNormalizer.Clean).Where(n => n is not null).ToList();
        return names.Count > 0
            && names.Distinct(StringComparer.OrdinalIgnoreCase).Count() >= names.Count * 0.5
            && !names.Exists(n => n!.Contains('@', StringComparison.Ordinal) || ValueParser.TryNumber(n, out _) || n.Count(char.IsDigit) >= 6);
    }

    private static IEnumerable<string[]> Sample(string text, char delimiter)
    {
        using var reader = new CsvReader(new StringReader(text), delimiter, 200_000);
        var taken = 0;
        while (taken < 40 && reader.Read())
        {
            if (reader.Problem is null)
            {
                taken++;
                yield return reader.Fields.ToArray();
            }
        }
    }
}
