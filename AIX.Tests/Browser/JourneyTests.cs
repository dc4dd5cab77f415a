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

/// <summary>One program and one Chromium for all journeys.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private AixProcess? _node;
    private IPlaywright? _playwright;

    internal Uri Url => _node!.Url;

    internal IBrowser Chromium { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var environment = new Dictionary<string, string> { ["Database__ConnectionString"] = await TestCluster.CreateDatabaseAsync() };
        _node = await AixProcess.StartAsync(environment: environment, program: Path.Combine(AppContext.BaseDirectory, "AIX.Web.dll"));
        _playwright = await Playwright.CreateAsync();
        Chromium = await AIX.Bench.Browser.LaunchAsync(_playwright);
    }

    public async Task DisposeAsync()
    {
        await Chromium.DisposeAsync();
        _playwright?.Dispose();
        await _node!.DisposeAsync();
    }

    internal HttpClient Api(string key = "demo-acme-key") => new() { BaseAddress = Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
}

public class JourneyTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private readonly List<string> _consoleErrors = [];
    private IBrowserContext _context = null!;
    private IPage _page = null!;

    public async Task InitializeAsync()
    {
        _context = await fixture.Chromium.NewContextAsync(new() { Locale = "en-GB", ViewportSize = new() { Width = 1280, Height = 800 } });
        _page = await _context.NewPageAsync();
        _page.SetDefaultTimeout(30_000);
        _page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _consoleErrors.Add(message.Text);
            }
        };
    }

    public async Task DisposeAsync()
    {
        await _context.CloseAsync();
        _consoleErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Manager_ImportsAFile_WatchesItScored_AndReadsWhy()
    {
        await SignInAsync("manager@acme.example.com");
        await _page.GetByRole(AriaRole.Link, new() { Name = "Import a file" }).First.ClickAsync();
        await _page.SetInputFilesAsync("#import-file", Path.Combine(AppContext.BaseDirectory, "samples", "leads.csv"));
        await Expect(_page.Locator("table.map tbody tr")).ToHaveCountAsync(13);
        await _page.GetByLabel("Interest goes to").SelectOptionAsync("ignore");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Check 200 rows" }).ClickAsync();
        await Expect(_page.Locator("[data-check=new]")).ToHaveTextAsync("199");
        await Expect(_page.Locator("[data-check=refused]")).ToHaveTextAsync("1");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Import 200 rows" }).ClickAsync();

        await Expect(_page.Locator("[data-kpi=accepted]")).ToHaveTextAsync("199");
        await Expect(_page.Locator("[data-kpi=scored]")).ToHaveTextAsync("199");
        await Expect(_page.Locator("[data-kpi=rejected]")).ToHaveTextAsync("1");
        var download = await _page.RunAndWaitForDownloadAsync(() => _page.GetByText("Error file, 1 rows").ClickAsync());
        (await File.ReadAllTextAsync(await download.PathAsync())).ShouldContain("not an address");

        await _page.GetByText("Show these leads").ClickAsync();
        await _page.Locator("tr[data-lead] a").First.ClickAsync();
        await Expect(_page.GetByText("Where the score comes from")).ToBeVisibleAsync();
        await _page.Locator("button.cite").First.ClickAsync();
        await Expect(_page.Locator(".fact.cited")).ToHaveCountAsync(1);

        await _page.GoBackAsync();
        await _page.GotoAsync(new Uri(fixture.Url, "/imports").ToString());
        await _page.Locator("tr a.nm").First.ClickAsync();
        await _page.GetByRole(AriaRole.Button, new() { Name = "Undo import" }).ClickAsync();
        await _page.Locator(".rz-dialog").GetByRole(AriaRole.Button, new() { Name = "Undo import" }).ClickAsync();
        await Expect(_page.GetByText("Undone", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Leads_NewLead_AppearsAndIsScoredWithoutReload()
    {
        await SignInAsync("agent@acme.example.com");
        await _page.GotoAsync(new Uri(fixture.Url, "/leads?q=livewire").ToString());
        await Expect(_page.GetByText("No lead matches")).ToBeVisibleAsync();
        using var api = fixture.Api();

        await api.PostAsJsonAsync("/api/v1/leads", new { name = "Livewire Example", email = "livewire@lotus.example.com", title = "Intern" });

        var row = _page.Locator("tr[data-lead]", new() { HasText = "Livewire Example" });
        await Expect(row.Locator(".bd")).ToHaveTextAsync("Cold");
        await api.PostAsJsonAsync("/api/v1/leads", new { email = "livewire@lotus.example.com", phone = "+91 11111 99999", employees = 450, industry = "Software", technologies = new[] { "SAP", "Tally", "Zoho", "AWS", "Salesforce" } });
        await Expect(row.Locator(".bd")).Not.ToHaveTextAsync("Cold");
    }

    [Fact]
    public async Task Agent_SeesNoImports_AndIsToldWhy()
    {
        await SignInAsync("agent@globex.example.com");

        await Expect(_page.Locator("a.nav[href=imports]")).ToHaveCountAsync(0);
        await _page.GotoAsync(new Uri(fixture.Url, "/imports").ToString());
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "You do not have the permission for this page" })).ToBeVisibleAsync();
        await _page.ClickAsync("button.me");
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await _page.GotoAsync(new Uri(fixture.Url, "/leads").ToString());
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Admin_ChangesThresholdsAndKeys()
    {
        await SignInAsync("admin@globex.example.com");
        await _page.GotoAsync(new Uri(fixture.Url, "/settings").ToString());
        await _page.FillAsync("#hot", "0.3");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Save settings" }).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Alert)).ToContainTextAsync("must be above the warm one");
        await _page.FillAsync("#hot", "0.9");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Save settings" }).ClickAsync();
        await Expect(_page.GetByText("Settings saved")).ToBeVisibleAsync();

        await _page.FillAsync("#keyname", "crm");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Issue key" }).ClickAsync();
        var secret = await _page.Locator("[data-secret]").TextContentAsync();
        using var api = new HttpClient { BaseAddress = fixture.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", secret) } };
        ((int)(await api.GetAsync("/api/v1/leads")).StatusCode).ShouldBe(200);

        await _page.Locator("tr", new() { HasText = "crm" }).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await _page.Locator(".rz-dialog").GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(_page.Locator("tr", new() { HasText = "crm" }).GetByText("revoked")).ToBeVisibleAsync();
        ((int)(await api.GetAsync("/api/v1/leads")).StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task Language_Hindi_HoldsOnEveryPage()
    {
        await SignInAsync("admin@acme.example.com");
        await _page.GetByText("हिं", new() { Exact = true }).ClickAsync();

        await Expect(_page.Locator("h1")).ToHaveTextAsync("लीड");
        (await _page.EvaluateAsync<string>("document.documentElement.lang")).ShouldBe("hi");
        await _page.Locator("tr[data-lead] a").First.ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "स्कोर कहाँ से आया" })).ToBeVisibleAsync();
    }

    /// <summary>WCAG A and AA by axe-core, on every page, in both themes.</summary>
    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Pages_HaveNoAccessibilityViolations(string theme)
    {
        await _context.AddCookiesAsync([new() { Name = "aix-theme", Value = theme, Url = fixture.Url.ToString() }]);
        await SignInAsync("admin@acme.example.com");
        await Expect(_page.Locator("tr[data-lead] .iv").First).ToBeVisibleAsync();
        var lead = await _page.Locator("tr[data-lead] a").First.GetAttributeAsync("href");
        var found = new List<string>();
        foreach (var path in new[] { "/leads", lead!, "/imports", "/imports/new", "/pipeline", "/models", "/profile", "/settings", "/nothing-here" })
        {
            await _page.GotoAsync(new Uri(fixture.Url, path).ToString());
            await _page.WaitForFunctionAsync("() => document.querySelector('h1') && !document.querySelector('.sk') && document.title");
            await _page.AddScriptTagAsync(new() { Path = Path.Combine(Repository.Root, "build", "npm", "node_modules", "axe-core", "axe.min.js") });
            var violations = await _page.EvaluateAsync<string[]>("async () => (await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] })).violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '))");
            found.AddRange(violations.Select(v => $"{path}: {v}"));
        }

        found.ShouldBeEmpty();
    }

    /// <summary>The manager's way: train, see what would change, let it score, go back.</summary>
    [Fact]
    public async Task Models_TrainPreviewPromoteAndGoBack()
    {
        using var api = fixture.Api("demo-globex-key");
        var csv = new StringBuilder("name,email,tier,outcome,outcome date\n");
        for (var i = 0; i < 260; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"Lead {i},lead{i}@journey{i}.test,{(i % 2 == 0 ? "Gold" : "Bronze")},{(i % 20 < (i % 2 == 0 ? 16 : 3) ? "won" : "lost")},2026-0{1 + i / 40}-1{i % 10}\n");
        }

        await Api.ApiFactory.ImportAsync(api, csv.ToString());
        await SignInAsync("manager@globex.example.com");
        await _page.GotoAsync(new Uri(fixture.Url, "/models").ToString());
        await Expect(_page.GetByText("No model yet")).ToBeVisibleAsync();
        await _page.GetByRole(AriaRole.Button, new() { Name = "Train now" }).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Button, new() { Name = "Let version 2 score" })).ToBeVisibleAsync(new() { Timeout = 90_000 });

        await _page.GetByRole(AriaRole.Button, new() { Name = "Let version 2 score" }).ClickAsync();
        await Expect(_page.GetByText("leads change band")).ToBeVisibleAsync();
        await _page.Locator(".rz-dialog .btn.p").ClickAsync();
        await Expect(_page.GetByText("Scores now", new() { Exact = true })).ToBeVisibleAsync();
        await ScoredByAsync(api, 2);

        await _page.GetByRole(AriaRole.Button, new() { Name = "Go back" }).ClickAsync();
        await Expect(_page.GetByText("Let the profile alone score?")).ToBeVisibleAsync();
        await _page.Locator(".rz-dialog .btn.p").ClickAsync();
        await Expect(_page.GetByText("Scores now", new() { Exact = true })).ToBeHiddenAsync();
        await ScoredByAsync(api, 1);
    }

    /// <summary>The admin's way: a list of companies is put in, and a lead that works at one knows more.</summary>
    [Fact]
    public async Task Directory_PutIn_TellsLeadsMoreOfTheirCompany()
    {
        await SignInAsync("admin@globex.example.com");
        await _page.GotoAsync(new Uri(fixture.Url, "/settings").ToString());
        await Expect(_page.GetByText("No list yet")).ToBeVisibleAsync();
        await Expect(_page.Locator("#directory-file")).ToBeEnabledAsync(new() { Timeout = 20_000 });
        await _page.SetInputFilesAsync("#directory-file", Path.Combine(Repository.Root, "samples", "directory.csv"));
        await Expect(_page.Locator("[data-directory]")).ToContainTextAsync("96 companies", new() { Timeout = 20_000 });

        using var api = fixture.Api("demo-globex-key");
        var posted = await Api.ApiFactory.JsonAsync(await api.PostAsJsonAsync("/api/v1/leads", new { name = "Directory Example", email = "directory.example@lotus-castings.example.com", employees = 5000 }));
        var id = posted.GetProperty("items")[0].GetProperty("leadId").GetGuid();
        await _page.GotoAsync(new Uri(fixture.Url, $"/leads/{id}").ToString());
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "Sources disagree" })).ToBeVisibleAsync();
        await Expect(_page.GetByText("company directory").First).ToBeVisibleAsync();
    }

    /// <summary>The manager's way with the profile: words become fields, the preview answers, the draft is published, and the old one taken back.</summary>
    [Fact]
    public async Task Profile_Described_Tried_Published_AndTakenBack()
    {
        await SignInAsync("manager@acme.example.com");
        await _page.GotoAsync(new Uri(fixture.Url, "/profile").ToString());
        await Expect(_page.Locator("[data-preview] .call.er")).ToHaveCountAsync(0);
        await Expect(_page.Locator("[data-changing]")).ToHaveTextAsync("0", new() { Timeout = 20_000 });
        await _page.GetByRole(AriaRole.Textbox, new() { Name = "In words" }).FillAsync("Hospitals in Kerala with 10 to 60 employees; no students");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Fill in" }).ClickAsync();
        await Expect(_page.Locator("[data-understood]")).ToContainTextAsync("healthcare");
        await Expect(_page.GetByLabel("Employees from")).ToHaveValueAsync("10");
        await Expect(_page.Locator("[data-changing]")).Not.ToHaveTextAsync("0");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await Expect(_page.Locator("[data-notice]")).ToContainTextAsync("version 2");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).First.ClickAsync();
        await Expect(_page.Locator("[data-diff]")).ToContainTextAsync("employeesMin");

        await _page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).First.ClickAsync();
        await _page.Locator(".rz-dialog").GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Expect(_page.Locator("[data-notice]")).ToContainTextAsync("in use");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Go back to it" }).First.ClickAsync();
        await _page.Locator(".rz-dialog").GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Expect(_page.Locator("[data-versions] .tag.ok").First).ToBeVisibleAsync();
        await Expect(_page.GetByLabel("Employees from")).ToHaveValueAsync("50");
    }

    private static Task ScoredByAsync(HttpClient api, int version) => Wait.UntilAsync(
        async () => (await api.GetFromJsonAsync<JsonElement>("/api/v1/leads?limit=200")).GetProperty("items").EnumerateArray().All(l => l.GetProperty("modelVersion").GetInt32() == version),
        $"every lead to be scored by model {version}", 60);

    private async Task SignInAsync(string email) => await AIX.Bench.Browser.SignInAsync(_page, fixture.Url, email);
}
