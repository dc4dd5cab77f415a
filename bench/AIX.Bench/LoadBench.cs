using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using AIX.Core.Leads;
using AIX.Core.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AIX.Bench;

internal sealed record LoadFigures(double LeadTableP95Ms, double ScoreToBrowserP95Ms);

/// <summary>While an import runs and its leads are scored: how fast the lead table's query answers, and how long a committed score takes to a row in Chromium's DOM.</summary>
internal static class LoadBench
{
    private const int Watched = 40;

    /// <summary>Notes for each row that changes how old its change is.</summary>
    private const string Observer =
        """
        () => {
          window.seen = [];
          const note = row => window.seen.push(Date.now() - Number(row.dataset.updated));
          new MutationObserver(changes => {
            const rows = new Set(changes.filter(c => c.target.dataset && c.target.dataset.lead).map(c => c.target));
            rows.forEach(note);
          }).observe(document.querySelector('.tbl'), { subtree: true, attributes: true, attributeFilter: ['data-updated'] });
        }
        """;

    public static async Task<LoadFigures> RunAsync(BenchDatabase database, AixProcess node, TenantId tenant)
    {
        using var http = IntakeBench.Client(node);
        await SubmitAsync(http, "first");
        while (await database.ScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM aix.pipeline_runs WHERE tenant_id = $1)", tenant.Value))
        {
            await Task.Delay(50);
        }

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var page = await browser.NewPageAsync();
        await Browser.SignInAsync(page, node.Url, "admin@bench.example.com");
        await page.GotoAsync(new Uri(node.Url, "/leads?q=watched&sort=NameAscending").ToString());
        await page.WaitForSelectorAsync("tr[data-lead] .iv");
        await page.EvaluateAsync(Observer);

        var import = await IntakeBench.UploadAsync(node, BenchFile.Make(25_000, 2));
        using var stop = new CancellationTokenSource();
        var table = Task.Run(() => QueryAsync(database, tenant, stop.Token));
        for (var round = 0; await BusyAsync(database, tenant, import) && round < 400; round++)
        {
            await SubmitAsync(http, $"round {round}");
            await Task.Delay(500);
        }

        await stop.CancelAsync();
        var latencies = await page.EvaluateAsync<double[]>("() => window.seen");
        var queries = await table;
        await Console.Error.WriteLineAsync($"… {queries.Count} queries, {latencies.Length} row changes");
        return new LoadFigures(Statistics.Percentile(queries, 0.95), Statistics.Percentile(latencies, 0.95));
    }

    private static Task<bool> BusyAsync(BenchDatabase database, TenantId tenant, Guid import) => database.ScalarAsync<bool>(
        "SELECT EXISTS (SELECT 1 FROM aix.imports WHERE id = $2 AND state = 1) OR EXISTS (SELECT 1 FROM aix.leads l JOIN aix.lead_standings st ON st.tenant_id = $1 AND st.lead_id = l.id WHERE l.tenant_id = $1 AND l.source_id = $2 AND st.score IS NULL)", tenant.Value, import);

    /// <summary>The watched leads, each with one more attribute: a change, so each is scored again.</summary>
    private static async Task SubmitAsync(HttpClient http, string what)
    {
        var leads = Enumerable.Range(0, Watched).Select(i => new { name = $"Watched {i:D2}", email = $"watched{i}@watched{i}.example.com", employees = 100 + i, attributes = new Dictionary<string, string> { [what] = "1" } });
        using var answer = await http.PostAsJsonAsync("/api/v1/leads", leads);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<List<double>> QueryAsync(BenchDatabase database, TenantId tenant, CancellationToken ct)
    {
        LeadFilter[] filters = [new(), new(Band: Band.Hot), new(Sort: LeadSort.NameAscending), new(Uncertain: true), new(Sort: LeadSort.CreatedDescending), new(Query: "company 12"), new(Band: Band.Cold, Sort: LeadSort.ScoreAscending)];
        var samples = new List<double>();
        await using var scope = database.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentTenant>().Set(tenant);
        var leads = scope.ServiceProvider.GetRequiredService<ILeadQueries>();
        var slowest = new double[filters.Length];
        var cursors = new string?[filters.Length];
        for (var i = 0; !ct.IsCancellationRequested; i++)
        {
            var at = i % filters.Length;
            var started = Stopwatch.GetTimestamp();
            var page = await leads.ListAsync(filters[at] with { Cursor = cursors[at] }, CancellationToken.None);
            samples.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            slowest[at] = Math.Max(slowest[at], samples[^1]);
            cursors[at] = page.Value!.NextCursor;
            await Task.Delay(20, CancellationToken.None);
        }

        await Console.Error.WriteLineAsync("… slowest query per filter, ms: " + string.Join(' ', slowest.Select(s => s.ToString("0", System.Globalization.CultureInfo.InvariantCulture))));
        return samples;
    }
}
