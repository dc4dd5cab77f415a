using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AIX.Bench;

/// <summary>What people feel: 100,000 leads and fifty signed-in circuits on one node, one person acting, the others watching live. Everything is measured in the browser, from the act to the DOM.</summary>
internal static class UiBench
{
    private const int Watchers = 49;
    private const int Decisions = 60;
    private const int Rounds = 20;
    private static readonly string[] FirstPages = ["the table", "the dashboard", "the queue"];

    private static readonly string[] Targets = ["a lead", "the queue", "the dashboard", "the table"];

    private const string Password = "Demo-2026!";

    /// <summary><c>until(act, done)</c>: milliseconds from the act to the first change of the page after which <c>done</c> holds.</summary>
    private const string Helpers =
        """
        window.until = (act, done) => new Promise((resolve, reject) => {
          const from = performance.now();
          const watch = new MutationObserver(() => { if (done()) { watch.disconnect(); resolve(performance.now() - from); } });
          watch.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
          setTimeout(() => { watch.disconnect(); reject(new Error('nothing came')); }, 10000);
          act();
        });
        window.press = code => document.body.dispatchEvent(new KeyboardEvent('keydown', { code, key: code, bubbles: true, cancelable: true }));
        """;

    /// <summary>Notes for each lead whose row changes how old its change is.</summary>
    private const string Observer =
        """
        () => {
          window.seen = [];
          new MutationObserver(changes => {
            new Set(changes.filter(c => c.target.dataset && c.target.dataset.lead).map(c => c.target)).forEach(row => window.seen.push(Date.now() - Number(row.dataset.updated)));
          }).observe(document.querySelector('.tbl'), { subtree: true, attributes: true, attributeFilter: ['data-updated'] });
        }
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var leads = args is ["--leads", var n, ..] ? int.Parse(n, CultureInfo.InvariantCulture) : 100_000;
        await using var database = await BenchDatabase.StartAsync();
        var provisioner = database.Services.GetRequiredService<TenantProvisioner>();
        var tenant = await database.TenantAsync("bench");
        await provisioner.AddApiKeyAsync(tenant, "bench", IntakeBench.Key, Permission.All, null, CancellationToken.None);
        for (var i = 0; i <= Watchers; i++)
        {
            await provisioner.AddUserAsync(tenant, $"agent{i}@bench.example.com", $"Agent {i}", Role.Agent, Password, CancellationToken.None);
        }

        await using var node = await AixProcess.StartAsync(environment: new Dictionary<string, string> { ["Database__ConnectionString"] = database.ConnectionString, ["Api__RequestsPerSecond"] = "1000" });
        Say($"{leads:N0} leads");
        await FillAsync(database, node, tenant, leads);

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var actor = await SignInAsync(browser, node.Url, 0);
        await actor.AddInitScriptAsync(Helpers);
        var before = await MemoryAsync(node);
        Say($"{Watchers} watching circuits");
        var watchers = new List<IPage>();
        for (var i = 1; i <= Watchers; i++)
        {
            // Fifty people have fifty machines; here one machine draws for all: their windows are small, and the row's flash is left out.
            var page = await SignInAsync(browser, node.Url, i, still: true);
            await page.WaitForSelectorAsync("tr[data-lead] .iv");
            await page.EvaluateAsync(Observer);
            watchers.Add(page);
        }

        var perCircuit = (await MemoryAsync(node) - before) / Watchers;
        Say("first loads");
        var pages = await FirstLoadsAsync(actor, node.Url);
        Say("navigation");
        var navigation = await NavigationAsync(actor, node.Url);
        Say("table");
        var table = await TableAsync(actor, node.Url);
        Say("search");
        var search = await SearchAsync(actor, node.Url);
        Say("live changes");
        var live = await LiveAsync(actor, node.Url, watchers);
        Say("decisions");
        var decisions = await DecisionsAsync(actor, node.Url);

        Console.WriteLine(JsonSerializer.Serialize(new
        {
            pageP95Ms = P95(pages),
            navigationP95Ms = P95(navigation),
            liveUpdateP95Ms = P95(live),
            tableP95Ms = P95(table),
            searchP95Ms = P95(search),
            decisionP95Ms = P95(decisions),
            memoryPerCircuitKb = Math.Round(perCircuit / 1024),
            leads,
            circuits = Watchers + 1,
        }));
        return 0;
    }

    private static async Task FillAsync(BenchDatabase database, AixProcess node, TenantId tenant, int leads)
    {
        var import = await IntakeBench.UploadAsync(node, BenchFile.Make(leads, 1));
        while (await database.ScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM aix.imports WHERE id = $1 AND state = 1) OR EXISTS (SELECT 1 FROM aix.pipeline_runs WHERE tenant_id = $2)", import, tenant.Value))
        {
            await Task.Delay(200);
        }
    }

    private static async Task<IPage> SignInAsync(IBrowser browser, Uri url, int agent, bool still = false)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = still ? 260 : 800 }, Locale = "en-GB", ReducedMotion = still ? ReducedMotion.Reduce : ReducedMotion.NoPreference });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        await Browser.SignInAsync(page, url, $"agent{agent}@bench.example.com");
        return page;
    }

    private static async Task<List<double>> FirstLoadsAsync(IPage page, Uri url)
    {
        var samples = new List<double>();
        foreach (var (path, ready) in Enumerable.Repeat(new[] { ("/leads", "tr[data-lead] .iv"), ("/home", ".kv1"), ("/review", "[data-open]") }, Rounds).SelectMany(p => p))
        {
            var watch = Stopwatch.StartNew();
            await page.GotoAsync(new Uri(url, path).ToString(), new() { WaitUntil = WaitUntilState.Commit });
            await page.WaitForSelectorAsync(ready);
            samples.Add(watch.Elapsed.TotalMilliseconds);
        }

        for (var target = 0; target < 3; target++)
        {
            Say($"first load of {FirstPages[target]}: p50 {Statistics.Percentile([.. samples.Where((_, i) => i % 3 == target)], 0.5):0}, p95 {Statistics.Percentile([.. samples.Where((_, i) => i % 3 == target)], 0.95):0} ms");
        }

        return samples;
    }

    private static async Task<List<double>> NavigationAsync(IPage page, Uri url)
    {
        var samples = new List<double>();
        await page.GotoAsync(new Uri(url, "/leads").ToString());
        await page.WaitForSelectorAsync("tr[data-lead] .iv");
        for (var round = 0; round < 12; round++)
        {
            foreach (var (act, ready) in new[]
            {
                ("document.querySelector('tr[data-lead] a.nm').click()", "document.querySelector('.tl .ev')"),
                ("document.querySelector('[data-act=goQueue]').click()", "document.querySelector('[data-open]')"),
                ("document.querySelector('[data-act=goHome]').click()", "document.querySelector('.kv1')"),
                ("document.querySelector('[data-act=goLeads]').click()", "document.querySelector('tr[data-lead] .iv')"),
            })
            {
                samples.Add(await page.EvaluateAsync<double>($"() => until(() => {act}, () => {ready})"));
                await Task.Delay(250);
            }
        }

        for (var target = 0; target < 4; target++)
        {
            Say($"to {Targets[target]}: p50 {Statistics.Percentile([.. samples.Where((_, i) => i % 4 == target)], 0.5):0}, p95 {Statistics.Percentile([.. samples.Where((_, i) => i % 4 == target)], 0.95):0} ms");
        }

        return samples;
    }

    private static async Task<List<double>> TableAsync(IPage page, Uri url)
    {
        var samples = new List<double>();
        await page.GotoAsync(new Uri(url, "/leads").ToString());
        await page.WaitForSelectorAsync("tr[data-lead] .iv");
        const string Changed = "(() => { const was = [...document.querySelectorAll('tr[data-lead]')].map(r => r.dataset.lead).join(); return () => { const rows = [...document.querySelectorAll('tr[data-lead]')]; return rows.length && rows.map(r => r.dataset.lead).join() !== was; }; })()";
        string[] acts =
        [
            "document.querySelectorAll('thead th button')[0].click()", "document.querySelectorAll('thead th button')[0].click()", "document.querySelectorAll('.tf .btn')[1].click()", "document.querySelectorAll('.tf .btn')[1].click()", "document.querySelectorAll('.tf .btn')[0].click()",
            "document.querySelectorAll('.bar .chip')[0].click()", "document.querySelectorAll('.bar .chip')[1].click()", "document.querySelectorAll('.bar .chip')[2].click()", "document.querySelectorAll('.bar .chip')[2].click()", "document.querySelectorAll('thead th button')[1].click()",
        ];
        for (var round = 0; round < 6; round++)
        {
            foreach (var act in acts)
            {
                samples.Add(await page.EvaluateAsync<double>($"() => {{ const changed = {Changed}; return until(() => {act}, changed); }}"));
                await Task.Delay(250);
            }
        }

        return samples;
    }

    private static async Task<List<double>> SearchAsync(IPage page, Uri url)
    {
        var samples = new List<double>();
        await page.GotoAsync(new Uri(url, "/leads").ToString());
        await page.WaitForSelectorAsync("tr[data-lead] .iv");
        await page.EvaluateAsync("() => until(() => document.querySelector('[data-act=palette]').click(), () => document.activeElement?.id === 'palette-input' || document.querySelector('#palette-input'))");
        string[] texts = ["company 12", "asha", "lead 777", "example.com", "9911", "mumbai", "zzzz", "company 9", "pune", "kumar", "54321", "co", "lead 99999", "patel", "company 4711"];
        foreach (var text in texts.Concat(texts))
        {
            samples.Add(await page.EvaluateAsync<double>(
                "text => until(() => { const box = document.querySelector('#palette-input'); box.value = text; box.dispatchEvent(new Event('input', { bubbles: true })); }, () => document.querySelector(`[data-answered=\"${text}\"]`))", text));
            await Task.Delay(150);
        }

        return samples;
    }

    /// <summary>The actor gives leads owners and tags; the age of each change when it shows on the others' pages.</summary>
    private static async Task<List<double>> LiveAsync(IPage actor, Uri url, List<IPage> watchers)
    {
        await actor.GotoAsync(new Uri(url, "/leads").ToString());
        await actor.WaitForSelectorAsync("tr[data-lead] .iv");
        var shown = await actor.EvaluateAsync<string[]>("() => [...document.querySelectorAll('tr[data-lead] a.nm')].slice(0, 12).map(a => a.getAttribute('href'))");
        foreach (var path in shown)
        {
            await actor.GotoAsync(new Uri(url, path).ToString());
            await actor.WaitForSelectorAsync(".tl .ev");
            await Task.Delay(1_000);
            await actor.SelectOptionAsync("select[aria-label=Owner]", new SelectOptionValue { Index = 3 });
            await Task.Delay(1_500);
        }

        var samples = new List<double>();
        foreach (var page in watchers)
        {
            samples.AddRange(await page.EvaluateAsync<double[]>("() => window.seen"));
        }

        Say($"{samples.Count} changes seen on {watchers.Count} pages, p50 {Statistics.Percentile(samples, 0.5):0} ms");
        return samples.Count >= shown.Length * watchers.Count / 2 ? samples : throw new InvalidOperationException($"Only {samples.Count} changes were seen; {shown.Length * watchers.Count} were to be seen.");
    }

    private static async Task<List<double>> DecisionsAsync(IPage page, Uri url)
    {
        var samples = new List<double>();
        await page.GotoAsync(new Uri(url, "/review").ToString());
        await page.WaitForSelectorAsync("[data-open]");
        for (var i = 0; i < Decisions; i++)
        {
            await Task.Delay(400);
            samples.Add(await page.EvaluateAsync<double>("() => { const was = document.querySelector('[data-open]').dataset.open; return until(() => press('KeyA'), () => { const open = document.querySelector('[data-open]'); return open && open.dataset.open !== was; }); }"));
        }

        return samples;
    }

    /// <summary>Bytes that the process holds once it has had the time to give some back.</summary>
    private static async Task<double> MemoryAsync(AixProcess node)
    {
        await Task.Delay(3_000);
        var line = File.ReadLines($"/proc/{node.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static double P95(List<double> samples) => Math.Round(Statistics.Percentile(samples, 0.95), 1);

    private static void Say(string what) => Console.Error.WriteLine($"… {what}");
}
