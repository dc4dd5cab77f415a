using AIX.Core.Companies;
namespace AIX.Core.Enrichment;

/// <summary>What the tenant's own list says of a lead's company: found by its domain, else by its name where only one company bears it.</summary>
internal static class DirectorySource
{
    public const string Name = "company directory";

    private const double ByDomain = 0.9;
    private const double ByName = 0.75;

    public static (HashSet<string> Domains, HashSet<string> Names) KeysOf(IEnumerable<LeadForEnrichment> leads)
    {
        var (domains, names) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var lead in leads)
        {
            if (lead.Domain is { } domain)
            {
                domains.Add(domain);
            }

            if (CompanyName.Key(lead.Company) is { } name)
            {
                names.Add(name);
            }
        }

        return (domains, names);
    }

    public static IEnumerable<FoundFact> Of(IEnumerable<LeadForEnrichment> leads, IReadOnlyList<DirectoryMatch> companies)
    {
        var byDomain = companies.Where(c => c.Domain is not null).DistinctBy(c => c.Domain).ToDictionary(c => c.Domain!, StringComparer.Ordinal);
        var byName = companies.Where(c => c.NameKey is not null).GroupBy(c => c.NameKey!, StringComparer.Ordinal).Where(g => !g.Skip(1).Any()).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var lead in leads)
        {
            var reliability = ByDomain;
            if (lead.Domain is null || !byDomain.TryGetValue(lead.Domain, out var company))
            {
                reliability = ByName;
                if (CompanyName.Key(lead.Company) is not { } key || !byName.TryGetValue(key, out company))
                {
                    continue;
                }
            }

            foreach (var (attribute, value) in company.Values)
            {
                yield return new FoundFact(lead.Id, attribute, value, Name, reliability);
            }
        }
    }
}
