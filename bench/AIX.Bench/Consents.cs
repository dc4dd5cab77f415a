using System.Text;

namespace AIX.Bench;

/// <summary>Explicit consents and scrub results for invented numbers, through the API that everybody has.</summary>
internal static class Consents
{
    /// <param name="date">Before the program's clock.</param>
    public static async Task GiveAsync(HttpClient api, IEnumerable<string> numbers, string date = "2026-11-20T10:00:00+05:30", string purpose = "service") =>
        await PostAsync(api, "consent", "address,channel,purpose,basis,action,date,evidence\n" + string.Join('\n', numbers.Select(n => $"{n},voice,{purpose},explicit,given,{date},invented form")));

    public static Task ScrubAsync(HttpClient api, IEnumerable<string> numbers, DateTimeOffset asOf) => PostAsync(api, "scrub&asOf=" + Uri.EscapeDataString(asOf.ToString("O")), "number,result\n" + string.Join('\n', numbers.Select(n => $"{n},allowed")));

    private static async Task PostAsync(HttpClient api, string kind, string csv)
    {
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        var answer = await api.PostAsync("/api/v1/compliance/files?kind=" + kind, content);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
        }
    }
}
