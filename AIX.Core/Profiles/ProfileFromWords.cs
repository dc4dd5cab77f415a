using System.Globalization;
using System.Text.RegularExpressions;
using AIX.Core.Enrichment;

namespace AIX.Core.Profiles;

/// <summary>
/// Drafts a profile from a customer described in words: "Manufacturers in Maharashtra with 50 to 500 employees that use Tally or SAP; heads of HR and finance, no students". What is not mentioned stays as it is
/// in the profile given. Each sentence, and each part after "no", "not", "avoid" or "except", speaks for or against.
/// </summary>
public static partial class ProfileFromWords
{
    private static readonly (string Key, string[] Words)[] IndustryWords =
    [
        ("manufacturing", ["manufacturing", "manufacturer", "manufacturers", "factory", "factories", "विनिर्माण", "कारखाना"]), ("software", ["software", "saas", "it companies", "सॉफ्टवेयर"]), ("technology", ["technology", "tech"]),
        ("financial services", ["financial", "banks", "bank", "nbfc", "fintech", "insurance", "बैंक", "बीमा"]), ("healthcare", ["healthcare", "hospital", "hospitals", "clinics", "pharma", "अस्पताल"]),
        ("education", ["education", "edtech", "schools", "school", "colleges", "universities", "coaching", "शिक्षा", "स्कूल"]), ("logistics", ["logistics", "transport", "freight", "warehousing", "परिवहन"]), ("retail", ["retail", "retailers", "shops", "e-commerce", "ecommerce", "d2c", "खुदरा", "दुकान"]),
        ("construction", ["construction", "infrastructure", "builders", "निर्माण"]), ("real estate", ["real estate", "property"]), ("hospitality", ["hospitality", "hotels", "restaurants", "होटल"]), ("automotive", ["automotive", "auto parts", "cars"]), ("energy", ["energy", "solar", "power", "ऊर्जा"]),
        ("agriculture", ["agriculture", "agri", "farming", "कृषि"]), ("media", ["media", "advertising", "agencies"]), ("telecommunications", ["telecom", "telecommunications"]), ("food processing", ["food processing", "food"]), ("textiles", ["textiles", "textile", "garments", "apparel"]),
    ];

    private static readonly (string Key, string[] Words)[] FunctionWords =
    [
        ("hr", ["hr", "human resources", "people operations", "talent", "मानव संसाधन"]), ("finance", ["finance", "accounts", "accounting", "cfo", "cfos", "वित्त"]), ("it", ["it heads", "it managers", "cio", "cto", "information technology"]), ("operations", ["operations", "plant", "coo", "supply chain"]),
        ("sales", ["sales", "revenue", "बिक्री"]), ("marketing", ["marketing", "cmo", "growth"]), ("procurement", ["procurement", "purchasing", "purchase", "खरीद"]), ("legal", ["legal", "compliance"]),
    ];

    private static readonly (string Key, string[] Words)[] PersonWords =
    [
        ("founder", ["founder", "founders", "owner", "owners", "entrepreneurs", "संस्थापक", "मालिक"]), ("ceo", ["ceo", "ceos", "chief", "chiefs", "cxo", "cxos", "cfo", "cfos", "cto", "ctos"]), ("director", ["director", "directors", "निदेशक"]), ("vp", ["vp", "vps", "vice president", "vice presidents"]),
        ("head", ["head", "heads", "प्रमुख"]), ("manager", ["manager", "managers", "प्रबंधक"]), ("student", ["student", "students", "छात्र"]), ("intern", ["intern", "interns"]), ("consultant", ["consultant", "consultants", "freelancers"]), ("recruiter", ["recruiter", "recruiters"]), ("engineer", ["engineer", "engineers"]), ("analyst", ["analyst", "analysts"]),
    ];

    private static readonly string[] Places =
    [
        "india", "united states", "united kingdom", "united arab emirates", "singapore", "australia", "canada", "germany", "bangladesh", "nepal", "sri lanka", "saudi arabia", "qatar", "maharashtra", "karnataka", "tamil nadu", "gujarat", "delhi", "telangana", "kerala", "rajasthan", "punjab", "haryana", "uttar pradesh",
        "west bengal", "madhya pradesh", "andhra pradesh", "bihar", "odisha", "assam", "goa", "भारत", "महाराष्ट्र", "गुजरात", "कर्नाटक",
    ];

    private static readonly Dictionary<string, string> PlaceNames = new(StringComparer.Ordinal) { ["भारत"] = "india", ["महाराष्ट्र"] = "maharashtra", ["गुजरात"] = "gujarat", ["कर्नाटक"] = "karnataka" };

    /// <returns>The draft, and what was understood, in the words of the profile; empty when nothing was.</returns>
    public static (IdealCustomerProfile Draft, IReadOnlyList<string> Understood) Draft(string description, IdealCustomerProfile basis)
    {
        var text = description.Length > 5_000 ? description[..5_000] : description;
        var (draft, understood) = (basis, new List<string>());
        var (wanted, unwanted) = (new List<string>(), new List<string>());
        foreach (Match part in Clause().Matches(text))
        {
            (part.Groups["no"].Success ? unwanted : wanted).Add(part.Groups["text"].Value);
        }

        var (yes, no) = (string.Join(" . ", wanted), string.Join(" . ", unwanted));
        if (Size(text) is var (min, max))
        {
            draft = draft with { EmployeesMin = min, EmployeesMax = max };
            understood.Add(string.Create(CultureInfo.InvariantCulture, $"employees {min:0}–{max:0}"));
        }

        draft = draft with
        {
            Industries = Weights(draft.Industries, IndustryWords, yes, no, understood, "industry"),
            Functions = Weights(draft.Functions, FunctionWords, yes, no, understood, "function"),
            Seniorities = Raised(draft.Seniorities, Named(PersonWords, yes), understood),
            NegativePersonas = [.. draft.NegativePersonas.Union(Note(Named(PersonWords, no), understood, "not"))],
            Territories = Territories(draft.Territories, yes, no, understood),
        };
        var (technologies, against) = (Technologies(yes), Technologies(no));
        understood.AddRange(technologies.Select(t => $"technology {t}").Concat(against.Select(t => $"not {t}")));
        return (technologies.Count + against.Count == 0 ? draft : draft with
        {
            DesiredTechnologies = technologies.Count == 0 ? draft.DesiredTechnologies : technologies.ToDictionary(t => t, _ => 0.8, StringComparer.OrdinalIgnoreCase),
            NegativeTechnologies = Merge(draft.NegativeTechnologies, against.Select(t => KeyValuePair.Create(t, 0.8))),
        }, understood);
    }

    private static Dictionary<string, double> Weights(IReadOnlyDictionary<string, double> known, (string Key, string[] Words)[] table, string yes, string no, List<string> understood, string what)
    {
        var (wanted, unwanted) = (Named(table, yes), Named(table, no));
        understood.AddRange(wanted.Select(w => $"{what} {w}").Concat(unwanted.Select(w => $"not {w}")));

        // What is asked for by name stands above everything that was there.
        var rest = wanted.Count == 0 ? known : known.ToDictionary(k => k.Key, k => Math.Round(k.Value * 0.4, 2));
        return Merge(rest, wanted.Select(w => KeyValuePair.Create(w, 1.0)).Concat(unwanted.Select(w => KeyValuePair.Create(w, 0.0))));
    }

    private static Dictionary<string, double> Raised(IReadOnlyDictionary<string, double> known, List<string> wanted, List<string> understood)
    {
        understood.AddRange(wanted.Select(w => $"title {w}"));
        return Merge(known, wanted.Select(w => KeyValuePair.Create(w, 1.0)));
    }

    private static Dictionary<string, double> Territories(IReadOnlyDictionary<string, double> known, string yes, string no, List<string> understood)
    {
        List<string> Found(string text) => [.. Places.Where(p => Has(text, p)).Select(p => PlaceNames.GetValueOrDefault(p, p)).Distinct()];
        var (wanted, unwanted) = (Found(yes), Found(no));
        understood.AddRange(wanted.Select(w => $"place {w}").Concat(unwanted.Select(w => $"not {w}")));
        var rest = wanted.Count == 0 ? known : known.ToDictionary(k => k.Key, k => Math.Round(k.Value * 0.4, 2));
        return Merge(rest, wanted.Select(w => KeyValuePair.Create(w, 1.0)).Concat(unwanted.Select(w => KeyValuePair.Create(w, 0.0))));
    }

    private static List<string> Note(List<string> names, List<string> understood, string what)
    {
        understood.AddRange(names.Select(n => $"{what} {n}"));
        return names;
    }

    private static Dictionary<string, double> Merge(IReadOnlyDictionary<string, double> known, IEnumerable<KeyValuePair<string, double>> changes)
    {
        var merged = known.ToDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, weight) in changes)
        {
            merged[key] = weight;
        }

        return merged;
    }

    private static List<string> Named((string Key, string[] Words)[] table, string text) => [.. table.Where(t => t.Words.Any(w => Has(text, w))).Select(t => t.Key)];

    /// <summary>Names of two letters are asked for as they are written: "Go" is not "go".</summary>
    private static List<string> Technologies(string text)
    {
        var found = TechnologyDetector.Default.Names.Concat(["Tally", "Zoho", "AWS", "QuickBooks"]).Distinct(StringComparer.OrdinalIgnoreCase).Where(t => t.Length > 2 && Has(text, t)).ToList();

        // "Zoho CRM" is not "Zoho" as well.
        return [.. found.Where(t => !found.Exists(longer => longer.Length > t.Length && Has(longer, t)))];
    }

    private static bool Has(string text, string words)
    {
        for (var at = text.IndexOf(words, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(words, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + words.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static (double Min, double Max)? Size(string text)
    {
        double Number(Group group) => double.Parse(group.Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        if (Range().Match(text) is { Success: true } range && Number(range.Groups["max"]) >= Number(range.Groups["min"]))
        {
            return (Number(range.Groups["min"]), Number(range.Groups["max"]));
        }

        if (AtLeast().Match(text) is { Success: true } least)
        {
            return (Number(least.Groups["n"]), 20 * Number(least.Groups["n"]));
        }

        return AtMost().Match(text) is { Success: true } most ? (1, Number(most.Groups["n"])) : null;
    }

    /// <summary>A clause, and whether it begins with a denial.</summary>
    [GeneratedRegex(@"(?<no>\b(?:no|not|never|avoid|except|excluding|without|but not)\b|नहीं|बिना)?(?<text>(?:(?!\b(?:no|not|never|avoid|except|excluding|without)\b|नहीं|बिना)[^.;\n।])+)", RegexOptions.IgnoreCase)]
    private static partial Regex Clause();

    [GeneratedRegex(@"(?<min>\d[\d,]*)\s*(?:-|–|to|and|से)\s*(?<max>\d[\d,]*)\s*(?:\+?\s*)(?:employees|people|staff|कर्मचारी)", RegexOptions.IgnoreCase)]
    private static partial Regex Range();

    [GeneratedRegex(@"(?:more than|at least|over|above|minimum|from)\s+(?<n>\d[\d,]*)\s*(?:\+\s*)?(?:employees|people|staff|कर्मचारी)|(?<n>\d[\d,]*)\s*\+\s*(?:employees|people|staff|कर्मचारी)", RegexOptions.IgnoreCase)]
    private static partial Regex AtLeast();

    [GeneratedRegex(@"(?:less than|at most|under|below|up to|fewer than)\s+(?<n>\d[\d,]*)\s*(?:employees|people|staff|कर्मचारी)", RegexOptions.IgnoreCase)]
    private static partial Regex AtMost();
}
