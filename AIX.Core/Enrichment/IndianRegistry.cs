using System.Globalization;
using System.Text.RegularExpressions;

namespace AIX.Core.Enrichment;

/// <summary>A goods and services tax number (GSTIN) taken apart.</summary>
/// <param name="State">State or union territory of the registration.</param>
/// <param name="LegalForm">From the fourth letter of the permanent account number inside; null for one that says nothing of a business.</param>
public sealed record Gstin(string Number, string State, string? LegalForm);

/// <summary>A corporate identity number (CIN) taken apart.</summary>
/// <param name="Listed">Whether the company's shares are listed.</param>
/// <param name="Industry">In AIX's own words, from the first two digits of the activity code; null for one outside the tables.</param>
/// <param name="State">State of the registrar.</param>
/// <param name="Year">Of incorporation.</param>
public sealed record Cin(string Number, bool Listed, string? Industry, string State, int Year, string LegalForm);

/// <summary>What Indian registration numbers say by themselves: no source is asked, nothing is paid.</summary>
public static partial class IndianRegistry
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>First year whose new companies carry codes of NIC-2008; before, of NIC-2004, where the same digits mean other things (72: software, not research).</summary>
    private const int FirstYearOfNic2008 = 2016;

    private static readonly Dictionary<string, string> TaxStates = new(StringComparer.Ordinal)
    {
        ["01"] = "Jammu and Kashmir",
        ["02"] = "Himachal Pradesh",
        ["03"] = "Punjab",
        ["04"] = "Chandigarh",
        ["05"] = "Uttarakhand",
        ["06"] = "Haryana",
        ["07"] = "Delhi",
        ["08"] = "Rajasthan",
        ["09"] = "Uttar Pradesh",
        ["10"] = "Bihar",
        ["11"] = "Sikkim",
        ["12"] = "Arunachal Pradesh",
        ["13"] = "Nagaland",
        ["14"] = "Manipur",
        ["15"] = "Mizoram",
        ["16"] = "Tripura",
        ["17"] = "Meghalaya",
        ["18"] = "Assam",
        ["19"] = "West Bengal",
        ["20"] = "Jharkhand",
        ["21"] = "Odisha",
        ["22"] = "Chhattisgarh",
        ["23"] = "Madhya Pradesh",
        ["24"] = "Gujarat",
        ["25"] = "Daman and Diu",
        ["26"] = "Dadra and Nagar Haveli and Daman and Diu",
        ["27"] = "Maharashtra",
        ["28"] = "Andhra Pradesh",
        ["29"] = "Karnataka",
        ["30"] = "Goa",
        ["31"] = "Lakshadweep",
        ["32"] = "Kerala",
        ["33"] = "Tamil Nadu",
        ["34"] = "Puducherry",
        ["35"] = "Andaman and Nicobar Islands",
        ["36"] = "Telangana",
        ["37"] = "Andhra Pradesh",
        ["38"] = "Ladakh",
        ["97"] = "Other Territory",
    };

    private static readonly Dictionary<string, string> RegistrarStates = new(StringComparer.Ordinal)
    {
        ["AN"] = "Andaman and Nicobar Islands",
        ["AP"] = "Andhra Pradesh",
        ["AR"] = "Arunachal Pradesh",
        ["AS"] = "Assam",
        ["BR"] = "Bihar",
        ["CH"] = "Chandigarh",
        ["CT"] = "Chhattisgarh",
        ["DD"] = "Daman and Diu",
        ["DL"] = "Delhi",
        ["DN"] = "Dadra and Nagar Haveli",
        ["GA"] = "Goa",
        ["GJ"] = "Gujarat",
        ["HP"] = "Himachal Pradesh",
        ["HR"] = "Haryana",
        ["JH"] = "Jharkhand",
        ["JK"] = "Jammu and Kashmir",
        ["KA"] = "Karnataka",
        ["KL"] = "Kerala",
        ["LA"] = "Ladakh",
        ["LD"] = "Lakshadweep",
        ["MH"] = "Maharashtra",
        ["ML"] = "Meghalaya",
        ["MN"] = "Manipur",
        ["MP"] = "Madhya Pradesh",
        ["MZ"] = "Mizoram",
        ["NL"] = "Nagaland",
        ["OR"] = "Odisha",
        ["PB"] = "Punjab",
        ["PY"] = "Puducherry",
        ["RJ"] = "Rajasthan",
        ["SK"] = "Sikkim",
        ["TG"] = "Telangana",
        ["TN"] = "Tamil Nadu",
        ["TR"] = "Tripura",
        ["TS"] = "Telangana",
        ["TZ"] = "Tamil Nadu",
        ["UP"] = "Uttar Pradesh",
        ["UR"] = "Uttarakhand",
        ["UT"] = "Uttarakhand",
        ["WB"] = "West Bengal",
    };

    private static readonly Dictionary<char, string> Holders = new()
    {
        ['A'] = "association",
        ['B'] = "association",
        ['C'] = "company",
        ['F'] = "partnership",
        ['G'] = "government",
        ['H'] = "family business",
        ['L'] = "local authority",
        ['P'] = "proprietorship",
        ['T'] = "trust",
    };

    private static readonly Dictionary<string, string> LegalForms = new(StringComparer.Ordinal)
    {
        ["FLC"] = "financial lease company",
        ["FTC"] = "private limited, foreign",
        ["GAP"] = "general association",
        ["GAT"] = "general association",
        ["GOI"] = "government company",
        ["NPL"] = "non-profit",
        ["OPC"] = "one person company",
        ["PLC"] = "public limited",
        ["PTC"] = "private limited",
        ["SGC"] = "state government company",
        ["ULL"] = "public unlimited",
        ["ULT"] = "private unlimited",
    };

    /// <summary>Null when the text is none: of another shape, of no state, or with a wrong check character.</summary>
    public static Gstin? ReadGstin(string text)
    {
        var number = Compact(text);
        return GstinShape().IsMatch(number) && TaxStates.TryGetValue(number[..2], out var state) && number[14] == CheckOf(number.AsSpan(0, 14)) ? new Gstin(number, state, Holders.GetValueOrDefault(number[5])) : null;
    }

    /// <summary>Null when the text is none. A CIN has no check digit: shape, state, form and a year that can be are what there is to check.</summary>
    public static Cin? ReadCin(string text, int thisYear)
    {
        var number = Compact(text);
        if (!CinShape().IsMatch(number) || !RegistrarStates.TryGetValue(number[6..8], out var state) || !LegalForms.TryGetValue(number[12..15], out var form))
        {
            return null;
        }

        var year = int.Parse(number.AsSpan(8, 4), CultureInfo.InvariantCulture);
        return year < 1850 || year > thisYear ? null : new Cin(number, number[0] == 'L', IndustryOf(int.Parse(number.AsSpan(1, 2), CultureInfo.InvariantCulture), year), state, year, form);
    }

    /// <summary>Luhn's scheme to the base of 36: factors 1, 2, 1 … from the left, digits of each product added.</summary>
    internal static char CheckOf(ReadOnlySpan<char> number)
    {
        var sum = 0;
        for (var i = 0; i < number.Length; i++)
        {
            var product = Alphabet.IndexOf(number[i], StringComparison.Ordinal) * (1 + i % 2);
            sum += product / 36 + product % 36;
        }

        return Alphabet[(36 - sum % 36) % 36];
    }

    private static string? IndustryOf(int division, int year) => year < FirstYearOfNic2008
        ? division switch
        {
            >= 1 and <= 5 => "agriculture",
            >= 10 and <= 14 => "mining",
            >= 15 and <= 37 => "manufacturing",
            40 or 41 => "utilities",
            45 => "construction",
            >= 50 and <= 52 => "retail",
            55 => "hospitality",
            >= 60 and <= 63 => "logistics",
            64 => "telecommunications",
            >= 65 and <= 67 => "financial services",
            70 => "real estate",
            72 => "software",
            71 or 73 or 74 => "business services",
            80 => "education",
            85 => "healthcare",
            90 => "utilities",
            92 => "media",
            _ => null,
        }
        : division switch
        {
            >= 1 and <= 3 => "agriculture",
            >= 5 and <= 9 => "mining",
            >= 10 and <= 33 => "manufacturing",
            >= 35 and <= 39 => "utilities",
            >= 41 and <= 43 => "construction",
            >= 45 and <= 47 => "retail",
            >= 49 and <= 53 => "logistics",
            55 or 56 => "hospitality",
            >= 58 and <= 60 => "media",
            61 => "telecommunications",
            62 or 63 => "software",
            >= 64 and <= 66 => "financial services",
            68 => "real estate",

            // Registrars kept using 72 of NIC-2004 for software years after the change.
            72 => "software",
            >= 69 and <= 82 => "business services",
            85 => "education",
            >= 86 and <= 88 => "healthcare",
            >= 90 and <= 93 => "media",
            _ => null,
        };

    private static string Compact(string text) => text.Length > 40 ? "" : new string([.. text.Where(c => c is not (' ' or '-'))]).ToUpperInvariant();

    [GeneratedRegex("^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][0-9A-Z]Z[0-9A-Z]$")]
    private static partial Regex GstinShape();

    [GeneratedRegex("^[LU][0-9]{5}[A-Z]{2}[0-9]{4}[A-Z]{3}[0-9]{6}$")]
    private static partial Regex CinShape();
}
