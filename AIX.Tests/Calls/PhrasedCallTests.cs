using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AIX.Bench;
using AIX.Bench.Vendors;
using AIX.Infrastructure.Calls.Simulation;
using AIX.Tests.Support;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace AIX.Tests.Calls;

/// <summary>A call with a language model at hand, over its own protocol: it says an article's answer in other words, once well, once with a promise too many.</summary>
public class PhrasedCallTests
{
    private const string Good = "Acme Payroll costs nine hundred rupees for each user per month.";
    private const string Bad = "We guarantee the lowest price.";

    [Theory]
    [InlineData(Good, Good)]
    [InlineData(Bad, "Acme Payroll costs nine hundred rupees per user and month")]
    public async Task Price_IsAskedOnTheLine(string written, string said)
    {
        var asked = 0;
        await using var model = await VendorServer.StartAsync(async c =>
        {
            asked++;
            c.Response.ContentType = "application/json";
            await c.Response.WriteAsync(JsonSerializer.Serialize(new { choices = new[] { new { message = new { content = JsonSerializer.Serialize(new { answer = written }) } } } }));
        });
        await using var node = await AixProcess.StartAsync(
            environment: new Dictionary<string, string>
            {
                ["Database__ConnectionString"] = await TestCluster.CreateDatabaseAsync(),
                ["Calls__SimulatorSpeed"] = "200",
                ["Calls__SimulatorClock"] = "2026-11-23T12:00:00+05:30",
                ["Calls__PhraseMilliseconds"] = "5000",
                ["Text__ChatUrl"] = model.Url("/v1").AbsoluteUri,
                ["Text__ChatModel"] = "writer-1",
            },
            program: Path.Combine(AppContext.BaseDirectory, "AIX.Web.dll"), dataFolder: Path.Combine(Path.GetTempPath(), "aix-phrase-" + Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N")[20..]));
        using var api = new HttpClient { BaseAddress = node.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", "demo-acme-key") } };
        var number = $"+9111111{Enumerable.Range(30_000, 9_000).First(AsksThePriceInEnglish):00000}";
        var lead = (await (await api.PostAsJsonAsync("/api/v1/leads", new { name = "Asha Example", phone = number })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items")[0].GetProperty("leadId").GetGuid();
        await Consents.GiveAsync(api, [number]);

        var id = (await (await api.PostAsJsonAsync("/api/v1/calls", new { leadId = lead })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        JsonElement call = default;
        await Wait.UntilAsync(async () => (call = await api.GetFromJsonAsync<JsonElement>($"/api/v1/calls/{id}")).GetProperty("wrappedUp").GetBoolean(), "the call to end");

        var turns = call.GetProperty("turns").EnumerateArray().ToList();
        var question = turns.FindIndex(t => t.GetProperty("text").GetString() == "how much does it cost");
        question.ShouldBeGreaterThan(0, call.ToString());
        turns[question + 1].GetProperty("text").GetString()!.ShouldStartWith(said);
        turns[question].GetProperty("phraseMs").GetDouble().ShouldBeGreaterThan(0);
        turns[question].GetProperty("decisionMs").GetDouble().ShouldBeGreaterThanOrEqualTo(turns[question].GetProperty("phraseMs").GetDouble());
        asked.ShouldBeGreaterThan(0);
    }

    private static bool AsksThePriceInEnglish(int suffix)
    {
        var persona = new Persona(int.Parse($"+9111111{suffix:00000}"[^6..], System.Globalization.CultureInfo.InvariantCulture));
        return persona is { Kind: PersonaKind.PriceObjector, HangsUpEarly: false } && persona.Answer("Is this a good time for two minutes?") is not null && persona.Answer("") == "how much does it cost";
    }
}
