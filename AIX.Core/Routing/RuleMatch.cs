using System.Globalization;

namespace AIX.Core.Routing;

/// <summary>Whether a rule fits a lead. Text is compared without regard to case; a value that is not known fits nothing but <see cref="RuleOperator.IsUnknown"/> and <see cref="RuleOperator.IsNot"/>.</summary>
public static class RuleMatch
{
    /// <summary>Fields that every lead has, beside its attributes.</summary>
    public static readonly IReadOnlyList<string> Fields = ["score", "band", "uncertain", "source", "country", "region", "city", "title", "company", "website", "industry", "employees", "leadSource"];

    public static bool Fits(RuleDocument rule, IReadOnlyDictionary<string, string> facts) => rule.Conditions.All(c => Holds(c, facts));

    /// <summary>The lead's facts with what the newest score says of it.</summary>
    public static Dictionary<string, string> FactsOf(LeadToRoute lead, RoutedLead routed) => new(lead.Facts, StringComparer.OrdinalIgnoreCase)
    {
        ["score"] = lead.Probability.ToString("R", CultureInfo.InvariantCulture),
        ["band"] = routed.Band.ToString(),
        ["uncertain"] = routed.Uncertain ? "true" : "false",
    };

    public static bool Holds(RuleCondition condition, IReadOnlyDictionary<string, string> facts)
    {
        var known = facts.TryGetValue(condition.Field, out var text) && !string.IsNullOrWhiteSpace(text);
        return condition.Operator switch
        {
            RuleOperator.IsKnown => known,
            RuleOperator.IsUnknown => !known,
            RuleOperator.IsNot => !known || !Same(text!, condition.Value),
            _ when !known => false,
            RuleOperator.Is => Same(text!, condition.Value),
            RuleOperator.OneOf => condition.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(v => Same(text!, v)),
            RuleOperator.Contains => text!.Contains(condition.Value, StringComparison.OrdinalIgnoreCase),
            RuleOperator.AtLeast => Number(text!) is { } n && Number(condition.Value) is { } least && n >= least,
            RuleOperator.AtMost => Number(text!) is { } n && Number(condition.Value) is { } most && n <= most,
            _ => false,
        };
    }

    internal static double? Number(string text) => double.TryParse(text.Replace(",", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n) ? n : null;

    private static bool Same(string a, string b) => string.Equals(a.Trim(), b.Trim(), StringComparison.OrdinalIgnoreCase) || (Number(a) is { } x && Number(b) is { } y && x.Equals(y));
}
