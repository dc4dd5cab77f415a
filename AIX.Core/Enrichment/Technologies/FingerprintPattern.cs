using System.Globalization;
using System.Text.RegularExpressions;

namespace AIX.Core.Enrichment.Technologies;

/// <summary>One pattern of the public Wappalyzer format: a case-insensitive expression with tags after <c>\;</c>. Compiled when first used; without backtracking, so that no page can make it slow.</summary>
internal sealed class FingerprintPattern
{
    /// <summary>For the few expressions that only a backtracking engine reads.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private readonly Lazy<Regex?> _regex;
    private readonly string _version = "";

    public FingerprintPattern(string text)
    {
        var parts = text.Split(@"\;");
        _regex = new Lazy<Regex?>(() => Compile(parts[0]));
        foreach (var tag in parts.Skip(1))
        {
            var colon = tag.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = colon < 0 ? (tag, "") : (tag[..colon], tag[(colon + 1)..]);
            if (name == "confidence" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var confidence))
            {
                Confidence = confidence;
            }
            else if (name == "version")
            {
                _version = value;
            }
        }

        Text = parts[0];
    }

    /// <summary>The expression without its tags; a name where a relation is meant.</summary>
    public string Text { get; }

    public int Confidence { get; } = 100;

    /// <summary>Null when the value does not match; else the version that the match tells, perhaps empty.</summary>
    public string? Match(string value)
    {
        if (Text.Length == 0)
        {
            return "";
        }

        try
        {
            return _regex.Value?.Match(value) is { Success: true } match ? VersionOf(match) : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private string VersionOf(Match match)
    {
        var version = _version;
        for (var k = 1; k < 10 && version.Contains('\\', StringComparison.Ordinal); k++)
        {
            var group = match.Groups[k].Value;

            // \1?a:b is a when the group matched, else b.
            var at = version.IndexOf($@"\{k}?", StringComparison.Ordinal);
            if (at >= 0 && version.IndexOf(':', at) is > 0 and var colon)
            {
                version = version[..at] + (group.Length > 0 ? version[(at + 3)..colon] : version[(colon + 1)..]);
            }

            version = version.Replace($@"\{k}", group, StringComparison.Ordinal);
        }

        return version.Trim();
    }

    private static Regex? Compile(string pattern)
    {
        // The format writes slashes both ways.
        pattern = pattern.Replace("/", @"\/", StringComparison.Ordinal).Replace(@"\\/", @"\/", StringComparison.Ordinal);
        try
        {
            return new Regex(pattern, Options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, Options, Limit);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
