using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AIX.Bench;
using AIX.Bench.Vendors;
using AIX.Infrastructure.Calls.Simulation;
using AIX.Tests.Support;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace AIX.Tests.Calls;

public sealed class OrphanTests
{
    /// <summary>Prevents: the comparison exists and nothing runs it. Somebody places a call with AIX's caller id past AIX; the running program finds it and ends it.</summary>
    [Fact]
    public async Task Program_FindsACallThatItNeverPlaced_AndEndsIt()
    {
        var clock = Path.Combine(Path.GetTempPath(), $"aix-orphan-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}");
        var noon = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.FromHours(5.5));
        Show(noon);
        await using var node = await AixProcess.StartAsync(
            environment: new Dictionary<string, string> { ["Database__ConnectionString"] = await TestCluster.CreateDatabaseAsync(), ["Calls__ReconcileSeconds"] = "5", ["Calls__SimulatorSpeed"] = "60", ["Calls__SimulatorClock"] = "file:" + clock },
            program: Path.Combine(AppContext.BaseDirectory, "AIX.Web.dll"));
        await using var stranger = await VendorServer.StartAsync(c =>
        {
            c.Response.ContentType = "application/xml";
            return c.Response.WriteAsync("<Response><Pause length=\"36000\"/></Response>");
        });
        using var twilio = new HttpClient { BaseAddress = node.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TwilioSimulator.AccountSid}:{TwilioSimulator.Token}"))) } };
        var suffix = Enumerable.Range(70_000, 9_000).First(i => new Persona(int.Parse($"+9111111{i:00000}"[^6..], System.Globalization.CultureInfo.InvariantCulture)) is { Kind: PersonaKind.Keen, HangsUpEarly: false });
        var calls = $"/sim/twilio/2010-04-01/Accounts/{TwilioSimulator.AccountSid}/Calls";
        var placed = await twilio.PostAsync($"{calls}.json", new FormUrlEncodedContent([new("To", $"+9111111{suffix:00000}"), new("From", "+14155550100"), new("Url", stranger.Url("/twiml").ToString())]));
        var sid = (await placed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sid").GetString();
        await Wait.UntilAsync(async () => await StatusAsync() == "in-progress", "the stranger's call to be answered");

        // Two minutes old it could still be one of AIX's own on its way.
        Show(noon.AddMinutes(5));

        await Wait.UntilAsync(async () => await StatusAsync() == "completed", "the orphan to be ended");
        File.Delete(clock);

        void Show(DateTimeOffset at)
        {
            File.WriteAllText(clock + ".part", FormattableString.Invariant($"{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()} {at.ToUnixTimeMilliseconds()} 1"));
            File.Move(clock + ".part", clock, true);
        }

        async Task<string?> StatusAsync() => (await twilio.GetFromJsonAsync<JsonElement>($"{calls}/{sid}.json")).GetProperty("status").GetString();
    }
}
