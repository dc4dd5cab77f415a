using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AIX.Core.Calls;
using AIX.Infrastructure.Calls.Simulation;
using AIX.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace AIX.Tests.Calls;

/// <summary>The simulated network alone, over HTTP, on a clock that stands.</summary>
public sealed class SimulatorTests : IAsyncLifetime
{
    private const string Calls = $"/sim/twilio/2010-04-01/Accounts/{TwilioSimulator.AccountSid}/Calls.json";

    private WebApplication _app = null!;

    private TwilioSimulator Simulator { get; set; } = null!;

    private HttpClient Http { get; set; } = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        Simulator = new TwilioSimulator(new CallOptions { SimulatorSpeed = 1 }, new ManualTime());
        Simulator.Map(_app);
        await _app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TwilioSimulator.AccountSid}:{TwilioSimulator.Token}"))) } };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        Simulator.Dispose();
    }

    /// <summary>Prevents: the rehearsal takes calls faster than a real account would. Thirty a second ring; the next ones wait in the account's queue, and say how long.</summary>
    [Fact]
    public async Task Calls_FasterThanTheAccountMay_WaitInItsQueue()
    {
        var waits = new List<int>();
        for (var n = 0; n < 61; n++)
        {
            waits.Add(int.Parse((await PlaceAsync(n)).GetProperty("queue_time").GetString()!, CultureInfo.InvariantCulture));
        }

        waits[0].ShouldBe(0);
        waits[30].ShouldBeInRange(999, 1_000);
        waits[60].ShouldBeInRange(1_999, 2_000);
        waits.ShouldBeInOrder();
    }

    [Fact]
    public async Task List_ComesInPages_TheNewestFirst_AndEachCallOnce()
    {
        for (var n = 0; n < 5; n++)
        {
            await PlaceAsync(n);
        }

        var seen = new List<string>();
        for (var next = $"{Calls}?From=%2B14155550100&PageSize=2"; next is not null;)
        {
            var page = await Http.GetFromJsonAsync<JsonElement>(next);
            seen.AddRange(page.GetProperty("calls").EnumerateArray().Select(c => c.GetProperty("sid").GetString()!));
            page.GetProperty("calls").GetArrayLength().ShouldBeLessThanOrEqualTo(2);
            next = page.GetProperty("next_page_uri").GetString() is { } path ? "/sim/twilio" + path : null;
        }

        seen.Distinct().Count().ShouldBe(5);
        seen.Count.ShouldBe(5);
        (await Http.GetFromJsonAsync<JsonElement>($"{Calls}?From=%2B14155550101")).GetProperty("calls").GetArrayLength().ShouldBe(0);
    }

    private async Task<JsonElement> PlaceAsync(int n)
    {
        var answer = await Http.PostAsync(Calls, new FormUrlEncodedContent([new("To", $"+9111111{n:00000}"), new("From", "+14155550100"), new("Url", "http://127.0.0.1:9/none")]));
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
