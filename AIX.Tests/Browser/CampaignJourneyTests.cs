using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using AIX.Bench;
using AIX.Tests.Support;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AIX.Tests.Browser;

/// <summary>A campaign as an admin lives it: built in the wizard, launched, watched, paused, read. The program's clock stands at noon in India.</summary>
public partial class CampaignJourneyTests(BrowserFixture fixture) : BrowserTest(fixture), IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Admin_BuildsLaunchesWatchesPausesAndReads()
    {
        using var api = Fixture.Api();
        var numbers = Enumerable.Range(35_000, 30).Select(i => $"+9111111{i:00000}").ToList();
        (await api.PostAsJsonAsync("/api/v1/leads", numbers.Select((n, i) => new { name = $"Journey {i} Example", phone = n, attributes = new Dictionary<string, string> { ["group"] = "journey" } }))).EnsureSuccessStatusCode();
        await Consents.GiveAsync(api, numbers.Skip(4));

        // The audience is of leads that have been through the pipeline.
        await Wait.UntilAsync(async () => (await api.GetFromJsonAsync<JsonElement>("/api/v1/leads?q=Journey&limit=100")).GetProperty("items").GetArrayLength() == numbers.Count, "the leads of the journey");
        await SignInAsync("admin@acme.example.com");
        await OpenAsync("/campaigns");

        await Page.Locator("[data-new]").First.ClickAsync();
        await AtAsync("/campaigns/.+-.+");
        await Page.FillAsync("#c-name", "Journey");
        await Page.FillAsync("#c-purpose", "your enquiry");
        await Page.FillAsync("#c-purposehi", "आपकी पूछताछ");

        // By keyboard from here to the audience.
        await Page.FocusAsync("#c-class");
        await Page.Keyboard.PressAsync("ArrowDown");
        await Expect(Page.Locator("#c-class")).ToHaveValueAsync("Service");
        await Page.FocusAsync("[data-next]");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("[data-builder=audience]")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Condition" }).ClickAsync();
        await Page.GetByLabel("Field").FillAsync("group");
        await Page.GetByLabel("Value").FillAsync("journey");
        await Page.GetByLabel("Value").BlurAsync();
        await Expect(Page.Locator("[data-count]")).ToHaveTextAsync("30");

        await Page.Locator("[data-step=preflight]").ClickAsync();
        await Expect(Page.Locator("[data-allowed]")).ToHaveTextAsync("26");
        await Expect(Page.Locator("tr[data-rule=consent]")).ToContainTextAsync("4");
        var excluded = await Page.RunAndWaitForDownloadAsync(() => Page.Locator("tr[data-rule=consent] a").ClickAsync());
        (await File.ReadAllLinesAsync((await excluded.PathAsync())!)).Length.ShouldBe(5);

        // What cannot work is refused where it is written.
        await Page.Locator("[data-step=schedule]").ClickAsync();
        await Page.FillAsync("#s-close", "10:00");
        await Page.Locator("[data-step=launch]").ClickAsync();
        await Expect(Page.Locator("[data-review]")).ToContainTextAsync("never opens");
        await Expect(Page.Locator("[data-launch]")).ToBeDisabledAsync();
        await Page.Locator("[data-step=schedule]").ClickAsync();
        await Page.FillAsync("#s-close", "20:00");
        await Page.Locator("[data-step=test]").ClickAsync();
        await Page.Locator("[data-rehearsal] button").First.ClickAsync();
        await Expect(Page.Locator("[data-rehearsal]")).ToContainTextAsync("AI assistant");
        await Page.Locator("[data-step=launch]").ClickAsync();
        await Expect(Page.Locator("[data-review] .call.ac")).ToBeVisibleAsync();
        await Page.Locator("[data-launch]").ClickAsync();

        // Live, without a reload.
        await Expect(Page.Locator("[data-state=Running]")).ToBeVisibleAsync();
        await Expect(Page.Locator("[data-placed]")).Not.ToHaveTextAsync("0", new() { Timeout = 90_000 });
        await Expect(Page.Locator("[data-why]")).ToContainTextAsync("4 left out by rules");

        // One call beside the table, and the results again.
        await Page.Locator("tr[data-call]").First.ClickAsync();
        await Expect(Page.Locator("[data-transcript]")).ToContainTextAsync("+9111111350");
        await Page.Locator("[data-transcript] [data-close]").ClickAsync();
        await Expect(Page.Locator("aside.lv h2").First).ToHaveTextAsync("Results");
        await Page.Locator("[data-pause]").ClickAsync();
        await Expect(Page.Locator("[data-state=Paused]")).ToBeVisibleAsync();
        await Expect(Page.Locator("[data-why]")).ToContainTextAsync("paused");
        await Page.Locator("[data-resume]").ClickAsync();
        await Expect(Page.Locator("[data-state=Running]")).ToBeVisibleAsync();
        await Page.WaitForFunctionAsync("() => document.querySelector('[data-placed]').textContent === '26'", null, new() { Timeout = 60_000 });

        // Whoever was not reached, again: which outcomes, and how many leads have them, before there is a draft. What still rings is let ring: the stop would end it, with another outcome.
        await Expect(Page.Locator("tr[data-call]")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await api.PostAsync($"/api/v1{new Uri(Page.Url).AbsolutePath}/stop", null);
        await Expect(Page.Locator("[data-state=Cancelled]")).ToBeVisibleAsync();
        await Page.Locator("[data-redial]").ClickAsync();
        await Expect(Page.Locator("[data-redialform] input[data-outcome=NoAnswer]")).ToBeCheckedAsync();
        await Page.Locator("[data-redialform] input[data-outcome=Busy]").UncheckAsync();

        // The button's number follows what is ticked, a moment later.
        await Page.WaitForFunctionAsync("() => [...document.querySelectorAll('[data-redialform] input:checked')].reduce((n, i) => n + Number(i.parentElement.querySelector('.num').textContent), 0) === Number(document.querySelector('[data-redial-make]').textContent.replace(/\\D/g, ''))");
        var (chosen, make) = (await Page.Locator("[data-redialform] input:checked").CountAsync(), await Page.Locator("[data-redial-make]").TextContentAsync());
        await Page.Locator("[data-redial-make]").ClickAsync();
        await Page.Locator("[data-step=audience]").ClickAsync();
        await Expect(Page.Locator("[data-count]")).ToHaveTextAsync(string.Concat(make!.Where(char.IsDigit)));
        await Expect(Page.Locator("[data-redialof] input:checked")).ToHaveCountAsync(chosen);

        await OpenAsync("/analytics");
        await Expect(Page.Locator("[data-heatmap] a.hc").First).ToBeVisibleAsync();
        var csv = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).ClickAsync());
        (await File.ReadAllTextAsync((await csv.PathAsync())!)).ShouldContain("weekday,hour,calls");
        var book = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Link, new() { Name = "XLSX" }).ClickAsync());
        (await File.ReadAllBytesAsync((await book.PathAsync())!))[..2].ShouldBe("PK"u8.ToArray());

        // The same by mail, every Monday; what is missing for it to leave is said.
        await Page.Locator("[data-newreport]").ClickAsync();
        await Page.Locator("[data-savereport]").ClickAsync();
        await Expect(Page.Locator("[data-reports] .call.er")).ToContainTextAsync("The name has 1 to 80 characters");
        await Page.Locator("#rp-name").FillAsync("Monday figures");
        await Page.Locator("[data-savereport]").ClickAsync();
        await Expect(Page.Locator("[data-report='Monday figures']")).ToContainTextAsync("Mondays");
        await Expect(Page.Locator("[data-reports] .call.wa")).ToContainTextAsync("No mail server is set up");
        await Page.Locator("[data-report='Monday figures'] button").ClickAsync();
        await Expect(Page.Locator("[data-report]")).ToHaveCountAsync(0);

        // The other views: one address each, figures of this campaign's decisions among them.
        await Page.GetByRole(AriaRole.Link, new() { Name = "Leads and scores" }).ClickAsync();
        await Expect(Page.Locator("[data-leadanalytics] .fun").First).ToContainTextAsync("Received");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Sources and reviewers" }).ClickAsync();
        await Expect(Page.Locator("[data-qualityanalytics] h2").First).ToHaveTextAsync("Source reliability");
        await Page.Locator(".tabs").GetByRole(AriaRole.Link, new() { Name = "Compliance" }).ClickAsync();
        await AtAsync(@"/analytics\?view=compliance");
        await Expect(Page.Locator("[data-complianceanalytics] .kpi").First).ToBeVisibleAsync();
        await Page.GoBackAsync();
        await Expect(Page.Locator("[data-qualityanalytics]")).ToBeVisibleAsync();
        await Page.Locator(".tabs").GetByRole(AriaRole.Link, new() { Name = "Calls" }).ClickAsync();
        await Page.Locator("[data-heatmap] a.hc").First.ClickAsync();
        await AtAsync(@"/leads\?called=.*");
        await Expect(Page.Locator("tr[data-lead]").First).ToBeVisibleAsync();

        await OpenAsync("/audit");
        await Expect(Page.Locator("[data-audit] tr", new() { HasText = "campaign.launched" })).ToContainTextAsync(Loopback());
        await Expect(Page.Locator("[data-audit]")).ToContainTextAsync("campaign.exported");
        await Expect(Page.Locator("[data-audit] tr", new() { HasText = "account.signed-in" }).First).ToContainTextAsync(Loopback());
        await Page.Locator("[data-verify]").ClickAsync();
        await Expect(Page.Locator("[data-verdict].ac")).ToBeVisibleAsync();
    }

    /// <summary>WCAG A and AA of what has no address of its own: each step of the builder, the monitor with a call open, the choice of whom to call again; in both themes.</summary>
    [Fact]
    public async Task BuilderAndMonitor_HaveNoAccessibilityViolations()
    {
        const string Key = "demo-globex-key";
        using var api = Fixture.Api(Key);
        var numbers = Enumerable.Range(36_000, 40).Select(i => $"+9111111{i:00000}").ToList();
        (await api.PostAsJsonAsync("/api/v1/leads", numbers.Select((n, i) => new { name = $"Access {i} Example", phone = n, attributes = new Dictionary<string, string> { ["group"] = "access" } }))).EnsureSuccessStatusCode();
        await Consents.GiveAsync(api, numbers);
        var created = await api.PostAsJsonAsync("/api/v1/campaigns", new
        {
            name = "Access",
            plan = new { purpose = "your enquiry", purposeHindi = "आपकी पूछताछ", @class = "Service", route = "simulated", callsPerSecond = 1, atOnce = 5, audience = new { facts = new[] { new { attribute = "group", @operator = "Is", value = "access" } } } },
        });
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        var found = new List<string>();
        async Task CheckAsync(string what)
        {
            foreach (var theme in new[] { "light", "dark" })
            {
                await Page.EvaluateAsync("theme => { document.documentElement.dataset.theme = theme; }", theme);
                await Page.WaitForFunctionAsync("() => document.getAnimations().every(a => a.playState !== 'running' || a.effect.getTiming().iterations === Infinity)");
                found.AddRange(await ViolationsAsync($"{what}, {theme}"));
            }
        }

        await SignInAsync("admin@globex.example.com");
        await OpenAsync($"/campaigns/{id}");
        foreach (var step in new[] { "goal", "audience", "preflight", "script", "schedule", "pacing", "test", "launch" })
        {
            await Page.Locator($"[data-step={step}]").ClickAsync();
            await Expect(Page.Locator($"[data-builder={step}]")).ToBeVisibleAsync();
            await Page.WaitForFunctionAsync("() => !document.querySelector('.sk')");
            await CheckAsync(step);
        }

        await Page.Locator("[data-launch]").ClickAsync();
        await Page.Locator("tr[data-call]").First.ClickAsync(new() { Timeout = 60_000 });
        await Expect(Page.Locator("[data-transcript]")).ToBeVisibleAsync();
        await CheckAsync("monitor");
        await Page.Keyboard.PressAsync("Escape");
        await Expect(Page.Locator("[data-transcript]")).ToHaveCountAsync(0);
        await api.PostAsync($"/api/v1/campaigns/{id}/stop", null);
        await Page.Locator("[data-redial]").ClickAsync();
        await CheckAsync("call again");
        found.ShouldBeEmpty();
    }

    /// <summary>Prevents: an agent starts a campaign by typing its address.</summary>
    [Fact]
    public async Task Agent_SeesNoCampaigns()
    {
        await SignInAsync("agent@acme.example.com");
        foreach (var path in new[] { "/campaigns", "/analytics", "/compliance", "/audit" })
        {
            await Page.GotoAsync(new Uri(Fixture.Url, path).ToString());
            await Expect(Page.Locator("h1")).Not.ToHaveTextAsync("Campaigns");
            await Expect(Page.Locator("[data-new]")).ToHaveCountAsync(0);
            await Expect(Page.Locator(".empty")).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task Leads_ChosenInTheTable_GoToACampaign_AndBack()
    {
        await SignInAsync("admin@globex.example.com");
        await OpenAsync("/leads");
        await Page.Locator("tr[data-lead] input[type=checkbox]").Nth(0).CheckAsync();
        await Page.Locator("tr[data-lead] input[type=checkbox]").Nth(1).CheckAsync();
        await Page.Locator(".bulk [data-campaigns]").ClickAsync();
        await Page.Locator("[data-newcampaign]").ClickAsync();
        await Expect(Page.Locator(".toast")).ToContainTextAsync("2 leads added");

        await OpenAsync("/campaigns");
        await Page.Locator("tr[data-campaign] a").First.ClickAsync();
        await Page.Locator("[data-step=audience]").ClickAsync();
        await Expect(Page.Locator("[data-count]")).ToHaveTextAsync("2");
    }

    [GeneratedRegex(@"::1|127\.0\.0\.1")]
    private static partial Regex Loopback();
}
