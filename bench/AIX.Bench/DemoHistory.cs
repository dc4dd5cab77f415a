using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace AIX.Bench;

/// <summary>Gives a running AIX a past: invented leads with outcomes, a model trained on them, promoted.</summary>
internal static class DemoHistory
{
    public static async Task MakeAsync(HttpClient http, int leads)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Csv(leads)), "file", "history.csv" } };
        using var answer = await http.PostAsync("/api/v1/imports", form);
        var id = (await Read(answer)).GetProperty("id").GetGuid();
        await UntilAsync(async () => await http.GetFromJsonAsync<JsonElement>($"/api/v1/imports/{id}") is var import && import.GetProperty("state").GetString() != "running" && import.GetProperty("scored").GetInt32() == import.GetProperty("accepted").GetInt32());
        (await http.PostAsync("/api/v1/models/train", null)).EnsureSuccessStatusCode();
        await UntilAsync(async () => (await http.GetFromJsonAsync<JsonElement>("/api/v1/models")).GetArrayLength() > 0);
        (await http.PostAsync("/api/v1/models/2/promote", null)).EnsureSuccessStatusCode();
        using var accepted = new StringContent("""{"accept":["attr.status"]}""", Encoding.UTF8, "application/json");
        (await http.PostAsync("/api/v1/models/train", accepted)).EnsureSuccessStatusCode();
        await UntilAsync(async () => (await http.GetFromJsonAsync<JsonElement>("/api/v1/models")).GetArrayLength() > 1);
    }

    private static byte[] Csv(int leads)
    {
        var random = new Random(5);
        string[] sources = ["Referral", "Webinar", "Bought list", "Trade fair"];
        string[] titles = ["CEO", "Head of HR", "Manager", "Analyst"];
        var csv = new StringBuilder("name,email,designation,employees,sector,plan,total visits,status,outcome,outcome date\n");
        for (var i = 0; i < leads; i++)
        {
            var (source, title, visits, staff) = (random.Next(4), random.Next(4), random.Next(15), (int)Math.Exp(2 + 5 * random.NextDouble()));
            var logit = -1.6 + (source == 0 ? 1.2 : source == 2 ? -1 : 0) + (title < 2 ? 0.7 : -0.3) + 0.18 * (visits - 6) * (source == 1 ? 1.6 : 0.7) + 0.3 * Math.Log(staff / 50.0);
            var won = random.NextDouble() < 1 / (1 + Math.Exp(-logit));
            var day = new DateOnly(2025, 1, 1).AddDays(i * 600 / leads);
            csv.Append(CultureInfo.InvariantCulture, $"Lead {i},lead{i}@history{i}.test,{titles[title]},{staff},{(i % 3 == 0 ? "Software" : "Retail")},{sources[source]},{visits},{(won ? "invoice sent" : random.Next(30) == 0 ? "invoice sent" : "closed")},{(won ? "won" : "lost")},{day:yyyy-MM-dd}\n");
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    private static async Task UntilAsync(Func<Task<bool>> done)
    {
        for (var tries = 0; tries < 1200 && !await done(); tries++)
        {
            await Task.Delay(100);
        }
    }

    private static async Task<JsonElement> Read(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
}
