using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AIX.Bench;
using AIX.Tests.Support;
using Npgsql;
using Shouldly;
using Xunit;

namespace AIX.Tests.Campaigns;

/// <summary>A campaign to Britain over the night in which its clocks go back, and over a clock of our own that jumps back; what rang is the network's word.</summary>
public sealed class ClockTests : IAsyncLifetime, IDisposable
{
    private const int Speed = 20;

    /// <summary>Milliseconds of the wall from the gate's yes to the ring.</summary>
    private const int OnTheWay = 2_500;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "aix-clock-" + Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N")[20..]);
    private readonly ClockFile _clock;
    private AixProcess _node = null!;
    private HttpClient _api = null!;
    private NpgsqlDataSource _database = null!;

    public ClockTests() => _clock = new ClockFile(_folder + ".clock", Speed);

    public async Task InitializeAsync()
    {
        // A Saturday afternoon in summer time.
        _clock.JumpTo(At("2026-10-24T12:00:00Z"));
        var database = await TestCluster.CreateDatabaseAsync();
        _database = NpgsqlDataSource.Create(database);
        _node = await AixProcess.StartAsync(_folder, new Dictionary<string, string>
        {
            ["Database__ConnectionString"] = database,
            ["Calls__SimulatorSpeed"] = Speed.ToString(CultureInfo.InvariantCulture),
            ["Calls__ClockSpeed"] = Speed.ToString(CultureInfo.InvariantCulture),
            ["Calls__SimulatorClock"] = _clock.Setting,
            ["Calls__SimulatorFaults"] = "answered=0.2",
            ["Campaigns__BeatMilliseconds"] = "100",
        }, Path.Combine(AppContext.BaseDirectory, "AIX.Web.dll"));
        _api = new HttpClient { BaseAddress = _node.Url, Timeout = TimeSpan.FromSeconds(60), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", "demo-acme-key") } };
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _node.Errors.ShouldBeEmpty();
        await _database.DisposeAsync();
    }

    public void Dispose()
    {
        _api.Dispose();
        _clock.Dispose();
    }

    /// <summary>Prevents: an hour of yesterday's time zone is called in, and a clock that is set back makes attempts again.</summary>
    [Fact]
    public async Task Campaign_OverTheNightOfTheClocks_KeepsTheWallClocksWindow_AndCallsNobodyTwice()
    {
        var numbers = Enumerable.Range(0, 60).Select(i => $"+4474001235{i:00}").ToList();
        (await _api.PostAsJsonAsync("/api/v1/leads", numbers.Select((n, i) => new { name = $"Lead {i} Example", phone = n, attributes = new Dictionary<string, string> { ["group"] = "clock" } }))).EnsureSuccessStatusCode();
        await Consents.GiveAsync(_api, numbers, "2026-10-01T10:00:00Z");
        await UntilAsync(async () => await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings s JOIN aix.leads l ON l.tenant_id = s.tenant_id AND l.id = s.lead_id WHERE l.attributes->>'group' = 'clock'") == numbers.Count);

        // Once it calls (it learns to understand first) half a minute of the Saturday is left.
        var id = await LaunchAsync();
        await UntilAsync(async () => (await LogAsync()).Count > 0);
        _clock.JumpTo(At("2026-10-24T18:59:05Z"));
        await UntilAsync(() => Task.FromResult(_clock.Now > At("2026-10-24T19:01:00Z")));
        var saturday = (await LogAsync()).Count;
        saturday.ShouldBeInRange(5, 45);

        // 08:57 of the winter; 09:57 if it were still summer.
        _clock.JumpTo(At("2026-10-25T08:57:00Z"));
        await UntilAsync(async () => (await LogAsync()).Count > saturday + 5);
        var back = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        _clock.JumpTo(At("2026-10-25T08:58:30Z"));
        await UntilAsync(async () => await ScalarAsync<short>($"SELECT state FROM aix.campaigns WHERE id = '{id}'") == 5);

        var log = await LogAsync();

        // What was on its way when the clock went back rings before its time, by the network's clock.
        log.Where(r => r.Wall < back || r.Wall > back + OnTheWay).ShouldAllBe(r => IsOpen(r.At));
        log.Count(r => r.At > At("2026-10-25T00:00:00Z").ToUnixTimeMilliseconds() && r.Wall > back + OnTheWay).ShouldBeGreaterThan(5);
        log.GroupBy(r => r.Number).ShouldAllBe(g => g.Count() == 1);
        log.Select(r => r.Number).ShouldBe(numbers, ignoreOrder: true);
    }

    /// <summary>Nine to eight on the wall in London, by hand: an hour ahead of UTC until one o'clock of 25 October, and then not.</summary>
    private static bool IsOpen(long at)
    {
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(at);
        var wall = utc < At("2026-10-25T01:00:00Z") ? utc.AddHours(1) : utc;
        return wall.TimeOfDay >= TimeSpan.FromHours(9) && wall.TimeOfDay < TimeSpan.FromHours(20);
    }

    private async Task<Guid> LaunchAsync()
    {
        var created = await _api.PostAsJsonAsync("/api/v1/campaigns", new
        {
            name = "Clocks",
            plan = new Dictionary<string, object>
            {
                ["purpose"] = "your enquiry",
                ["purposeHindi"] = "आपकी पूछताछ",
                ["class"] = "Service",
                ["route"] = "simulated",
                ["attempts"] = 1,
                ["open"] = "09:00:00",
                ["closedDays"] = Array.Empty<string>(),
                ["callsPerSecond"] = 0.5,
                ["atOnce"] = 50,
                ["audience"] = new { facts = new[] { new { attribute = "group", @operator = "Is", value = "clock" } } },
            },
        });
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        var launched = await _api.PostAsync($"/api/v1/campaigns/{id}/launch", null);
        (await launched.Content.ReadAsStringAsync()).ShouldContain("Running");
        return id;
    }

    /// <summary>Calls of this test alone; the demo's leads are called by nobody.</summary>
    private async Task<List<Rang>> LogAsync() => [.. (await Rang.LogAsync(_node.Url)).Where(r => r.Number.StartsWith("+4474001235", StringComparison.Ordinal))];

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static Task UntilAsync(Func<Task<bool>> done) => Wait.UntilAsync(done, "the campaign goes on", 180);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
