using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AIX.Bench;
using AIX.Infrastructure.Calls.Simulation;
using AIX.Tests.Support;
using Npgsql;
using Shouldly;
using Xunit;

namespace AIX.Tests.Campaigns;

/// <summary>Two programs on one database, at noon of a Monday in India, with the simulated network at the other end.</summary>
public sealed class CampaignFixture : IAsyncLifetime
{
    private AixProcess? _node;
    private AixProcess? _other;
    private string _database = "";

    internal HttpClient Acme { get; private set; } = null!;

    internal HttpClient Other { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestCluster.CreateDatabaseAsync();
        _node = await StartAsync(null);
        _other = await StartAsync(_node.Url);
        (Acme, Other) = (Api(_node), Api(_other));
    }

    public async Task DisposeAsync()
    {
        await _other!.DisposeAsync();
        await _node!.DisposeAsync();

        // What runs in the background fails nowhere else.
        _node.Errors.Concat(_other.Errors).ShouldBeEmpty();
    }

    internal async Task<T> ScalarAsync<T>(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <param name="simulator">Where the simulated network is; this program itself when null.</param>
    private Task<AixProcess> StartAsync(Uri? simulator)
    {
        var environment = new Dictionary<string, string>
        {
            ["Database__ConnectionString"] = _database,
            ["Calls__SimulatorSpeed"] = "60",
            ["Calls__SimulatorClock"] = "2026-11-23T12:00:00+05:30",
            ["Calls__SilentSeconds"] = "10",
            ["Calls__UncertainSeconds"] = "15",
            ["Campaigns__ApprovalAbove"] = "100",
            ["Campaigns__BeatMilliseconds"] = "100",
        };
        if (simulator is not null)
        {
            environment["Calls__SimulatorUrl"] = simulator.ToString().TrimEnd('/');
        }

        return AixProcess.StartAsync(environment: environment, program: Path.Combine(AppContext.BaseDirectory, "AIX.Web.dll"), dataFolder: Path.Combine(Path.GetTempPath(), "aix-campaign-" + Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N")[20..]));
    }

    private static HttpClient Api(AixProcess node) => new() { BaseAddress = node.Url, Timeout = TimeSpan.FromSeconds(60), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", "demo-acme-key") } };
}

public class CampaignRunTests(CampaignFixture fixture) : IClassFixture<CampaignFixture>
{
    private static int _next = 40_000;

    /// <summary>The main way: everybody who may be called is called, once an attempt, by whichever node; the others are left out and it says why.</summary>
    [Fact]
    public async Task Campaign_RunsToItsEnd_AndCallsNobodyWhoMayNotBe()
    {
        var leads = await LeadsAsync("run", 40);
        await Consents.GiveAsync(fixture.Acme, leads.Skip(5).Select(l => l.Number));
        (await fixture.Acme.PostAsJsonAsync("/api/v1/suppressions", new { address = leads[6].Number })).EnsureSuccessStatusCode();
        var id = await CreateAsync("Main way", "run", attempts: 1);

        var flight = await (await fixture.Acme.PostAsync($"/api/v1/campaigns/{id}/preflight", null)).Content.ReadFromJsonAsync<JsonElement>();
        (flight.GetProperty("audience").GetInt32(), flight.GetProperty("allowed").GetInt32()).ShouldBe((40, 34));
        flight.GetProperty("excluded").EnumerateArray().ToDictionary(e => e.GetProperty("rule").GetString()!, e => e.GetProperty("leads").GetInt32()).ShouldBe(new Dictionary<string, int> { ["consent"] = 5, ["suppressed"] = 1 }, ignoreOrder: true);
        await LaunchAsync(id, "Running");

        var end = await WaitAsync(id, "Completed");
        end.GetProperty("standing").GetProperty("excluded").GetProperty("consent").GetInt32().ShouldBe(5);
        (await fixture.ScalarAsync<long>($"SELECT count(*) FROM aix.calls WHERE campaign_id = '{id}'")).ShouldBe(34);
        (await fixture.ScalarAsync<long>($"SELECT count(*) FROM aix.calls WHERE campaign_id = '{id}' AND to_number IN ('{string.Join("','", leads.Take(5).Append(leads[6]).Select(l => l.Number))}')")).ShouldBe(0);
        (await fixture.ScalarAsync<long>($"SELECT count(*) FROM aix.gate_records WHERE campaign_id = '{id}' AND stage = 1")).ShouldBe(40);
        (await fixture.ScalarAsync<long>($"SELECT sum(placed) FROM aix.call_hours WHERE campaign_id = '{id}'")).ShouldBe(34);

        // Every call begins after a yes that is on record.
        (await fixture.ScalarAsync<long>($"SELECT count(*) FROM aix.calls c WHERE campaign_id = '{id}' AND NOT EXISTS (SELECT FROM aix.gate_records g WHERE g.tenant_id = c.tenant_id AND g.call_id = c.id AND g.stage = 2 AND g.allowed)")).ShouldBe(0);
    }

    [Fact]
    public async Task Pause_StopsNewCallsAtOnce_OnEveryNode_AndStopEndsThoseThatGoOn()
    {
        var leads = await LeadsAsync("pause", 80);
        await Consents.GiveAsync(fixture.Acme, leads.Select(l => l.Number));
        var id = await CreateAsync("Paused", "pause", attempts: 3, perSecond: 0.2);
        await LaunchAsync(id, "Running");
        await UntilAsync(async () => await fixture.ScalarAsync<long>($"SELECT count(*) FROM aix.calls WHERE campaign_id = '{id}'") >= 2);

        (await fixture.Other.PostAsync($"/api/v1/campaigns/{id}/pause", null)).EnsureSuccessStatusCode();
        var placed = await fixture.ScalarAsync<long>($"SELECT count(*) FROM aix.calls WHERE campaign_id = '{id}'");
        var beats = await fixture.ScalarAsync<DateTime>("SELECT clock_timestamp()");
        await UntilAsync(async () => (await fixture.ScalarAsync<DateTime>("SELECT clock_timestamp()") - beats).TotalSeconds > 3);
        (await fixture.ScalarAsync<long>($"SELECT count(*) FROM aix.calls WHERE campaign_id = '{id}'")).ShouldBe(placed);

        (await fixture.Acme.PostAsync($"/api/v1/campaigns/{id}/resume", null)).EnsureSuccessStatusCode();
        await UntilAsync(async () => await fixture.ScalarAsync<long>($"SELECT count(*) FROM aix.calls WHERE campaign_id = '{id}'") > placed);
        (await fixture.Acme.PostAsync($"/api/v1/campaigns/{id}/stop", null)).EnsureSuccessStatusCode();
        await UntilAsync(async () => await fixture.ScalarAsync<long>($"SELECT count(*) FROM aix.calls WHERE campaign_id = '{id}' AND state < 5") == 0);
        (await fixture.Acme.PostAsync($"/api/v1/campaigns/{id}/resume", null)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Launch_OfWhatCannotWork_IsRefused_AndSaysWhy()
    {
        (await ErrorOfAsync(await CreateAsync("Nobody", "no-such-tag", 1))).ShouldContain("audience is empty");
        (await ErrorOfAsync(await CreateAsync("Never", "run", 1, change: p => p["close"] = "10:00:00"))).ShouldContain("never opens");
        (await ErrorOfAsync(await CreateAsync("No script", "run", 1, change: p => p["flow"] = "nonsense"))).ShouldContain("no script");
        (await ErrorOfAsync(await CreateAsync("No Hindi", "run", 1, change: p => p["purposeHindi"] = ""))).ShouldContain("Hindi");
        (await ErrorOfAsync(await CreateAsync("No route", "run", 1, change: p => p["route"] = "nowhere"))).ShouldContain("no route");
    }

    [Fact]
    public async Task Audience_ByFile_NamesLeadsThatAreKnown_AndSaysWhichAreNot()
    {
        var leads = await LeadsAsync("file", 5);
        var id = await CreateAsync("By file", "no-such-group", 1, change: p => p["onlyPicked"] = true);
        async Task<(HttpResponseMessage Answer, JsonElement Body)> SendAsync(string csv)
        {
            using var content = new StringContent(csv, System.Text.Encoding.UTF8, "text/csv");
            var answer = await fixture.Acme.PostAsync($"/api/v1/campaigns/{id}/audience", content);
            return (answer, await answer.Content.ReadFromJsonAsync<JsonElement>());
        }

        var (_, taken) = await SendAsync($"Name;Phone\nOne;{leads[0].Number}\nTwo;{leads[1].Number[3..]}\nTwice;{leads[0].Number}\nNobody;+911111199998\nBroken;call me\n");
        (taken.GetProperty("rows").GetInt32(), taken.GetProperty("added").GetInt32(), taken.GetProperty("unknown").GetInt32()).ShouldBe((5, 2, 1));
        taken.GetProperty("errors").EnumerateArray().ShouldHaveSingleItem().GetProperty("reason").GetString()!.ShouldContain("No id, phone number");
        (await SendAsync($"email\nfile2@campaign.example.com\n")).Body.GetProperty("added").GetInt32().ShouldBe(1);
        (await fixture.ScalarAsync<long>($"SELECT count(*) FROM aix.campaign_members WHERE campaign_id = '{id}'")).ShouldBe(3);

        var (wrong, problem) = await SendAsync("colour\nred\n");
        wrong.StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        problem.GetProperty("detail").GetString()!.ShouldContain("no column phone, email or lead_id; it has colour");
    }

    /// <summary>Prevents: what one admin wrote is lost under what another saved later.</summary>
    [Fact]
    public async Task TwoAdmins_EditingOneDraft_TheSecondIsTold()
    {
        var id = await CreateAsync("Both", "run", 1);
        var plan = (await fixture.Acme.GetFromJsonAsync<JsonElement>($"/api/v1/campaigns/{id}")).GetProperty("plan");
        (await fixture.Acme.PutAsJsonAsync($"/api/v1/campaigns/{id}", new { name = "First", version = 1, plan })).EnsureSuccessStatusCode();
        var second = await fixture.Other.PutAsJsonAsync($"/api/v1/campaigns/{id}", new { name = "Second", version = 1, plan });
        second.StatusCode.ShouldBe(System.Net.HttpStatusCode.Conflict);
        (await second.Content.ReadAsStringAsync()).ShouldContain("version 2");

        // Saved again as it is, it stays the version that it is; what was changed stands in the audit log.
        var same = await fixture.Other.PutAsJsonAsync($"/api/v1/campaigns/{id}", new { name = "First", version = 2, plan });
        (await same.Content.ReadAsStringAsync()).ShouldContain("2");
        (await fixture.ScalarAsync<string>($"SELECT string_agg(details->>'changed', ',') FROM aix.audit_entries WHERE action = 'campaign.saved' AND details->>'id' = '{id}'")).ShouldBe("[\"name\"]");
    }

    /// <summary>Prevents: behind a proxy everybody acts from the proxy's address.</summary>
    [Fact]
    public async Task Audit_NamesTheAddressThatTheProxySpeaksFor()
    {
        var id = await CreateAsync("Whence", "run", 1);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/campaigns/{id}/stop") { Headers = { { "X-Forwarded-For", "203.0.113.9" } } };
        (await fixture.Acme.SendAsync(request)).EnsureSuccessStatusCode();

        (await fixture.ScalarAsync<string>($"SELECT from_address FROM aix.audit_entries WHERE action = 'campaign.stopped' AND details::text LIKE '%{id}%'")).ShouldBe("203.0.113.9");
        (await fixture.ScalarAsync<string>($"SELECT from_address FROM aix.audit_entries WHERE action = 'campaign.created' AND details::text LIKE '%{id}%'")).ShouldBeOneOf("::1", "127.0.0.1");
    }

    /// <summary>Prevents: a scheduled campaign never begins, begins before its time, or is begun by both programs.</summary>
    [Fact]
    public async Task Scheduled_BeginsAtItsTime_ByOneProgram()
    {
        var leads = await LeadsAsync("later", 3);
        await Consents.GiveAsync(fixture.Acme, leads.Select(l => l.Number));
        await CreateAsync("Clock", "later", 1);
        var now = new DateTimeOffset(await fixture.ScalarAsync<DateTime>("SELECT max(updated_at) FROM aix.campaigns"), TimeSpan.Zero);
        var id = await CreateAsync("Later", "later", 1, change: p => p["startsAt"] = now.AddSeconds(10));
        await LaunchAsync(id, "Scheduled");

        // The minute's round comes within a minute.
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await UntilAsync(async () => await fixture.ScalarAsync<short>($"SELECT state FROM aix.campaigns WHERE id = '{id}'") != 2 || watch.Elapsed.TotalSeconds > 80);

        (await fixture.ScalarAsync<bool>($"SELECT started_at >= starts_at FROM aix.campaigns WHERE id = '{id}'")).ShouldBeTrue();
        (await fixture.ScalarAsync<long>($"SELECT count(*) FROM aix.audit_entries WHERE action = 'campaign.started' AND details::text LIKE '%{id}%'")).ShouldBe(1);
        await WaitAsync(id, "Completed");
    }

    [Fact]
    public async Task LargeAudience_NeedsAnotherAdmin()
    {
        await LeadsAsync("large", 120);
        var id = await CreateAsync("Large", "large", 1);
        await LaunchAsync(id, "Approval");
        var again = await fixture.Acme.PostAsync($"/api/v1/campaigns/{id}/launch", null);
        again.StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
        (await fixture.ScalarAsync<long>($"SELECT count(*) FROM aix.campaign_members WHERE campaign_id = '{id}'")).ShouldBe(0);
    }

    private async Task<List<(Guid Id, string Number)>> LeadsAsync(string tag, int count)
    {
        // Nobody who asks to be called tomorrow: the campaign would wait for them.
        var numbers = new List<string>();
        while (numbers.Count < count)
        {
            var number = $"+9111111{Interlocked.Increment(ref _next):00000}";
            if (new Persona(int.Parse(number[^6..], System.Globalization.CultureInfo.InvariantCulture)).Kind != PersonaKind.Busy)
            {
                numbers.Add(number);
            }
        }

        var answer = await (await fixture.Acme.PostAsJsonAsync("/api/v1/leads", numbers.Select((n, i) => new { name = $"Lead {i} Example", phone = n, email = $"{tag}{i}@campaign.example.com", attributes = new Dictionary<string, string> { ["group"] = tag } }))).Content.ReadFromJsonAsync<JsonElement>();
        var ids = answer.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("leadId").GetGuid()).ToList();
        await UntilAsync(async () => await fixture.ScalarAsync<long>($"SELECT count(*) FROM aix.lead_standings WHERE lead_id IN ('{string.Join("','", ids)}')") == count);
        return [.. ids.Zip(numbers)];
    }

    private async Task<Guid> CreateAsync(string name, string tag, int attempts, double perSecond = 30, Action<Dictionary<string, object>>? change = null)
    {
        var plan = new Dictionary<string, object>
        {
            ["purpose"] = "your enquiry",
            ["purposeHindi"] = "आपकी पूछताछ",
            ["class"] = "Service",
            ["route"] = "simulated",
            ["attempts"] = attempts,
            ["callsPerSecond"] = perSecond,
            ["atOnce"] = 10,
            ["exceptOthers"] = false,
            ["audience"] = new { facts = new[] { new { attribute = "group", @operator = "Is", value = tag } } },
        };
        change?.Invoke(plan);
        var created = await fixture.Acme.PostAsJsonAsync("/api/v1/campaigns", new { name, plan });
        created.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await created.Content.ReadAsStringAsync());
        return (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    private async Task LaunchAsync(Guid id, string state)
    {
        var launched = await fixture.Acme.PostAsync($"/api/v1/campaigns/{id}/launch", null);
        (await launched.Content.ReadAsStringAsync()).ShouldContain(state);
    }

    private async Task<string> ErrorOfAsync(Guid id)
    {
        var launched = await fixture.Acme.PostAsync($"/api/v1/campaigns/{id}/launch", null);
        launched.IsSuccessStatusCode.ShouldBeFalse();
        return await launched.Content.ReadAsStringAsync();
    }

    private async Task<JsonElement> WaitAsync(Guid id, string state)
    {
        var seen = default(JsonElement);
        await UntilAsync(async () => (seen = await fixture.Acme.GetFromJsonAsync<JsonElement>($"/api/v1/campaigns/{id}")).GetProperty("state").GetString() == state, () => seen.ToString());
        return seen;
    }

    private static async Task UntilAsync(Func<Task<bool>> done, Func<string>? state = null)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await done())
        {
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(90), state?.Invoke());
            await timer.WaitForNextTickAsync();
        }
    }
}
