using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AIX.Bench;
using AIX.Tests.Support;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AIX.Tests.Browser;

public class JourneyTests(BrowserFixture fixture) : BrowserTest(fixture), IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Manager_ImportsAFile_WatchesItScored_AndReadsWhy()
    {
        await SignInAsync("manager@acme.example.com");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Import a file" }).First.ClickAsync();
        await Page.SetInputFilesAsync("#import-file", Path.Combine(AppContext.BaseDirectory, "samples", "leads.csv"));
        await Expect(Page.Locator("table.map tbody tr")).ToHaveCountAsync(13);
        await Page.GetByLabel("Interest goes to").SelectOptionAsync("ignore");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Check 200 rows" }).ClickAsync();
        await Expect(Page.Locator("[data-check=new]")).ToHaveTextAsync("199");
        await Expect(Page.Locator("[data-check=refused]")).ToHaveTextAsync("1");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Import 200 rows" }).ClickAsync();

        await Expect(Page.Locator("[data-kpi=accepted]")).ToHaveTextAsync("199");
        await Expect(Page.Locator("[data-kpi=scored]")).ToHaveTextAsync("199");
        await Expect(Page.Locator("[data-kpi=rejected]")).ToHaveTextAsync("1");
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByText("Error file, 1 rows").ClickAsync());
        (await File.ReadAllTextAsync(await download.PathAsync())).ShouldContain("not an address");

        await Page.GetByText("Show these leads").ClickAsync();
        await Page.Locator("tr[data-lead] a").First.ClickAsync();
        await Expect(Page.GetByText("Where the score comes from")).ToBeVisibleAsync();
        await Page.Locator("button.cite").First.ClickAsync();
        await Expect(Page.Locator(".fact.cited")).ToHaveCountAsync(1);

        await Page.GoBackAsync();
        await Page.GotoAsync(new Uri(Fixture.Url, "/imports").ToString());
        await Page.Locator("tr a.nm").First.ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Undo import" }).ClickAsync();
        await Page.Locator(".rz-dialog").GetByRole(AriaRole.Button, new() { Name = "Undo import" }).ClickAsync();
        await Expect(Page.GetByText("Undone", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Leads_NewLead_AppearsAndIsScoredWithoutReload()
    {
        await SignInAsync("agent@acme.example.com");
        await Page.GotoAsync(new Uri(Fixture.Url, "/leads?q=livewire").ToString());
        await Expect(Page.GetByText("No lead matches")).ToBeVisibleAsync();
        using var api = Fixture.Api();

        await api.PostAsJsonAsync("/api/v1/leads", new { name = "Livewire Example", email = "livewire@lotus.example.com", title = "Intern" });

        var row = Page.Locator("tr[data-lead]", new() { HasText = "Livewire Example" });
        await Expect(row.Locator(".bd")).ToHaveTextAsync("Cold");
        await api.PostAsJsonAsync("/api/v1/leads", new { email = "livewire@lotus.example.com", phone = "+91 11111 99999", employees = 450, industry = "Software", technologies = new[] { "SAP", "Tally", "Zoho", "AWS", "Salesforce" } });
        await Expect(row.Locator(".bd")).Not.ToHaveTextAsync("Cold");
    }

    [Fact]
    public async Task Agent_SeesNoImports_AndIsToldWhy()
    {
        await SignInAsync("agent@globex.example.com");

        await Expect(Page.Locator("a.nav[href=imports]")).ToHaveCountAsync(0);
        await Page.GotoAsync(new Uri(Fixture.Url, "/imports").ToString());
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "You do not have the permission for this page" })).ToBeVisibleAsync();
        await Page.ClickAsync("button.me");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await Page.GotoAsync(new Uri(Fixture.Url, "/leads").ToString());
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Admin_ChangesThresholdsAndKeys()
    {
        await SignInAsync("admin@globex.example.com");
        await Page.GotoAsync(new Uri(Fixture.Url, "/settings").ToString());
        await Page.FillAsync("#hot", "0.3");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save settings" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("must be above the warm one");
        await Page.FillAsync("#hot", "0.9");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save settings" }).ClickAsync();
        await Expect(Page.GetByText("Settings saved")).ToBeVisibleAsync();

        await Page.FillAsync("#keyname", "crm");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Issue key" }).ClickAsync();
        var secret = await Page.Locator("[data-secret]").TextContentAsync();
        using var api = new HttpClient { BaseAddress = Fixture.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", secret) } };
        ((int)(await api.GetAsync("/api/v1/leads")).StatusCode).ShouldBe(200);

        await Page.Locator("tr", new() { HasText = "crm" }).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Page.Locator(".rz-dialog").GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(Page.Locator("tr", new() { HasText = "crm" }).GetByText("revoked")).ToBeVisibleAsync();
        ((int)(await api.GetAsync("/api/v1/leads")).StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task Language_Hindi_HoldsOnEveryPage()
    {
        await SignInAsync("admin@acme.example.com");
        await Page.GetByText("हिं", new() { Exact = true }).ClickAsync();

        await Expect(Page.Locator("h1")).ToHaveTextAsync("लीड");
        (await Page.EvaluateAsync<string>("document.documentElement.lang")).ShouldBe("hi");
        await Page.Locator("tr[data-lead] a").First.ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "स्कोर कहाँ से आया" })).ToBeVisibleAsync();
    }

    /// <summary>WCAG A and AA by axe-core, on every page, in both themes.</summary>
    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Pages_HaveNoAccessibilityViolations(string theme)
    {
        await Context.AddCookiesAsync([new() { Name = "aix-theme", Value = theme, Url = Fixture.Url.ToString() }]);
        await SignInAsync("admin@acme.example.com");
        await Expect(Page.Locator("tr[data-lead] .iv").First).ToBeVisibleAsync();
        var lead = await Page.Locator("tr[data-lead] a").First.GetAttributeAsync("href");
        var found = new List<string>();
        foreach (var path in new[] { "/leads", lead!, "/imports", "/imports/new", "/pipeline", "/models", "/profile", "/settings", "/home", "/review", "/routing", "/keys", "/calls", "/dialogues", "/messages", "/callbacks", "/campaigns", "/analytics", "/analytics?view=leads", "/analytics?view=quality", "/analytics?view=compliance", "/compliance", "/audit", "/nothing-here" })
        {
            await Page.GotoAsync(new Uri(Fixture.Url, path).ToString());
            // Blazor takes the first document's title away before it sets the page's own: wait for that one.
            await Page.WaitForFunctionAsync("() => document.querySelector('h1') && !document.querySelector('.sk') && document.title.endsWith(' · AIX')");
            found.AddRange(await ViolationsAsync(path));
        }

        found.ShouldBeEmpty();
    }

    /// <summary>The manager's way: train, see what would change, let it score, go back.</summary>
    [Fact]
    public async Task Models_TrainPreviewPromoteAndGoBack()
    {
        using var api = Fixture.Api("demo-globex-key");
        var csv = new StringBuilder("name,email,tier,outcome,outcome date\n");
        for (var i = 0; i < 260; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"Lead {i},lead{i}@journey{i}.test,{(i % 2 == 0 ? "Gold" : "Bronze")},{(i % 20 < (i % 2 == 0 ? 16 : 3) ? "won" : "lost")},2026-0{1 + i / 40}-1{i % 10}\n");
        }

        await Api.ApiFactory.ImportAsync(api, csv.ToString());
        await SignInAsync("manager@globex.example.com");
        await Page.GotoAsync(new Uri(Fixture.Url, "/models").ToString());
        await Expect(Page.GetByText("No model yet")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Train now" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Let version 2 score" })).ToBeVisibleAsync(new() { Timeout = 90_000 });

        await Page.GetByRole(AriaRole.Button, new() { Name = "Let version 2 score" }).ClickAsync();
        await Expect(Page.GetByText("leads change band")).ToBeVisibleAsync();
        await Page.Locator(".rz-dialog .btn.p").ClickAsync();
        await Expect(Page.GetByText("Scores now", new() { Exact = true })).ToBeVisibleAsync();
        await ScoredByAsync(api, 2);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Go back" }).ClickAsync();
        await Expect(Page.GetByText("Let the profile alone score?")).ToBeVisibleAsync();
        await Page.Locator(".rz-dialog .btn.p").ClickAsync();
        await Expect(Page.GetByText("Scores now", new() { Exact = true })).ToBeHiddenAsync();
        await ScoredByAsync(api, 1);
    }

    /// <summary>The admin's way: a list of companies is put in, and a lead that works at one knows more.</summary>
    [Fact]
    public async Task Directory_PutIn_TellsLeadsMoreOfTheirCompany()
    {
        await SignInAsync("admin@globex.example.com");
        await Page.GotoAsync(new Uri(Fixture.Url, "/settings").ToString());
        await Expect(Page.GetByText("No list yet")).ToBeVisibleAsync();
        await Expect(Page.Locator("#directory-file")).ToBeEnabledAsync();
        await Page.SetInputFilesAsync("#directory-file", Path.Combine(Repository.Root, "samples", "directory.csv"));
        await Expect(Page.Locator("[data-directory]")).ToContainTextAsync("96 companies");

        using var api = Fixture.Api("demo-globex-key");
        var posted = await Api.ApiFactory.JsonAsync(await api.PostAsJsonAsync("/api/v1/leads", new { name = "Directory Example", email = "directory.example@lotus-castings.example.com", employees = 5000 }));
        var id = posted.GetProperty("items")[0].GetProperty("leadId").GetGuid();
        await Page.GotoAsync(new Uri(Fixture.Url, $"/leads/{id}").ToString());
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Sources disagree" })).ToBeVisibleAsync();
        await Expect(Page.GetByText("company directory").First).ToBeVisibleAsync();
    }

    /// <summary>The manager's way with the profile: words become fields, the preview answers, the draft is published, and the old one taken back.</summary>
    [Fact]
    public async Task Profile_Described_Tried_Published_AndTakenBack()
    {
        await SignInAsync("manager@acme.example.com");
        await Page.GotoAsync(new Uri(Fixture.Url, "/profile").ToString());
        await Expect(Page.Locator("[data-preview] .call.er")).ToHaveCountAsync(0);
        await Expect(Page.Locator("[data-changing]")).ToHaveTextAsync("0");
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "In words" }).FillAsync("Hospitals in Kerala with 10 to 60 employees; no students");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Fill in" }).ClickAsync();
        await Expect(Page.Locator("[data-understood]")).ToContainTextAsync("healthcare");
        await Expect(Page.GetByLabel("Employees from")).ToHaveValueAsync("10");
        await Expect(Page.Locator("[data-changing]")).Not.ToHaveTextAsync("0");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await Expect(Page.Locator("[data-notice]")).ToContainTextAsync("version 2");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).First.ClickAsync();
        await Expect(Page.Locator("[data-diff]")).ToContainTextAsync("employeesMin");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).First.ClickAsync();
        await Page.Locator(".rz-dialog").GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Expect(Page.Locator("[data-notice]")).ToContainTextAsync("in use");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Go back to it" }).First.ClickAsync();
        await Page.Locator(".rz-dialog").GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Expect(Page.Locator("[data-versions] .tag.ok").First).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Employees from")).ToHaveValueAsync("50");
    }

    private static Task ScoredByAsync(HttpClient api, int version) => Wait.UntilAsync(
        async () => (await api.GetFromJsonAsync<JsonElement>("/api/v1/leads?limit=200")).GetProperty("items").EnumerateArray().All(l => l.GetProperty("modelVersion").GetInt32() == version),
        $"every lead to be scored by model {version}", 60);
}
