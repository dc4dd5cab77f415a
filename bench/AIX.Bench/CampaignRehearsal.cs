using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AIX.Core.Users;
using AIX.Infrastructure.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AIX.Bench;

/// <summary>Three programs and the clock that they share.</summary>
internal sealed partial class CampaignRehearsal : IAsyncDisposable
{
    private static readonly string[] Programs = ["sim", "a", "b"];

    private readonly ClockFile _clock;
    private readonly double _speed;
    private AixProcess _simulator = null!;
    private AixProcess _a = null!;
    private AixProcess _b = null!;
    private bool _troubled;

    private CampaignRehearsal(BenchDatabase database, double speed) => (Database, _speed, _clock) = (database, speed, new ClockFile(Path.Combine("/var/tmp", $"aix-bench-clock-{System.Environment.ProcessId}"), speed));

    public BenchDatabase Database { get; }

    public HttpClient Api { get; private set; } = null!;

    public double PauseSeconds { get; private set; }

    public List<double> MonitorMs { get; } = [];

    public static async Task<CampaignRehearsal> StartAsync(double speed)
    {
        var rehearsal = new CampaignRehearsal(await BenchDatabase.StartAsync(), speed);
        rehearsal.JumpTo(CampaignBench.Monday);
        rehearsal._simulator = await AixProcess.StartAsync(dataFolder: Folder("sim"), environment: rehearsal.Environment(new() { ["Calls__SimulatorFaults"] = "answered=0.2", ["Campaigns__Runs"] = "false", ["Pipeline__Workers"] = "0" }));
        rehearsal._a = await rehearsal.NodeAsync("a");
        rehearsal._b = await rehearsal.NodeAsync("b");
        rehearsal.Api = rehearsal.ApiOf("demo-acme-key");
        var acme = (await rehearsal.Database.Services.GetRequiredService<TenantProvisioner>().FindAsync("acme", CancellationToken.None))!.Value;
        await rehearsal.Database.Services.GetRequiredService<TenantProvisioner>().AddApiKeyAsync(acme, "second admin", SecondKey, Permission.All, null, CancellationToken.None);
        return rehearsal;
    }

    public HttpClient ApiOf(string key) => new() { BaseAddress = _a.Url, Timeout = TimeSpan.FromMinutes(5), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };

    public DateTimeOffset Now => _clock.Now;

    public void JumpTo(DateTimeOffset to) => _clock.JumpTo(to);

    /// <summary>Half past ten in India of the next day on which the campaigns here call.</summary>
    public static DateTimeOffset NextMorning(DateTimeOffset now)
    {
        var morning = new DateTimeOffset(now.ToOffset(CampaignBench.Monday.Offset).Date.AddDays(1).AddHours(10.5), CampaignBench.Monday.Offset);
        return morning.DayOfWeek == DayOfWeek.Sunday ? morning.AddDays(1) : morning;
    }

    /// <summary>Milliseconds of processor that both nodes have used.</summary>
    public double CpuMs() => new[] { _a, _b }.Sum(p => Process.GetProcessById(p.Id).TotalProcessorTime.TotalMilliseconds);

    public Task<long> CallsAsync(Guid campaign) => Database.ScalarAsync<long>($"SELECT count(*) FROM aix.calls WHERE campaign_id = '{campaign}'");

    /// <param name="trouble">Runs once, after so many calls.</param>
    public async Task<(long Calls, double Seconds)> RunToEndAsync(Guid id, int after = 0, Func<Guid, Task>? trouble = null)
    {
        var watch = Stopwatch.StartNew();
        var noted = Stopwatch.StartNew();
        Task? troubled = null;
        while (true)
        {
            await Task.Delay(400);
            var state = await Database.ScalarAsync<short>($"SELECT state FROM aix.campaigns WHERE id = '{id}'");
            if (state is 5 or 6 or 7)
            {
                break;
            }

            var calls = await CallsAsync(id);
            if (trouble is not null && troubled is null && calls > after)
            {
                troubled = trouble(id);
            }

            if (troubled is { IsFaulted: true })
            {
                await troubled;
            }

            if (noted.Elapsed > TimeSpan.FromSeconds(20))
            {
                noted.Restart();
                Console.Error.WriteLine($"  {calls} calls, state {state}, {calls / watch.Elapsed.TotalSeconds:0.0}/s");
            }

            await SkipNightAsync(id, troubled is { IsCompleted: false });
        }

        if (troubled is not null)
        {
            await troubled;
        }

        return (await CallsAsync(id), watch.Elapsed.TotalSeconds);
    }

    public Task<List<Rang>> LogAsync() => Rang.LogAsync(_simulator.Url);

    /// <returns>Leads that were left on the way, calls without an end, attempts that never rang and were not made up for, and calls that rang without an attempt.</returns>
    /// <param name="rang">Attempts in the network's log.</param>
    public async Task<long> LostAsync(Guid id, Guid[] rang) =>
        await Database.ScalarAsync<long>(
            $"""
            SELECT (SELECT count(*) FROM aix.campaign_members WHERE campaign_id = '{id}' AND state IN (0, 1, 2)) + (SELECT count(*) FROM aix.calls WHERE campaign_id = '{id}' AND (state < 5 OR NOT wrapped_up))
                   + (SELECT count(*) FROM aix.campaign_members m WHERE campaign_id = '{id}' AND state = 3
                      AND (SELECT provider_sid FROM aix.calls c WHERE c.tenant_id = m.tenant_id AND c.campaign_id = m.campaign_id AND c.lead_id = m.lead_id ORDER BY created_at DESC LIMIT 1) IS NULL)
            """) + rang.Length - await Database.ScalarAsync<long>("SELECT count(*) FROM aix.calls WHERE id = ANY($1)", (object)rang);

    /// <summary>Kills a node and starts it again, watches the monitor, pauses and goes on.</summary>
    public async Task TroubleAsync(Guid id)
    {
        if (_troubled)
        {
            return;
        }

        _troubled = true;
        await _b.KillAsync();
        Console.Error.WriteLine("  a node was killed");
        await Task.Delay(3_000);
        await _b.DisposeAsync();
        _b = await NodeAsync("b");
        Console.Error.WriteLine("  and is back");
        await WatchAsync(id);
        (await Api.PostAsync($"/api/v1/campaigns/{id}/pause", null)).EnsureSuccessStatusCode();
        var paused = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await Task.Delay(4_000);
        PauseSeconds = Math.Max(0, ((await LogAsync()).Max(r => r.Wall) - paused) / 1000.0);
        (await Api.PostAsync($"/api/v1/campaigns/{id}/resume", null)).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _b.DisposeAsync();
        await _a.DisposeAsync();
        await _simulator.DisposeAsync();
        await Database.DisposeAsync();
        _clock.Dispose();
        foreach (var name in Programs.Select(Folder).Where(Directory.Exists))
        {
            Directory.Delete(name, true);
        }
    }

    /// <summary>How long a call that the database knows takes to stand on the monitor.</summary>
    private async Task WatchAsync(Guid id)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await Browser.LaunchAsync(playwright);
        var page = await (await chromium.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 800 } })).NewPageAsync();
        await Browser.SignInAsync(page, _a.Url, "admin@acme.example.com");
        await page.GotoAsync(new Uri(_a.Url, $"/campaigns/{id}").ToString());
        await page.WaitForSelectorAsync("[data-placed]");
        for (var i = 0; i < 25; i++)
        {
            var known = await CallsAsync(id);
            var watch = Stopwatch.StartNew();
            await page.WaitForFunctionAsync($"() => Number(document.querySelector('[data-placed]').textContent.replace(/,/g, '')) >= {known}", null, new() { PollingInterval = 20, Timeout = 20_000 });
            MonitorMs.Add(watch.Elapsed.TotalMilliseconds);
            await Task.Delay(300);
        }
    }

    /// <summary>Jumps when nothing can happen: no call goes on, and nobody's turn comes within a minute.</summary>
    private async Task SkipNightAsync(Guid id, bool busy)
    {
        if (busy || await Database.ScalarAsync<long>($"SELECT (SELECT count(*) FROM aix.calls WHERE campaign_id = '{id}' AND NOT wrapped_up) + (SELECT count(*) FROM aix.campaign_members WHERE campaign_id = '{id}' AND (state IN (0, 2) OR lease_until > clock_timestamp()))") > 0)
        {
            return;
        }

        var now = _clock.Now.ToUnixTimeMilliseconds();
        var next = await Database.ScalarAsync<object>($"SELECT min(next_at) FROM aix.campaign_members WHERE campaign_id = '{id}' AND state = 1") is DateTime due ? new DateTimeOffset(due, TimeSpan.Zero).ToUnixTimeMilliseconds() : 0;
        var target = Math.Max(now, next);
        while (!CampaignBench.IsOpen(target))
        {
            target += 60_000 - (target % 60_000);
        }

        if (target - now > 60_000)
        {
            JumpTo(DateTimeOffset.FromUnixTimeMilliseconds(target));
        }
    }

    private Task<AixProcess> NodeAsync(string name) => AixProcess.StartAsync(dataFolder: Folder(name), environment: Environment(new()
    {
        ["Database__ConnectionString"] = Database.ConnectionString,
        ["Calls__SimulatorUrl"] = _simulator.Url.ToString().TrimEnd('/'),
        ["Calls__ClockSpeed"] = _speed.ToString(CultureInfo.InvariantCulture),
        ["Calls__Sessions"] = "1000",
        ["Campaigns__BeatMilliseconds"] = "120",
        ["Campaigns__ApprovalAbove"] = ApprovalAbove.ToString(CultureInfo.InvariantCulture),
        ["Pipeline__Workers"] = name == "a" ? "2" : "0",
    }));

    private Dictionary<string, string> Environment(Dictionary<string, string> more) => new(more)
    {
        ["Calls__SimulatorClock"] = _clock.Setting,
        ["Calls__SimulatorSpeed"] = _speed.ToString(CultureInfo.InvariantCulture),

        // Wall seconds matter to the network; these are the clock's.
        ["Calls__SilentSeconds"] = "600",
        ["Calls__UncertainSeconds"] = "600",
        ["Calls__MaxSeconds"] = "3600",
        ["Api__RequestsPerSecond"] = "5000",
        ["Api__Burst"] = "5000",
    };

    private static string Folder(string name) => Path.Combine("/var/tmp", $"aix-bench-{System.Environment.ProcessId}-{name}");
}
