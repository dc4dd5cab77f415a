using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AIX.Bench;
using AIX.Infrastructure.Calls.Simulation;
using AIX.Tests.Support;
using Npgsql;
using Shouldly;
using Xunit;

namespace AIX.Tests.Calls;

/// <summary>A provider that refuses, breaks, comes late and forgets to hang up.</summary>
public sealed class ProviderTroubleTests : IAsyncLifetime
{
    private string _database = "";
    private AixProcess? _node;
    private HttpClient Api { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestCluster.CreateDatabaseAsync();
        _node = await AixProcess.StartAsync(
            environment: new Dictionary<string, string>
            {
                ["Database__ConnectionString"] = _database,
                ["Calls__SimulatorSpeed"] = "200",
                ["Calls__SimulatorClock"] = "2026-11-23T12:00:00+05:30",
                ["Calls__SimulatorFaults"] = "toomany=0.2 errors=0.1 late=0.3 endless=0.5",
                ["Calls__SilentSeconds"] = "5",
                ["Calls__UncertainSeconds"] = "10",
                ["Calls__MaxSeconds"] = "30",
                ["Calls__RingSeconds"] = "5",

                // Its token is wrong: the provider refuses it.
                ["CallRoutes__Routes__0__Name"] = "refused",
                ["CallRoutes__Routes__0__BaseUrl"] = "/sim/twilio",
                ["CallRoutes__Routes__0__AccountSid"] = TwilioSimulator.AccountSid,
                ["CallRoutes__Routes__0__AuthToken"] = "no-longer-valid",
                ["CallRoutes__Routes__0__CallerId"] = "+14155550199",
            },
            program: Path.Combine(AppContext.BaseDirectory, "AIX.Web.dll"), dataFolder: Path.Combine(Path.GetTempPath(), "aix-trouble-" + Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N")[20..]));
        Api = new HttpClient { BaseAddress = _node.Url, Timeout = TimeSpan.FromSeconds(60), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", "demo-acme-key") } };
    }

    public async Task DisposeAsync()
    {
        Api.Dispose();
        await _node!.DisposeAsync();
    }

    /// <summary>Prevents: a call that hangs for ever, or is made twice, because the provider had a bad day.</summary>
    [Fact]
    public async Task Calls_EndOnce_WhateverTheProviderDoes()
    {
        var leads = await LeadsAsync(60_000, 12);
        foreach (var lead in leads)
        {
            (await Api.PostAsJsonAsync("/api/v1/calls", new { leadId = lead, route = "simulated" })).EnsureSuccessStatusCode();
        }

        await Wait.UntilAsync(async () => await ScalarAsync<long>("SELECT count(*) FROM aix.calls WHERE wrapped_up") == leads.Count, "every call to end", 120);
        var figures = await Api.GetFromJsonAsync<JsonElement>("/sim/twilio/figures");
        figures.GetProperty("perAttempt").GetInt32().ShouldBe(1);
        figures.GetProperty("open").GetInt32().ShouldBe(0);
    }

    /// <summary>Prevents: a campaign burns its leads on a route whose settings the provider refuses, and nobody hears of it.</summary>
    [Fact]
    public async Task Route_ThatIsRefused_Rests_PausesItsCampaigns_AndTellsTheAdmins()
    {
        await LeadsAsync(61_000, 20, "refused");
        var created = await Api.PostAsJsonAsync("/api/v1/campaigns", new
        {
            name = "Refused",
            plan = new Dictionary<string, object>
            {
                ["purpose"] = "your enquiry",
                ["purposeHindi"] = "आपकी पूछताछ",
                ["class"] = "Service",
                ["route"] = "refused",
                ["callsPerSecond"] = 1,
                ["exceptOthers"] = false,
                ["audience"] = new { facts = new[] { new { attribute = "group", @operator = "Is", value = "refused" } } },
            },
        });
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        (await Api.PostAsync($"/api/v1/campaigns/{id}/launch", null)).EnsureSuccessStatusCode();

        await Wait.UntilAsync(async () => await ScalarAsync<long>($"SELECT count(*) FROM aix.campaigns WHERE id = '{id}' AND state = 4 AND reason = 'route'") == 1, "the campaign to pause");
        (await ScalarAsync<long>($"SELECT count(*) FROM aix.calls WHERE campaign_id = '{id}'")).ShouldBeLessThanOrEqualTo(8);
        await Wait.UntilAsync(async () => await ScalarAsync<long>("SELECT count(*) FROM aix.notifications WHERE kind = 'routeRefused' AND text LIKE 'refused: %20003%'") == 1, "the notice");
        (await ScalarAsync<bool>("SELECT next_slot > clock_timestamp() + interval '20 seconds' FROM aix.source_paces WHERE scope LIKE 'call:%:+14155550199'")).ShouldBeTrue();
    }

    private async Task<IReadOnlyList<Guid>> LeadsAsync(int from, int count, string group = "")
    {
        var numbers = Enumerable.Range(from, count).Select(i => $"+9111111{i:00000}").ToList();
        var answer = await (await Api.PostAsJsonAsync("/api/v1/leads", numbers.Select((n, i) => new { name = $"Lead {from + i} Example", phone = n, attributes = new Dictionary<string, string> { ["group"] = group } }))).Content.ReadFromJsonAsync<JsonElement>();
        await Consents.GiveAsync(Api, numbers);
        return [.. answer.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("leadId").GetGuid())];
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
