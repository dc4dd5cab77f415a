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
        return Math.Clamp(sum / wanted, 0, 1);
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
