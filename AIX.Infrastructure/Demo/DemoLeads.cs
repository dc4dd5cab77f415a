using System.Globalization;

namespace AIX.Infrastructure.Demo;

/// <summary>Invented leads: the surname says so, hosts are under example.com, numbers in the block +91 11111 xxxxx. Seeded, so that every run makes the same.</summary>
public static class DemoLeads
{
    private static readonly string[] Given = ["Asha", "Bharat", "Chitra", "Dev", "Esha", "Farid", "Gauri", "Harsh", "Indu", "Jai", "Kiran", "Lata", "Mohan", "Nila", "Omkar", "Pari", "Rohan", "Sita", "Tara", "Uday", "Veena", "Yash"];
    private static readonly string[] Surnames = ["Example", "Sample", "Demo", "Specimen", "Placeholder"];
    private static readonly string[] Places = ["Lotus", "Banyan", "Monsoon", "Peacock", "Marigold", "Saffron", "Tamarind", "Sandalwood", "Jasmine", "Mango", "Coral", "Indigo"];
    private static readonly (string Word, string Industry)[] Trades =
        [("Castings", "Manufacturing"), ("Foods", "Food processing"), ("Software", "Software"), ("Textiles", "Textiles"), ("Clinics", "Healthcare"), ("Logistics", "Logistics"), ("Academy", "Education"), ("Retail", "Retail")];

    private static readonly string[] Titles = ["Founder", "HR Manager", "Head of HR", "Director Finance", "Accounts Executive", "CEO", "Operations Manager", "Intern", "VP People", "Payroll Analyst"];
    private static readonly (string City, string Region)[] Cities =
        [("Nashik", "Maharashtra"), ("Indore", "Madhya Pradesh"), ("Kochi", "Kerala"), ("Ludhiana", "Punjab"), ("Jaipur", "Rajasthan"), ("Coimbatore", "Tamil Nadu"), ("Hyderabad", "Telangana"), ("Kolkata", "West Bengal")];

    private static readonly string[] Tools = ["Tally", "Zoho", "SAP", "Salesforce", "HubSpot", "AWS"];

    public static IReadOnlyList<Dictionary<string, object?>> Make(int count, int seed)
    {
#pragma warning disable CA5394 // Invented data, no secrets.
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => One(random, i, seed))];
    }

    private static Dictionary<string, object?> One(Random random, int i, int seed)
    {
        T Pick<T>(T[] from) => from[random.Next(from.Length)];
        var given = Pick(Given);
        var surname = Pick(Surnames);
        var trade = Pick(Trades);
        var company = $"{Pick(Places)} {trade.Word}";
        var host = $"{company.ToLowerInvariant().Replace(' ', '-')}.example.com";
        var city = Pick(Cities);
        var lead = new Dictionary<string, object?>
        {
            ["name"] = $"{given} {surname}",
            ["company"] = company + (random.Next(3) == 0 ? " Pvt Ltd" : ""),
            ["email"] = $"{given.ToLowerInvariant()}.{surname.ToLowerInvariant()}{i}@{host}",
            ["phone"] = "+91 11111 " + (seed * 1000 + i).ToString("00000", CultureInfo.InvariantCulture),
            ["city"] = city.City,
            ["region"] = city.Region,
            ["country"] = "India",
            ["leadSource"] = Pick(["Website", "Trade fair", "Referral", "Webinar"]),
        };
        if (random.Next(10) > 1)
        {
            lead["title"] = Pick(Titles);
        }

        if (random.Next(10) > 2)
        {
            lead["employees"] = (int)Math.Round(Math.Exp(random.NextDouble() * 5 + 2.3));
            lead["industry"] = trade.Industry;
        }

        if (random.Next(10) > 4)
        {
            lead["technologies"] = Tools.Where(_ => random.Next(3) == 0).ToArray();
        }

        if (random.Next(10) > 3)
        {
            lead["attributes"] = new Dictionary<string, object> { ["Total visits"] = random.Next(0, 30), ["Page views per visit"] = random.Next(1, 9) };
        }

        return lead;
    }
#pragma warning restore CA5394
}
