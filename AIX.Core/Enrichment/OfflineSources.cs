using AIX.Core.Leads;

namespace AIX.Core.Enrichment;

/// <summary>What can be known of a lead without asking anybody: the kind of its e-mail host, the company's domain, and the country that the
/// number or the top-level domain belongs to.</summary>
internal static class OfflineSources
{
    public const string EmailHost = "e-mail host";
    public const string NumberingPlan = "numbering plan";
    public const string TopLevelDomain = "top-level domain";

    /// <summary>Country-code domains that are sold to the whole world say nothing of a country.</summary>
    private static readonly HashSet<string> GenericCountryCodes = ["io", "co", "ai", "me", "tv", "cc", "fm", "gg", "in.net", "ly", "to", "so", "sh", "app", "eu"];

    public static IEnumerable<FoundFact> Of(LeadForEnrichment lead)
    {
        if (lead.Email is { } email)
        {
            var host = email[(email.LastIndexOf('@') + 1)..];
            var free = LeadHosts.IsFreeMail(host);
            yield return new FoundFact(lead.Id, "emailKind", free ? "personal" : "business", EmailHost, 0.95);
            if (!free && lead.Domain is null)
            {
                yield return new FoundFact(lead.Id, "companyDomain", host, EmailHost, 0.9);
            }
        }

        if (lead.Domain is { } domain)
        {
            yield return new FoundFact(lead.Id, "companyDomain", domain, EmailHost, 0.9);
        }

        if (lead.Country is null && CountryOf(lead) is var (country, source, reliability))
        {
            yield return new FoundFact(lead.Id, "countryCode", country, source, reliability);
        }
    }

    private static (string Country, string Source, double Reliability)? CountryOf(LeadForEnrichment lead)
    {
        if (lead.Phone is { } phone && LeadHosts.RegionOfPhone(phone) is { } region)
        {
            return (region, NumberingPlan, 0.9);
        }

        var host = lead.Domain ?? lead.Email;
        var dot = host?.LastIndexOf('.') ?? -1;
        var tld = dot >= 0 ? host![(dot + 1)..] : "";
        return tld.Length == 2 && !GenericCountryCodes.Contains(tld) ? (tld == "uk" ? "GB" : tld.ToUpperInvariant(), TopLevelDomain, 0.7) : null;
    }
}
