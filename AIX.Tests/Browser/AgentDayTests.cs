using System.Net.Http.Json;
using AIX.Tests.Support;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AIX.Tests.Browser;

/// <summary>The agent's day, as people live it.</summary>
public class AgentDayTests(BrowserFixture fixture) : BrowserTest(fixture), IClassFixture<BrowserFixture>
{
    private ILocator Open => Page.Locator("[data-open]");

    /// <summary>Keyboard only: from signing in to the history of an override.</summary>
    [Fact]
    public async Task Agent_ByKeyboardAlone_ReviewsTenLeads_UndoesTwo_FindsOne_AndOverridesIt()
    {
        await Page.GotoAsync(new Uri(Fixture.Url, "/signin").ToString());
        await Page.Locator("#email").FocusAsync();
        await Page.Keyboard.TypeAsync("agent@acme.example.com");
        await Page.Keyboard.PressAsync("Tab");
        await Page.Keyboard.TypeAsync("Demo-2026!");
        await Page.Keyboard.PressAsync("Enter");
        await AtAsync("/home");
        await Page.WaitForFunctionAsync("() => document.documentElement.dataset.keys");
        await KeysAsync("g", "q");
        await Expect(Open).ToBeVisibleAsync();

        for (var i = 0; i < 4; i++)
        {
            await DecideAsync("a");
        }

        await DecideAsync("o", "1", "text:I talked", "Control+Enter");
        await DecideAsync("f", "ArrowDown", "Control+Enter");
        await DecideAsync("s", "Enter");
        await DecideAsync("Shift+E");
        await DecideAsync("d");
        await DecideAsync("o", "3", "text:The data is out", "Control+Enter");
        await Expect(Page.Locator("[data-mine]")).ToContainTextAsync("7 of");

        await UndoAsync();
        await UndoAsync();
        await Expect(Page.Locator("[data-mine]")).ToContainTextAsync("6 of");

        await KeysAsync("Control+k");
        await Page.Keyboard.TypeAsync("specimen");
        await Expect(Page.Locator("[data-answered='specimen'] [role=option] .bd").First).ToBeVisibleAsync();
        await KeysAsync("ArrowDown", "Enter");
        await AtAsync("/leads/.+");
        await Expect(Page.Locator(".tl .ev").First).ToBeVisibleAsync();
        await KeysAsync("o");
        await Expect(Page.Locator("[data-overriding]")).ToBeVisibleAsync();
        await KeysAsync("2", "text:I know", "Control+Enter");
        await Expect(Page.Locator("[data-override]")).ToContainTextAsync("I know more than the data");
        await Expect(Page.Locator(".tl")).ToContainTextAsync("overrode the score: Warm");
    }

    /// <summary>What was typed outlives the page, and a second tab of the same person decides nothing twice.</summary>
    [Fact]
    public async Task TwoTabs_KeepTheDraft_AndDecideOnce()
    {
        await SignInAsync("agent@globex.example.com");
        await OpenAsync("/review");
        await Expect(Open).ToBeVisibleAsync();
        var lead = await Open.GetAttributeAsync("data-open");
        await KeysAsync("o");
        await Page.Locator("#ov-text").FillAsync("half a sentence");
        await Expect(Page.GetByText("Draft saved")).ToBeVisibleAsync();

        var other = await NewPageAsync(Context);
        await other.GotoAsync(new Uri(Fixture.Url, $"/review?lead={lead}").ToString());
        await Expect(other.Locator("#ov-text")).ToHaveValueAsync("half a sentence");
        await other.Keyboard.PressAsync("Escape");
        await other.Locator("[data-act=approve]").ClickAsync();
        await Expect(other.Locator($"[data-open='{lead}']")).ToHaveCountAsync(0);

        await Page.Locator("[data-act=close]").First.ClickAsync();
        await Page.Locator("[data-act=approve]").ClickAsync();

        // Gone, or sent on to a second reviewer by lot.
        await Expect(Page.Locator(".toast.er")).ToContainTextAsync(new System.Text.RegularExpressions.Regex("left the queue|looked at this lead before"));
        await other.CloseAsync();
    }

    /// <summary>Prevents: a text longer than a SignalR message cuts the connection, and the page with it.</summary>
    [Fact]
    public async Task Note_OfAHundredKilobytes_IsRefused_AndThePageLivesOn()
    {
        await SignInAsync("manager@globex.example.com");
        await OpenAsync("/review");
        await Expect(Open).ToBeVisibleAsync();
        await KeysAsync("o", "3");
        await Page.Locator("#ov-text").FillAsync(new string('x', 100_000));
        await Page.Locator("#ov-reason").SelectOptionAsync("outdated");
        await KeysAsync("Control+Enter");
        await Expect(Page.GetByText("100,000").First).ToBeVisibleAsync();

        await Page.Locator("#ov-text").FillAsync("short");
        await Expect(Page.GetByText("Draft saved")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Override_WithoutAReason_SaysSo_AndKeepsWhatWasTyped()
    {
        await SignInAsync("manager@globex.example.com");
        await OpenAsync("/review");
        await Expect(Open).ToBeVisibleAsync();
        await KeysAsync("o", "1");
        await Page.Locator("#ov-text").FillAsync("<script>alert(1)</script> =1+1");

        await Page.Keyboard.PressAsync("Control+Enter");

        await Expect(Page.Locator(".dec .call.er")).ToContainTextAsync("Choose a reason");
        await Expect(Page.Locator("#ov-text")).ToHaveValueAsync("<script>alert(1)</script> =1+1");
        await Page.Locator("#ov-reason").SelectOptionAsync("other");
        var lead = await Open.GetAttributeAsync("data-open");
        await Page.Locator(".ovb [data-act=submit]").ClickAsync();
        await Expect(Page.Locator($"[data-open='{lead}']")).ToHaveCountAsync(0);

        // The queue goes on before the decision is stored; the list of the last ones has it when it is.
        await Expect(Page.Locator(".dec .last, .last").First).ToBeVisibleAsync();
        await OpenAsync($"/leads/{lead}");
        await Expect(Page.Locator(".said").First).ToHaveTextAsync("<script>alert(1)</script> =1+1");
    }

    /// <summary>Another person's change shows on an open page without reload, and bulk work can be taken back.</summary>
    [Fact]
    public async Task Table_SelectsByKey_TagsInTheBackground_IsUndone_AndAnotherScreenSeesIt()
    {
        await SignInAsync("manager@acme.example.com");
        await OpenAsync("/leads?sort=NameAscending");
        await using var elsewhere = await Fixture.Chromium.NewContextAsync(new() { Locale = "en-GB", ViewportSize = new() { Width = 1280, Height = 800 } });
        var watcher = await NewPageAsync(elsewhere);
        await AIX.Bench.Browser.SignInAsync(watcher, Fixture.Url, "agent@acme.example.com");
        await watcher.GotoAsync(new Uri(Fixture.Url, "/leads?sort=NameAscending").ToString());
        await Expect(watcher.Locator("tr[data-lead]").First).ToBeVisibleAsync();
        var first = await Page.Locator("tr[data-lead]").First.GetAttributeAsync("data-lead");

        await KeysAsync("j", "x", "j", "x");
        await Expect(Page.Locator(".bulk")).ToContainTextAsync("2 selected");
        await Page.Locator(".bulk").GetByRole(AriaRole.Button, new() { Name = "Assign" }).ClickAsync();
        await Page.Locator(".bulk .flt").GetByRole(AriaRole.Button, new() { Name = "Demo Manager" }).ClickAsync();
        await Expect(Page.Locator(".toast")).ToContainTextAsync("2 leads assigned");
        await Expect(watcher.Locator($"tr[data-lead='{first}'] .av[title='Demo Manager']")).ToBeVisibleAsync();

        await Page.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(watcher.Locator($"tr[data-lead='{first}'] .av[title='Demo Manager']")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Export_RunsInTheBackground_AndDownloads()
    {
        await SignInAsync("manager@globex.example.com");
        await OpenAsync("/leads?city=Kochi");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Export" }).First.ClickAsync();
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync());
        lines[0].ShouldContain("\"score\"");
        lines.Skip(1).ShouldAllBe(l => l.Contains("\"Kochi\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rules_AreTriedOnAllLeads_BeforeTheyAreSaved()
    {
        await SignInAsync("admin@globex.example.com");
        await OpenAsync("/routing");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Rule", Exact = true }).ClickAsync();
        await Page.Locator("[data-rule='1'] [aria-label=Value]").FillAsync("purple");
        await Page.Locator("[data-rule='1'] [aria-label=Value]").BlurAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Try on all leads" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("use hot, warm or cold");
        await Page.Locator("[data-rule='1'] [aria-label=Value]").FillAsync("cold");
        await Page.Locator("[data-rule='1'] [aria-label=Value]").BlurAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Try on all leads" }).ClickAsync();
        await Expect(Page.Locator("[data-preview]")).ToContainTextAsync("Would change");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save rules" }).ClickAsync();
        await Expect(Page.Locator(".toast")).ToContainTextAsync("Rules saved");
    }

    /// <summary>A key on another place of the keyboard, and the same place on a Hindi layout.</summary>
    [Fact]
    public async Task Keys_AreTakenByTheirPlace_AndCanBeChanged()
    {
        await SignInAsync("agent@acme.example.com");
        await OpenAsync("/keys");
        await Page.Locator("[data-key=goLeads] button").ClickAsync();
        await Page.WaitForFunctionAsync("() => document.documentElement.dataset.learning");
        await Page.Keyboard.PressAsync("y");
        await Expect(Page.Locator("[data-key=goLeads] .kbd")).ToHaveTextAsync("Y");
        await Page.EvaluateAsync("() => document.dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyY', key: 'य', bubbles: true }))");
        await AtAsync("/leads");
        await OpenAsync("/keys");
        await Expect(Page.Locator("[data-key=goLeads] .kbd")).ToHaveTextAsync("Y");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Back to the defaults" }).ClickAsync();
        await Expect(Page.Locator("[data-key=goLeads] .kbd")).ToHaveCountAsync(2);
    }

    /// <summary>WCAG A and AA with everything open that can be opened.</summary>
    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task OpenPanels_HaveNoAccessibilityViolations(string theme)
    {
        await Context.AddCookiesAsync([new() { Name = "aix-theme", Value = theme, Url = Fixture.Url.ToString() }]);
        await SignInAsync("manager@acme.example.com");
        var found = new List<string>();
        async Task CheckAsync(string what) => found.AddRange(await ViolationsAsync(what));

        await OpenAsync("/review");
        await Expect(Open).ToBeVisibleAsync();
        await KeysAsync("o", "1");
        await Page.Locator(".dec [aria-pressed=true].on .bd.hot").First.WaitForAsync();
        await CheckAsync("override");
        await KeysAsync("Escape", "Escape", "Control+k");
        await Page.Keyboard.TypeAsync("demo");
        await Expect(Page.Locator("[data-answered='demo'] [role=option]").First).ToBeVisibleAsync();
        await CheckAsync("palette");
        await KeysAsync("Escape", "Shift+?");
        await Expect(Page.Locator(".sheet")).ToBeVisibleAsync();
        await CheckAsync("sheet");
        await OpenAsync("/leads");
        await KeysAsync("j", "x");
        await Expect(Page.Locator(".bulk")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        await CheckAsync("table");

        found.ShouldBeEmpty();
    }

    /// <summary>Presses keys; <c>text:…</c> is typed.</summary>
    private async Task KeysAsync(params string[] keys)
    {
        foreach (var key in keys)
        {
            await (key.StartsWith("text:", StringComparison.Ordinal) ? TypeAsync(key[5..]) : Page.Keyboard.PressAsync(key));
        }
    }

    /// <summary>Waits until the reason has the focus: until then keys would press buttons.</summary>
    private async Task TypeAsync(string text)
    {
        await Page.WaitForFunctionAsync("() => /^(ov|lo)-reason$/.test(document.activeElement?.id)");
        await Page.Keyboard.TypeAsync(text);
    }

    /// <summary>One decision: another lead comes on screen.</summary>
    private async Task DecideAsync(params string[] keys)
    {
        var lead = await Open.GetAttributeAsync("data-open");
        foreach (var key in keys)
        {
            if (key == "ArrowDown")
            {
                await Page.WaitForFunctionAsync("() => document.activeElement?.id === 'fl-fact'");
            }
            else if (key is "1" or "3")
            {
                await Expect(Page.Locator(".bands")).ToBeVisibleAsync();
            }
            else if (key == "Enter")
            {
                await Expect(Page.Locator(".ovb [data-act=submit]")).ToBeVisibleAsync();
            }

            await KeysAsync(key);
        }

        await Expect(Page.Locator($"[data-open]:not([data-open='{lead}'])")).ToBeVisibleAsync();
    }

    private async Task UndoAsync()
    {
        var lead = await Open.GetAttributeAsync("data-open");
        await KeysAsync("z");
        await Expect(Page.Locator($"[data-open]:not([data-open='{lead}'])")).ToBeVisibleAsync();
    }
}
