using System.Globalization;
using System.Text.Json;
using AIX.Core.Enrichment;
using AIX.Core.Leads;
using AIX.Core.Profiles;

namespace AIX.Core.Scoring;

/// <summary>Turns a lead into the features of the profile model, in the order of <see cref="Names"/>.</summary>
public static class FeatureExtractor
{
    public static readonly IReadOnlyList<string> Names = ["companySize", "industry", "territory", "seniority", "technologies", "engagement", "reachability", "revenue", "function", "events", "relevance"];

    private static readonly string[] CodeAttributes = ["naics", "sic"];

    private static readonly string[] WrittenAttributes = ["description", "news"];

    /// <summary>Days that count as lately.</summary>
    public const int Recent = 90;

    private static readonly string[] EngagementWords = ["visits", "time spent", "page views", "sessions", "opens", "clicks", "downloads"];

    public static Feature[] Extract(LeadForScoring lead, IdealCustomerProfile icp) =>
        [Size(lead, icp), Industry(lead, icp), Territory(lead, icp), Seniority(lead, icp), Technologies(lead, icp), Engagement(lead, icp), Reachability(lead), Revenue(lead, icp), Function(lead, icp), Events(lead, icp), Relevance(lead, icp)];

    /// <summary>Values of the sub-scores in the order of <see cref="Names"/>; null for one that a snapshot of before its time lacks.</summary>
    public static void Fill(IReadOnlyList<Feature> features, Span<double?> values)
    {
        for (var k = 0; k < Names.Count; k++)
        {
            values[k] = Find(features, k)?.Value;
        }
    }

    /// <summary>Sub-score number k of a snapshot.</summary>
    public static Feature? Find(IReadOnlyList<Feature> features, int k)
    {
        // Snapshots hold them in order.
        if (k < features.Count && features[k].Name == Names[k])
        {
            return features[k];
        }

        return features.FirstOrDefault(f => f.Name == Names[k]);
    }

    private static Feature Size(LeadForScoring lead, IdealCustomerProfile icp)
    {
        // A range such as "120-150" is the lead's own word; only plain numbers can be weighed against others.
        var own = Attribute(lead, "employees");
        var fused = lead.Fused("employees", LeadForScoring.TextOf(own));
        var employees = fused is null ? null : fused.Value == LeadForScoring.TextOf(own) ? Employees(own) : Fusion.SizeOf(fused.Value);
        return Make("companySize", IcpMatch.CompanySize(icp, employees), fused);
    }

    private static Feature Industry(LeadForScoring lead, IdealCustomerProfile icp)
    {
        var industry = lead.Fused("industry", LeadForScoring.TextOf(Attribute(lead, "industry")));
        var codes = CodeAttributes.SelectMany(c => lead.ClaimsOf(c)).ToList();
        if (IcpMatch.IndustryCode(icp, [.. codes.SelectMany(c => c.Value.Split(", "))]) is { } byCode && !(IcpMatch.Industry(icp, industry?.Value) > byCode))
        {
            return new Feature("industry", byCode, codes[0].Value, [.. codes.Select(c => c.FactId)]);
        }

        return Make("industry", IcpMatch.Industry(icp, industry?.Value), industry);
    }

    private static Feature Territory(LeadForScoring lead, IdealCustomerProfile icp)
    {
        var region = lead.Fused("region", LeadForScoring.TextOf(Attribute(lead, "region")));
        if (lead.Country is not null)
        {
            return Make(lead, "territory", IcpMatch.Territory(icp, lead.Country, region?.Value), lead.Country, "country");
        }

        return lead.Fused("countryCode", null) is { } code
            ? new Feature("territory", IcpMatch.Territory(icp, code.Value, region?.Value), CountryName(code.Value), code.FactIds)
            : Make("territory", IcpMatch.Territory(icp, region?.Value), region);
    }

    private static Feature Seniority(LeadForScoring lead, IdealCustomerProfile icp) =>
        Make(lead, "seniority", IcpMatch.Seniority(icp, lead.Title), lead.Title, "title");

    /// <summary>All that the lead or any source names: one source seldom sees every technology, so what they say adds up.</summary>
    private static Feature Technologies(LeadForScoring lead, IdealCustomerProfile icp)
    {
        var own = Attribute(lead, "technologies") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!).ToList() : null;
        var claims = lead.Facts.TryGetValue("technologies", out var found) ? found : [];
        List<string> used = [.. (own ?? []).Concat(claims.SelectMany(c => c.Value.Split(", "))).Distinct(StringComparer.OrdinalIgnoreCase)];
        var facts = claims.Select(c => c.FactId);
        return own is null && claims.Count == 0
            ? new Feature("technologies", null, null, [])
            : Known("technologies", IcpMatch.Technologies(icp, used), string.Join(", ", used.Take(3)), own is null ? facts : facts.Prepend(FactId.Of(lead.Id, "technologies", lead.OriginOf("technologies"))));
    }

    /// <summary>1 − exp(−mean of log₂(1 + count)/4) over the counts of visits, page views, minutes … that the lead brought.</summary>
    private static Feature Engagement(LeadForScoring lead, IdealCustomerProfile icp)
    {
        if (IcpMatch.Behaviour(icp, rule => CountOf(lead, rule)) is { } byRule)
        {
            var rules = icp.Behaviours.Where(b => CountOf(lead, b) is not null).ToList();
            return new Feature("engagement", byRule, rules[0].Attribute, [.. rules.Select(r => r.WithinDays is null ? FactId.Of(lead.Id, r.Attribute, lead.OriginOf(r.Attribute)) : ActionFact(lead.Id, KindOf(r))).Distinct()]);
        }

        var (sum, count) = (0.0, 0);
        string? shown = null;
        var facts = new List<Guid>();
        if (lead.Attributes.ValueKind == JsonValueKind.Object)
        {
            foreach (var attribute in lead.Attributes.EnumerateObject())
            {
                if (attribute.Value.ValueKind == JsonValueKind.Number && Array.Exists(EngagementWords, w => attribute.Name.Contains(w, StringComparison.OrdinalIgnoreCase)))
                {
                    var value = Math.Max(0, attribute.Value.GetDouble());
                    var minutes = attribute.Name.Contains("time", StringComparison.OrdinalIgnoreCase) ? value / 60 : value;
                    sum += Math.Log2(1 + Math.Min(minutes, 1e6));
                    count++;
                    shown ??= $"{attribute.Name} {value.ToString("0.##", CultureInfo.InvariantCulture)}";
                    facts.Add(FactId.Of(lead.Id, attribute.Name, lead.OriginOf(attribute.Name)));
                }
            }
        }

        // What it did counts as one number, however many kinds there are: an opened mail beside ten visits must not make it less active.
        var lately = lead.Actions.Where(a => a.At > lead.At.AddDays(-Recent)).GroupBy(a => a.Kind, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ToList();
        if (lead.Actions.Count > 0)
        {
            sum += Math.Log2(1 + lately.Sum(g => g.Count()));
            count++;
            shown ??= lately.Count == 0 ? null : $"{lately[0].Key} {lately[0].Count().ToString(CultureInfo.InvariantCulture)}";
            facts.AddRange(lately.Select(g => ActionFact(lead.Id, g.Key)));
        }

        return new Feature("engagement", count == 0 ? null : 1 - Math.Exp(-sum / count / 4), shown, facts);
    }

    /// <summary>Id of the fact that tells how often a lead did something lately.</summary>
    public static Guid ActionFact(Guid lead, string kind) => FactId.Of(lead, $"engagement.{kind}", null);

    private static string KindOf(BehaviourRule rule) => rule.Attribute.Split(':', 2)[0].ToLowerInvariant();

    /// <summary>With a window, events in it; null for a lead of whom no event is known. Without, the number.</summary>
    private static double? CountOf(LeadForScoring lead, BehaviourRule rule)
    {
        if (rule.WithinDays is not { } days)
        {
            return Attribute(lead, rule.Attribute) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
        }

        var (kind, detail) = (KindOf(rule), rule.Attribute.Contains(':', StringComparison.Ordinal) ? rule.Attribute.Split(':', 2)[1] : "");
        return lead.Actions.Any(a => a.Kind == kind) ? lead.Actions.Count(a => a.Kind == kind && a.At > lead.At.AddDays(-days) && (a.Detail ?? "").StartsWith(detail, StringComparison.OrdinalIgnoreCase)) : lead.Actions.Count > 0 ? 0 : null;
    }

    private static Feature Reachability(LeadForScoring lead)
    {
        var facts = new List<Guid>();
        var (score, known) = (0.0, false);
        if (lead.Phone is not null)
        {
            known = true;
            score += lead.PhoneLine is PhoneLine.Mobile or PhoneLine.MobileOrLandline ? 0.55 : 0.35;
            facts.Add(FactId.Of(lead.Id, "phone", lead.OriginOf("phone")));
        }

        if (lead.Email is not null)
        {
            known = true;
            score += lead.Fused("emailKind", null)?.Value == "personal" ? 0.2 : 0.45;
            facts.Add(FactId.Of(lead.Id, "email", lead.OriginOf("email")));
        }

        return new Feature("reachability", known ? score : null, known ? (lead.Phone is null ? "email" : lead.Email is null ? "phone" : "both") : null, facts);
    }

    private static Feature Make(string name, double? value, FusedValue? from) => value is null || from is null ? new(name, null, null, []) : new Feature(name, value, from.Value, from.FactIds);

    private static Feature Revenue(LeadForScoring lead, IdealCustomerProfile icp)
    {
        var fused = lead.Fused("annualRevenue", LeadForScoring.TextOf(Attribute(lead, "annualRevenue") ?? Attribute(lead, "revenue")));
        return Make("revenue", IcpMatch.Revenue(icp, fused is null ? null : Fusion.SizeOf(fused.Value)), fused);
    }

    private static Feature Function(LeadForScoring lead, IdealCustomerProfile icp) => Make(lead, "function", IcpMatch.Function(icp, lead.Title), lead.Title, "title");

    /// <summary>What sources of news told: attributes <c>event.KIND</c> whose value is the day of the newest.</summary>
    private static Feature Events(LeadForScoring lead, IdealCustomerProfile icp)
    {
        const string Prefix = "event.";
        var told = lead.Facts.Where(f => f.Key.StartsWith(Prefix, StringComparison.Ordinal)).SelectMany(f => f.Value.Select(c => (Kind: f.Key[Prefix.Length..], Claim: c)))
            .Select(e => (e.Kind, e.Claim, At: DateOnly.TryParse(e.Claim.Value, CultureInfo.InvariantCulture, out var day) ? day : (DateOnly?)null)).Where(e => e.At is not null && icp.Events.ContainsKey(e.Kind)).OrderByDescending(e => e.At).ToList();
        var value = IcpMatch.Events(icp, [.. told.DistinctBy(e => e.Kind).Select(e => (e.Kind, e.At!.Value))], DateOnly.FromDateTime(lead.At.UtcDateTime));
        return value is null ? new Feature("events", null, null, []) : new Feature("events", value, $"{told[0].Kind} {told[0].Claim.Value}", [.. told.Select(e => e.Claim.FactId).Distinct()]);
    }

    /// <summary>How near what is written about the company comes to the profile's topics.</summary>
    private static Feature Relevance(LeadForScoring lead, IdealCustomerProfile icp)
    {
        if (icp.Topics.Count == 0)
        {
            return new Feature("relevance", null, null, []);
        }

        var said = WrittenAttributes.SelectMany(a => lead.ClaimsOf(a)).ToList();
        return ProfileTopics.Relevance(icp, string.Join(". ", said.Select(c => c.Value))) is { } value ? new Feature("relevance", value, said[0].Value, [.. said.Select(c => c.FactId)]) : new Feature("relevance", null, null, []);
    }

    private static Feature Known(string name, double? value, string shown, IEnumerable<Guid> facts) => value is null ? new(name, null, null, []) : new Feature(name, value, shown, [.. facts]);

    private static Feature Make(LeadForScoring lead, string name, double? value, string? shown, string attribute) =>
        value is null ? new Feature(name, null, null, []) : new Feature(name, value, shown, [FactId.Of(lead.Id, attribute, lead.OriginOf(attribute))]);

    private static JsonElement? Attribute(LeadForScoring lead, string key) =>
        lead.Attributes.ValueKind == JsonValueKind.Object && lead.Attributes.TryGetProperty(key, out var value) ? value : null;

    /// <summary>A number, or the middle of a range such as "120-150" or "1,000 to 5,000"; "500+" is 500.</summary>
    internal static double? Employees(JsonElement? value)
    {
        if (value is { ValueKind: JsonValueKind.Number } number)
        {
            return number.GetDouble();
        }

        if (value is not { ValueKind: JsonValueKind.String } text)
        {
            return null;
        }

        var parts = text.GetString()!.Replace(",", "", StringComparison.Ordinal).Split(['-', '–', '+'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(p => p.Split(" to ", StringSplitOptions.TrimEntries))
            .Select(p => double.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n : double.NaN)
            .ToList();
        return parts.Count is 1 or 2 && parts.TrueForAll(double.IsFinite) ? parts.Average() : null;
    }

    private static string CountryName(string code)
    {
        try
        {
            return new RegionInfo(code).EnglishName;
        }
        catch (ArgumentException)
        {
            return code;
        }
    }
}
