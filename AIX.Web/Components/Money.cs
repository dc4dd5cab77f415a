using System.Globalization;

namespace AIX.Web.Components;

/// <summary>Sums as people say them: ₹1.9 lakh, ₹2.3 crore; elsewhere in thousands and millions.</summary>
public static class Money
{
    private static readonly Dictionary<string, string> Signs = new(StringComparer.Ordinal) { ["INR"] = "₹", ["USD"] = "$", ["EUR"] = "€", ["GBP"] = "£" };

    public static string Show(double value, string currency)
    {
        var sign = Signs.GetValueOrDefault(currency, currency + " ");
        var hindi = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "hi";
        return (currency, value) switch
        {
            ("INR", >= 1e7) => $"{sign}{Short(value / 1e7)} {(hindi ? "करोड़" : "crore")}",
            ("INR", >= 1e5) => $"{sign}{Short(value / 1e5)} {(hindi ? "लाख" : "lakh")}",
            (not "INR", >= 1e6) => $"{sign}{Short(value / 1e6)} {(hindi ? "मिलियन" : "million")}",
            _ => sign + value.ToString("N0", CultureInfo.InvariantCulture),
        };
    }

    private static string Short(double value) => value.ToString(value < 10 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
