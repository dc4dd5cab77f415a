using System.Globalization;

namespace AIX.Bench;

/// <summary>One line of the simulated network's log: what rang there, whatever anybody else believes.</summary>
/// <param name="At">The network's clock, Unix milliseconds.</param>
/// <param name="Wall">The wall's.</param>
internal sealed record Rang(long At, long Wall, string Number, Guid Attempt)
{
    /// <param name="network">The program that plays the network.</param>
    public static async Task<List<Rang>> LogAsync(Uri network)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        var text = await http.GetStringAsync(new Uri(network, "/sim/twilio/log?from=0"));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).Select(p => new Rang(long.Parse(p[0], CultureInfo.InvariantCulture), long.Parse(p[1], CultureInfo.InvariantCulture), p[2], Guid.Parse(p[3][^36..])))];
    }
}
