using System.Text.RegularExpressions;

namespace AIX.Core.Outreach;

/// <summary>Fills a text with what is known of a lead.</summary>
public static partial class Merge
{
    public static readonly IReadOnlyList<string> Variables = ["name", "firstName", "company", "leadCompany", "city", "callbackAt", "unsubscribe"];

    /// <summary>Variables that there are not.</summary>
    public static IReadOnlyList<string> UnknownIn(string text) => [.. Variable().Matches(text).Select(m => m.Groups[1].Value).Where(v => !Variables.Contains(v)).Distinct()];

    /// <summary>A value that is not known leaves nothing behind, not even the comma before it. Values are text and never variables themselves.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        Gap().Replace(Variable().Replace(text, m => values.GetValueOrDefault(m.Groups[1].Value) is { Length: > 0 } value ? value.Replace('{', '(').Replace('}', ')') : "\u0001"), "").Replace("\u0001", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\{([A-Za-z]{1,40})\}")]
    private static partial Regex Variable();

    [GeneratedRegex("[, ]*\u0001")]
    private static partial Regex Gap();
}
