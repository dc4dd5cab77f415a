using System.Text.Json;
using AIX.Core.Leads;
using AIX.Core.Text;

namespace AIX.Core.Enrichment;

/// <summary>What can be known of a lead without asking anybody: the kind of its e-mail host, the company's domain, and the country that the
/// number or the top-level domain belongs to.</summary>
internal static class OfflineSources
{
    public const string EmailHost = "e-mail host";
    public const string NumberingPlan = "numbering plan";
    public const string TopLevelDomain = "top-level domain";
    public const string Title = "title";
    public const string OwnText = "own text";
    public const string TaxNumber = "GSTIN";
    public const string CorporateNumber = "CIN";

    /// <summary>Country-code domains that are sold to the whole world say nothing of a country.</summary>
    private static readonly HashSet<string> GenericCountryCodes = ["io", "co", "ai", "me", "tv", "cc", "fm", "gg", "in.net", "ly", "to", "so", "sh", "app", "eu"];

    public static bool IsOne(string source) => source is EmailHost or NumberingPlan or TopLevelDomain or Title or OwnText or TaxNumber or CorporateNumber;

    /// <summary>Attributes that one source alone speaks of: there is nobody to agree with.</summary>
    public static bool HasNoRival(string attribute) => attribute is "emailKind" or "companyDomain" or "countryCode" or "seniorityLevel" or "jobFunction" or "language" or "mood";

    public static IEnumerable<FoundFact> Of(LeadForEnrichment lead, int thisYear)
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

        if (lead.Title is { } title)
        {
            if (TitleOntology.LevelOf(title) is { } level)
            {
                yield return new FoundFact(lead.Id, "seniorityLevel", level.ToString(), Title, 0.9);
            }

            if (TitleOntology.FunctionOf(title) is { } function)
            {
                yield return new FoundFact(lead.Id, "jobFunction", function.ToString(), Title, 0.85);
            }
        }

        if (Longest(lead.Attributes) is { } text)
        {
            if (LanguageId.Of(text) is var language and not (TextLanguage.Unknown or TextLanguage.Other))
            {
                yield return new FoundFact(lead.Id, "language", language.ToString(), OwnText, 0.85);
            }

            yield return new FoundFact(lead.Id, "mood", new Sentiment().Of(text) switch { > 0.02 => "positive", < -0.02 => "negative", _ => "neutral" }, OwnText, 0.6);
        }

        foreach (var fact in ByRegistry(lead, thisYear))
        {
            yield return fact;
        }
    }

    /// <summary>Registration numbers are found by their own shape and check, whatever the column is called.</summary>
    private static IEnumerable<FoundFact> ByRegistry(LeadForEnrichment lead, int thisYear)
    {
        foreach (var text in Texts(lead.Attributes))
        {
            if (IndianRegistry.ReadGstin(text) is { } gstin)
            {
                yield return new FoundFact(lead.Id, "region", gstin.State, TaxNumber, 0.9);
                if (gstin.LegalForm is { } form)
                {
                    yield return new FoundFact(lead.Id, "legalForm", form, TaxNumber, 0.9);
                }
            }
            else if (IndianRegistry.ReadCin(text, thisYear) is { } cin)
            {
                yield return new FoundFact(lead.Id, "region", cin.State, CorporateNumber, 0.8);
                yield return new FoundFact(lead.Id, "incorporatedIn", cin.Year.ToString(System.Globalization.CultureInfo.InvariantCulture), CorporateNumber, 0.99);
                yield return new FoundFact(lead.Id, "legalForm", cin.LegalForm, CorporateNumber, 0.95);
                yield return new FoundFact(lead.Id, "listed", cin.Listed ? "yes" : "no", CorporateNumber, 0.95);
                if (cin.Industry is { } industry)
                {
                    // The activity at incorporation; companies move on and keep their number.
                    yield return new FoundFact(lead.Id, "industry", industry, CorporateNumber, 0.6);
                }
            }
        }
    }

    /// <summary>The longest text that somebody wrote in sentences; null when there is none of at least five words.</summary>
    private static string? Longest(byte[] attributes)
    {
        string? longest = null;
        var reader = new Utf8JsonReader(attributes);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > Math.Max(24, longest?.Length ?? 0) && reader.GetString() is { } text && text.Count(c => c == ' ') >= 4)
            {
                longest = text;
            }
        }

        return longest;
    }

    internal static List<string> Texts(byte[] attributes)
    {
        var texts = new List<string>();
        var reader = new Utf8JsonReader(attributes);
        while (reader.Read())
        {
            // As long as a number of either kind, with room for spaces and hyphens.
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length is >= 15 and <= 30)
            {
                texts.Add(reader.GetString()!);
            }
        }

        return texts;
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
