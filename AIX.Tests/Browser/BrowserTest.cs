using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using AIX.Bench;
using AIX.Tests.Support;
using Microsoft.Playwright;
using Npgsql;
using Shouldly;
using Xunit;

namespace AIX.Tests.Browser;

/// <summary>One program and one Chromium for all journeys of a class.</summary>
public class BrowserFixture : IAsyncLifetime
{
    /// <summary>Milliseconds.</summary>
    internal const int Patience = 30_000;

    private AixProcess? _node;
    private IPlaywright? _playwright;
    private string _database = "";

    internal Uri Url => _node!.Url;

    internal IBrowser Chromium { get; private set; } = null!;

    /// <summary>Simulated seconds of a call in one.</summary>
    protected virtual int Speed => 30;

    public async Task InitializeAsync()
    {
        _database = await TestCluster.CreateDatabaseAsync();
        var environment = new Dictionary<string, string> { ["Database__ConnectionString"] = _database, ["Calls__SimulatorClock"] = "2026-11-23T12:00:00+05:30", ["Calls__SimulatorSpeed"] = Speed.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        _node = await AixProcess.StartAsync(environment: environment, program: Path.Combine(AppContext.BaseDirectory, "AIX.Web.dll"));
        _playwright = await Playwright.CreateAsync();

        // As long as an act may take: a machine with other work shows a page late, not another page.
        Assertions.SetDefaultExpectTimeout(Patience);
        Chromium = await AIX.Bench.Browser.LaunchAsync(_playwright);
    }

    public async Task DisposeAsync()
    {
        await Chromium.DisposeAsync();
        _playwright?.Dispose();
        await _node!.DisposeAsync();

        // What runs in the background fails nowhere else.
        _node.Errors.ShouldBeEmpty();
    }

    /// <summary>As the owner of the database, for what no page shows.</summary>
    internal async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    internal HttpClient Api(string key = "demo-acme-key") => new() { BaseAddress = Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
}

/// <summary>A page of its own for each test; an error on the browser's console fails it.</summary>
public abstract class BrowserTest(BrowserFixture fixture) : IAsyncLifetime
{
    private readonly List<string> _consoleErrors = [];

    private protected BrowserFixture Fixture => fixture;

    private protected IBrowserContext Context { get; private set; } = null!;

    private protected IPage Page { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Context = await fixture.Chromium.NewContextAsync(new() { Locale = "en-GB", ViewportSize = new() { Width = 1280, Height = 800 } });
        Page = await NewPageAsync(Context);
    }

    public async Task DisposeAsync()
    {
        await Context.CloseAsync();
        _consoleErrors.ShouldBeEmpty();
    }

    private protected async Task<IPage> NewPageAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(BrowserFixture.Patience);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _consoleErrors.Add(message.Text);
            }
        };
        return page;
    }

    private protected Task SignInAsync(string email) => AIX.Bench.Browser.SignInAsync(Page, fixture.Url, email);

    private protected async Task OpenAsync(string path)
    {
        await Page.GotoAsync(new Uri(fixture.Url, path).ToString());
        await Page.WaitForFunctionAsync("() => document.querySelector('h1') && !document.querySelector('.sk') && document.documentElement.dataset.keys");
    }

    /// <summary>Waits until the page is another. Asked again and again: Playwright's own wait for a URL listens from the moment on that it begins, and hears nothing of a change between its look and that.</summary>
    /// <param name="path">Regular expression of the rest of the address.</param>
    private protected Task AtAsync(string path) => Assertions.Expect(Page).ToHaveURLAsync(new Regex(path + "$"));

    /// <summary>What axe-core finds against WCAG A and AA on the page as it stands.</summary>
    /// <param name="what">Named in each finding.</param>
    private protected async Task<IEnumerable<string>> ViolationsAsync(string what)
    {
        await Page.AddScriptTagAsync(new() { Path = Path.Combine(Repository.Root, "build", "npm", "node_modules", "axe-core", "axe.min.js") });
        var violations = await Page.EvaluateAsync<string[]>("async () => (await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] })).violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '))");
        return violations.Select(v => $"{what}: {v}");
    }
}
