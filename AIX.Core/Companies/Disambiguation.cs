using AIX.Core.Tenancy;

namespace AIX.Core.Companies;

/// <summary>
/// Finds the company that a lead means. Each agreement or contradiction adds a logarithm of a likelihood ratio (Fellegi and Sunter 1969) to a candidate's weight; the weights of all candidates and of
/// "none of them", whose weight is 0, make probabilities. Two companies of one name are thus both improbable, and the lead founds a third until something tells them apart.
/// </summary>
public static class Disambiguation
{
    /// <summary>A candidate below is not taken.</summary>
    public const double Threshold = 0.6;

    private const int ShownRejections = 3;

    /// <summary>Weight before anything is compared.</summary>
    private const double Prior = -2;

    /// <summary>Weight of an agreement, and of a contradiction when both sides have the key.</summary>
    private static readonly Dictionary<CompanyKeyKind, (double Agrees, double Differs)> Weights = new()
    {
        [CompanyKeyKind.Cin] = (8, -5),
        [CompanyKeyKind.TaxId] = (8, -4),
        [CompanyKeyKind.Domain] = (5, -2),
        [CompanyKeyKind.Name] = (3, -1),
    };

    public static CompanyResolution Decide(TenantId tenant, CompanyMention mention, IReadOnlyCollection<CompanyCandidate> candidates)
    {
        var weighed = candidates.Select(c => (Candidate: c, Weight: Prior + Weigh(mention, c))).OrderByDescending(c => c.Weight).ThenBy(c => c.Candidate.Id).ToList();
        var total = 1 + weighed.Sum(c => Math.Exp(c.Weight));
        RejectedCompany Rejected(CompanyCandidate candidate, double weight) => new(candidate.Id, candidate.Name, Math.Exp(weight) / total);
        if (weighed.Count > 0 && Math.Exp(weighed[0].Weight) / total is var best && best >= Threshold)
        {
            var chosen = weighed[0].Candidate;
            var evidence = string.Join(',', mention.Keys.Where(k => k.Kind != CompanyKeyKind.Stem && chosen.Keys.Contains(k)).Select(k => k.Kind));
            return new CompanyResolution(mention, chosen.Id, false, Math.Min(best, 0.999), evidence, [.. weighed.Skip(1).Take(ShownRejections).Select(c => Rejected(c.Candidate, c.Weight))]);
        }

        var id = mention.NewId(tenant);
        return new CompanyResolution(
            mention, id, weighed.TrueForAll(c => c.Candidate.Id != id), weighed.Count == 0 ? Alone(mention) : 1 / total, "", [.. weighed.Where(c => c.Candidate.Id != id).Take(ShownRejections).Select(c => Rejected(c.Candidate, c.Weight))]);
    }

    /// <summary>A registered number or a domain names one company; a name alone may be shared by companies not seen yet.</summary>
    private static double Alone(CompanyMention mention) => mention.Keys.First().Kind == CompanyKeyKind.Name ? 0.8 : 0.98;

    private static double Weigh(CompanyMention mention, CompanyCandidate candidate)
    {
        var weight = 0.0;
        foreach (var (kind, value) in mention.Keys.Where(k => k.Kind != CompanyKeyKind.Stem))
        {
            var theirs = candidate.Keys.Where(k => k.Kind == kind).Select(k => k.Value).ToList();
            weight += theirs.Contains(value) ? Weights[kind].Agrees
                : theirs.Count == 0 ? 0
                : kind == CompanyKeyKind.Name ? Similar(value, theirs)
                : kind == CompanyKeyKind.Domain && theirs.Exists(t => SameSite(t, value)) ? Weights[kind].Agrees - 1
                : Weights[kind].Differs;
        }

        return weight;
    }

    /// <summary>Words in common (Jaccard), between a contradiction and a little less than an agreement.</summary>
    private static double Similar(string name, List<string> theirs)
    {
        var words = name.Split(' ').ToHashSet(StringComparer.Ordinal);
        var share = theirs.Max(t =>
        {
            var others = t.Split(' ').ToHashSet(StringComparer.Ordinal);
            return words.Count(others.Contains) / (double)words.Union(others).Count();
        });
        return Weights[CompanyKeyKind.Name].Differs + 3 * share;
    }

    /// <summary>One host lies under the other: <c>mail.firm.test</c> and <c>firm.test</c>.</summary>
    private static bool SameSite(string a, string b) => (a.Length > b.Length ? a : b).EndsWith('.' + (a.Length > b.Length ? b : a), StringComparison.Ordinal) && Math.Min(a.Count(c => c == '.'), b.Count(c => c == '.')) > 0 && !IsPublicSuffix(a.Length > b.Length ? b : a);

    /// <summary><c>co.in</c>, <c>com.au</c>: two short labels belong to a registry, not to a firm.</summary>
    private static bool IsPublicSuffix(string host) => host.Split('.') is [{ Length: <= 3 }, { Length: 2 }];
}
