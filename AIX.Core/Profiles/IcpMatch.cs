using System.Globalization;
using System.Numerics.Tensors;

namespace AIX.Core.Profiles;

/// <summary>Similarity of a lead to a profile, equations (5)–(13) of the scoring note. Every result is in [0, 1]; null means that nothing is known.</summary>
public static class IcpMatch
{
    /// <summary>(6): exp(−((l − (min+max)/2) / (max−min))²), l in employees. A range of one point counts as ±50 %.</summary>
    public static double? CompanySize(IdealCustomerProfile icp, double? employees)
    {
        if (employees is not (> 0 and < 1e8))
        {
            return null;
        }

        var width = icp.EmployeesMax - icp.EmployeesMin;
        width = width > 0 ? width : Math.Max(1, icp.EmployeesMax);
        var distance = (employees.Value - (icp.EmployeesMin + icp.EmployeesMax) / 2) / width;
        return Math.Exp(-distance * distance);
    }

    /// <summary>(7): cosine of the lead's industry indicator with the profile's weight vector, scaled so that the best industry gives 1
    /// (an indicator has one entry, so the plain cosine could never reach it).</summary>
    public static double? Industry(IdealCustomerProfile icp, string? industry)
    {
        if (string.IsNullOrWhiteSpace(industry) || icp.Industries.Count == 0)
        {
            return null;
        }

        Span<double> lead = stackalloc double[Math.Min(icp.Industries.Count, 256)];
        Span<double> profile = stackalloc double[lead.Length];
        var i = 0;
        foreach (var (name, weight) in icp.Industries.Take(lead.Length))
        {
            profile[i] = weight;
            lead[i] = Mentions(industry, name) ? weight : 0;
            i++;
        }

        return TensorPrimitives.Max(lead) is > 0 and var best ? Math.Min(1, best / TensorPrimitives.Max(profile)) : 0;
    }

    /// <summary>Weight of the best territory among the places given.</summary>
    public static double? Territory(IdealCustomerProfile icp, params ReadOnlySpan<string?> places)
    {
        double? best = null;
        foreach (var place in places)
        {
            if (!string.IsNullOrWhiteSpace(place))
            {
                best = Math.Max(best ?? 0, icp.Territories.GetValueOrDefault(place.Trim().ToLowerInvariant()));
            }
        }

        return best;
    }

    /// <summary>Weight of the most senior word of the title; 0.15 for a title without any.</summary>
    public static double? Seniority(IdealCustomerProfile icp, string? title)
    {
        if (string.IsNullOrWhiteSpace(title))
        {
            return null;
        }

        if (icp.NegativePersonas.Any(p => Mentions(title, p)))
        {
            return 0;
        }

        var best = 0.15;
        var found = false;
        foreach (var (word, weight) in icp.Seniorities)
        {
            if (Mentions(title, word) && (!found || weight > best))
            {
                (best, found) = (weight, true);
            }
        }

        return best;
    }

    /// <summary>(10): (Σ w_r + Σ w_d − Σ w_n of the technologies in use) / (Σ w_r + Σ w_d of all wanted), clamped to [0, 1].</summary>
    public static double? Technologies(IdealCustomerProfile icp, IReadOnlyCollection<string>? used)
    {
        var wanted = icp.RequiredTechnologies.Values.Sum() + icp.DesiredTechnologies.Values.Sum();
        if (used is not { Count: > 0 } || wanted <= 0)
        {
            return null;
        }

        var sum = Weight(icp.RequiredTechnologies, used) + Weight(icp.DesiredTechnologies, used) - Weight(icp.NegativeTechnologies, used);
        // Technologies that go together are worth more than each alone (36).
        return Math.Clamp(sum / wanted * (1 + Synergy(icp, used)), 0, 1);
    }

    /// <summary>(35) on logarithms: exp(−γ (ln l − ln i)²) with i the geometric middle of the range and γ so that its ends give ½. Null without a range or a revenue.</summary>
    public static double? Revenue(IdealCustomerProfile icp, double? revenue)
    {
        if (icp is not { RevenueMin: > 0 and var min, RevenueMax: > 0 and var max } || revenue is not (> 0 and < 1e15))
        {
            return null;
        }

        var half = Math.Max(0.2, Math.Log(max / min) / 2);
        var distance = Math.Log(revenue.Value) - (Math.Log(min) + Math.Log(max)) / 2;
        return Math.Exp(-Math.Log(2) / (half * half) * distance * distance);
    }

    /// <summary>Weight of the longest beginning of one of the codes; null when the profile names none.</summary>
    public static double? IndustryCode(IdealCustomerProfile icp, IReadOnlyCollection<string> codes) => icp.IndustryCodes.Count == 0 || codes.Count == 0
        ? null
        : icp.IndustryCodes.Where(w => codes.Any(c => c.StartsWith(w.Key, StringComparison.Ordinal))).OrderByDescending(w => w.Key.Length).Select(w => w.Value).FirstOrDefault();

    /// <summary>Weight of the best function that a title names, 0 for one that names none; null when the profile has no functions.</summary>
    public static double? Function(IdealCustomerProfile icp, string? title) => icp.Functions.Count == 0 || string.IsNullOrWhiteSpace(title)
        ? null
        : icp.Functions.Where(f => Mentions(title, f.Key)).Select(f => f.Value).DefaultIfEmpty(0).Max();

    /// <summary>
    /// (11) with λ_e (37): Σ I_e exp(−λ_e · age in days), brought to [0, 1] as ½ + S/2 and cut there, so that no event that counts gives ½. An event in the future has the age 0. Null when nothing is
    /// known of events.
    /// </summary>
    public static double? Events(IdealCustomerProfile icp, IReadOnlyCollection<(string Kind, DateOnly At)> events, DateOnly today) => icp.Events.Count == 0 || events.Count == 0
        ? null
        : Math.Clamp(0.5 + events.Where(e => icp.Events.ContainsKey(e.Kind)).Sum(e => icp.Events[e.Kind].Impact * Math.Exp(-icp.Events[e.Kind].DecayPerDay * Math.Max(0, today.DayNumber - e.At.DayNumber))) / 2, 0, 1);

    /// <summary>Σ weights of the patterns that hold / Σ weights of those whose attribute is known; null when none is known.</summary>
    public static double? Behaviour(IdealCustomerProfile icp, Func<BehaviourRule, double?> count)
    {
        var known = icp.Behaviours.Select(b => (Rule: b, Count: count(b))).Where(b => b.Count is not null && b.Rule.Weight > 0).ToList();
        return known.Count == 0 ? null : known.Where(b => b.Count >= b.Rule.AtLeast).Sum(b => b.Rule.Weight) / known.Sum(b => b.Rule.Weight);
    }

    /// <summary>(23): largest cosine of a text's embedding with one of the topics', 0 for a negative one; null without topics or text.</summary>
    /// <param name="text">Unit length.</param>
    public static double? Relevance(IReadOnlyList<float[]> topics, ReadOnlySpan<float> text)
    {
        double? best = null;
        foreach (var topic in topics)
        {
            best = Math.Max(best ?? 0, TensorPrimitives.Dot(topic, text));
        }

        return best is { } b ? Math.Clamp(b, 0, 1) : null;
    }

    /// <summary>(36): Σ PageRank(v) over the technologies in use, in the graph whose edges are the profile's synergies (damping 0.85, Page et al. 1999); 0 without a graph, 1 when all are in use.</summary>
    public static double Synergy(IdealCustomerProfile icp, IReadOnlyCollection<string> used)
    {
        var names = icp.Synergies.SelectMany(s => new[] { s.One, s.Other }).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (names.Count == 0)
        {
            return 0;
        }

        var edges = icp.Synergies.Select(s => (A: names.FindIndex(n => n.Equals(s.One, StringComparison.OrdinalIgnoreCase)), B: names.FindIndex(n => n.Equals(s.Other, StringComparison.OrdinalIgnoreCase)))).Where(e => e.A != e.B).Distinct().ToList();
        var degree = new double[names.Count];
        foreach (var (a, b) in edges)
        {
            (degree[a], degree[b]) = (degree[a] + 1, degree[b] + 1);
        }

        var rank = Enumerable.Repeat(1.0 / names.Count, names.Count).ToArray();
        for (var step = 0; step < 150; step++)
        {
            var dangling = Enumerable.Range(0, rank.Length).Where(v => degree[v] == 0).Sum(v => rank[v]);
            var next = Enumerable.Repeat((0.15 + 0.85 * dangling) / names.Count, names.Count).ToArray();
            foreach (var (a, b) in edges)
            {
                next[a] += 0.85 * rank[b] / degree[b];
                next[b] += 0.85 * rank[a] / degree[a];
            }

            rank = next;
        }

        return Math.Min(1, names.Index().Where(n => used.Contains(n.Item, StringComparer.OrdinalIgnoreCase)).Sum(n => rank[n.Index]));
    }

    private static double Weight(IReadOnlyDictionary<string, double> weights, IReadOnlyCollection<string> used) =>
        weights.Where(w => used.Contains(w.Key, StringComparer.OrdinalIgnoreCase)).Sum(w => w.Value);

    /// <summary>Whole-word containment, ignoring case: "Head of HR" mentions "head", "Headhunter" does not.</summary>
    private static bool Mentions(string text, string word)
    {
        var at = CultureInfo.InvariantCulture.CompareInfo.IndexOf(text, word, CompareOptions.OrdinalIgnoreCase);
        return at >= 0 && (at == 0 || !char.IsLetter(text[at - 1])) && (at + word.Length == text.Length || !char.IsLetter(text[at + word.Length]));
    }
}
