using System.Globalization;
using System.Text;

namespace AIX.Bench;

/// <summary>A seeded CSV of invented leads with 30 columns: eight standard ones and 22 that become custom attributes.</summary>
internal static class BenchFile
{
    private static readonly string[] Cities = ["Nashik", "Indore", "Kochi", "Jaipur", "Hyderabad", "Kolkata", "Ludhiana"];
    private static readonly string[] Titles = ["Founder", "Head of HR", "HR Manager", "CEO", "Payroll Analyst", "Director Finance", "Intern"];
    private static readonly string[] Industries = ["Manufacturing", "Software", "Healthcare", "Logistics", "Education", "Retail"];
    private static readonly string[] Words = ["alpha", "beta", "gamma", "delta", "Yes", "No", "Select", "north", "south"];

#pragma warning disable CA5394 // Invented data, no secrets.
    public static byte[] Make(int rows, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder(rows * 320);
        text.Append("Name,Email,Mobile No,Company,Designation,City,Country,Employees");
        for (var c = 0; c < 22; c++)
        {
            text.Append(CultureInfo.InvariantCulture, $",{(c % 3 == 0 ? "Visits" : c % 3 == 1 ? "Note" : "Flag")} {c}");
        }

        text.Append('\n');
        for (var i = 0; i < rows; i++)
        {
            var id = (seed * 10_000_000L) + i;
            text.Append(CultureInfo.InvariantCulture, $"Person {Letters(id)},p{id}@company{i % 9973}-s{seed}.example.com,+91 9{(700_000_000 + ((id * 7919) % 100_000_000)):D9},\"Company {i % 9973}, Pvt Ltd\",{Titles[random.Next(Titles.Length)]},{Cities[random.Next(Cities.Length)]},India,{random.Next(1, 2000)}");
            for (var c = 0; c < 22; c++)
            {
                text.Append(',');
                _ = c % 3 == 0 ? text.Append(random.Next(0, 40)) : text.Append(c % 3 == 1 ? $"{Industries[random.Next(Industries.Length)]} {Words[random.Next(Words.Length)]}" : Words[4 + random.Next(2)]);
            }

            text.Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
#pragma warning restore CA5394

    private static string Letters(long id)
    {
        var name = new StringBuilder();
        for (; id > 0; id /= 26)
        {
            name.Append((char)('a' + (id % 26)));
        }

        return char.ToUpperInvariant(name[0]) + name.ToString(1, name.Length - 1);
    }
}
