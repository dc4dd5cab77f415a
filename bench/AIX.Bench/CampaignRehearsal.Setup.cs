using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace AIX.Bench;

/// <summary>Leads, consents and campaigns, as an admin brings them in.</summary>
internal sealed partial class CampaignRehearsal
{
    /// <summary>Leads above which a second admin has to approve.</summary>
    private const int ApprovalAbove = 250;

    private const string SecondKey = "bench-second-admin";

    /// <returns>Numbers that may not be called, and all.</returns>
    /// <param name="key">Whose leads they are; the demo's first tenant's by default.</param>
    public async Task<(HashSet<string> Forbidden, HashSet<string> All)> LeadsAsync(string group, int from, int count, bool all = false, string? key = null)
    {
        using var other = key is null ? null : ApiOf(key);
        var api = other ?? Api;
        var numbers = Enumerable.Range(from, count).Select(i => $"+9111111{i:00000}").ToList();
        for (var at = 0; at < count; at += 500)
        {
            (await api.PostAsJsonAsync("/api/v1/leads", numbers.Skip(at).Take(500).Select((n, i) => new { name = $"Lead {from + at + i} Example", phone = n, email = $"lead{from + at + i}@bench.example.com", attributes = new Dictionary<string, string> { ["group"] = group } }))).EnsureSuccessStatusCode();
        }

        while (await Database.ScalarAsync<long>($"SELECT count(*) FROM aix.lead_standings s JOIN aix.leads l USING (tenant_id) WHERE s.lead_id = l.id AND l.attributes->>'group' = '{group}'") < count)
        {
            await Task.Delay(500);
        }

        // Whoever the demo's own people agreed for may be called.
        var demo = new HashSet<string>(all ? [] : await Database.ScalarAsync<string[]>("SELECT coalesce(array_agg(DISTINCT address), '{}') FROM aix.consent_events e JOIN aix.tenants t USING (tenant_id) WHERE t.slug = 'acme'"));
        var unconsented = all ? [] : numbers.Where((n, i) => i % 40 == 3 && !demo.Contains(n)).ToHashSet();
        var suppressed = all ? [] : numbers.Where((_, i) => i % 50 == 7).ToHashSet();
        await Consents.GiveAsync(api, numbers.Where(n => !unconsented.Contains(n)));
        if (suppressed.Count > 0)
        {
            using var content = new StringContent("address\n" + string.Join('\n', suppressed), System.Text.Encoding.UTF8, "text/csv");
            (await api.PostAsync("/api/v1/compliance/files?kind=suppression", content)).EnsureSuccessStatusCode();
        }

        return ([.. unconsented, .. suppressed], [.. numbers]);
    }

    public async Task<Guid> CreateAsync(string name, string group, int attempts, double perSecond, HttpClient? api = null, bool launch = true)
    {
        var created = await (api ?? Api).PostAsJsonAsync("/api/v1/campaigns", new
        {
            name,
            plan = new Dictionary<string, object>
            {
                ["purpose"] = "your enquiry",
                ["purposeHindi"] = "आपकी पूछताछ",
                ["class"] = "Service",
                ["route"] = "simulated",
                ["attempts"] = attempts,
                ["callsPerSecond"] = perSecond,
                ["atOnce"] = 200,
                ["exceptOthers"] = false,
                ["audience"] = new { facts = new[] { new { attribute = "group", @operator = "Is", value = group } } },
            },
        });
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        if (launch)
        {
            await LaunchAsync(id);
        }

        return id;
    }

    /// <summary>The pre-flight alone, for an audience of that size in another tenant.</summary>
    /// <returns>Seconds.</returns>
    public async Task<double> PreFlightAsync(int leads)
    {
        const string Key = "demo-globex-key";
        await LeadsAsync("flight", 0, leads, key: Key);
        using var api = ApiOf(Key);
        var id = await CreateAsync("Flight", "flight", 3, 5, api, launch: false);
        var watch = Stopwatch.StartNew();
        var answer = await api.PostAsync($"/api/v1/campaigns/{id}/preflight", null);
        answer.EnsureSuccessStatusCode();
        var flight = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Console.Error.WriteLine($"  {flight.GetProperty("audience")} leads, {flight.GetProperty("allowed")} may be called, {flight.GetProperty("calls")} calls: {watch.Elapsed.TotalSeconds:0.0} s");
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Asks for approval with a key; an admin gives it in the browser.</summary>
    public async Task LaunchAsync(Guid id)
    {
        var launched = await (await Api.PostAsync($"/api/v1/campaigns/{id}/launch", null)).Content.ReadAsStringAsync();
        if (!launched.Contains("Running", StringComparison.Ordinal))
        {
            using var playwright = await Playwright.CreateAsync();
            await using var chromium = await Browser.LaunchAsync(playwright);
            var page = await (await chromium.NewContextAsync()).NewPageAsync();
            await Browser.SignInAsync(page, _a.Url, "admin@acme.example.com");
            await page.GotoAsync(new Uri(_a.Url, $"/campaigns/{id}").ToString());
            await page.Locator("[data-launch]:not([disabled])").ClickAsync();
            await page.WaitForSelectorAsync("[data-state=Running]");

            // Leaves as people do, so that the page's circuit ends and does not follow the campaign for minutes.
            await page.GotoAsync("about:blank");
        }
    }

    /// <returns>Ways past the second admin that went through: launches by keys, and leads that a small campaign is given after its launch.</returns>
    public async Task<int> BypassAsync(Guid id)
    {
        var bypassed = 0;
        using var second = ApiOf(SecondKey);
        foreach (var key in new[] { Api, Api, second, second })
        {
            bypassed += (await (await key.PostAsync($"/api/v1/campaigns/{id}/launch", null)).Content.ReadAsStringAsync()).Contains("Running", StringComparison.Ordinal) ? 1 : 0;
        }

        var leads = await Database.ScalarAsync<Guid[]>($"SELECT array_agg(id) FROM (SELECT id FROM aix.leads WHERE attributes->>'group' = 'main' ORDER BY id LIMIT {2 * ApprovalAbove}) l");
        var small = await CreateAsync("Small", "nobody", 1, 1, launch: false);
        (await AddAsync(small, leads[..10])).EnsureSuccessStatusCode();
        await LaunchAsync(small);
        using var file = new StringContent("lead_id\n" + string.Join('\n', leads), System.Text.Encoding.UTF8, "text/csv");
        foreach (var answer in new[] { await AddAsync(small, leads), await Api.PostAsync($"/api/v1/campaigns/{small}/audience", file) })
        {
            bypassed += answer.IsSuccessStatusCode ? 1 : 0;
        }

        (await Api.PostAsync($"/api/v1/campaigns/{small}/stop", null)).EnsureSuccessStatusCode();
        return bypassed;
    }

    private Task<HttpResponseMessage> AddAsync(Guid campaign, Guid[] leads) => Api.PostAsJsonAsync($"/api/v1/campaigns/{campaign}/leads", new { ids = leads });

    /// <summary>Waits until the audience is taken in.</summary>
    public async Task AudienceAsync(Guid campaign)
    {
        while (await Database.ScalarAsync<bool>($"SELECT audience_after IS NOT NULL OR EXISTS (SELECT FROM aix.campaign_members WHERE campaign_id = '{campaign}' AND state = 0) FROM aix.campaigns WHERE id = '{campaign}'"))
        {
            await Task.Delay(200);
        }
    }
}
