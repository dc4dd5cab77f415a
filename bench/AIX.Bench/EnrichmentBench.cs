using System.Diagnostics;
using System.Text.Json;
using AIX.Bench.Vendors;
using AIX.Core.Auditing;
using AIX.Core.Enrichment;
using AIX.Core.Leads;
using AIX.Core.Pipeline;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using AIX.Infrastructure.Enrichment;
using AIX.Infrastructure.Enrichment.Http;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AIX.Bench;

/// <summary>
/// 10,000 leads of 2,000 companies through the whole pipeline, with vendors over HTTP at 20 ms: three at 200 calls a second (one free, two priced), one at 2 a second that must be skipped. The vendors count
/// what they are asked. Then fusion against a planted truth, and the vector index.
/// </summary>
internal static class EnrichmentBench
{
    private const int Leads = 10_000;
    private const int Companies = 2_000;
    private const decimal Budget = 60;
    private const int Workers = 2;

    private static readonly (string Name, double Rate, decimal Price)[] Vendors = [("alpha", 200, 0), ("beta", 200, 0.05m), ("gamma", 200, 0.08m), ("snail", 2, 0)];

    private static readonly string[] Industries = ["Software", "Manufacturing", "Retail", "Healthcare", "Logistics"];

    public static async Task<int> RunAsync()
    {
        await using var vendors = await VendorServer.StartAsync(AnswerAsync);
        var options = new EnrichmentOptions { PrivateHosts = vendors.Host };
        await using var database = await BenchDatabase.StartAsync(options, services =>
        {
            services.AddSingleton<ISourceRegistry>(s => new SourceRegistry(
                [.. Vendors.Select(v => new ResilientSource(new HttpSource(Definition(v, vendors.Host), s.GetRequiredService<OutsideHttp>(), TimeProvider.System), options))],
                s.GetRequiredService<DataSources>(), s.GetRequiredService<IDataProtectionProvider>(), s.GetRequiredService<TimeProvider>()));
            services.AddSingleton<ISourceStore>(s => new CountingStore(new SourceStore(s.GetRequiredService<DataSources>())));
        });
        var services = database.Services;
        var tenant = await database.TenantAsync("bench");
        await SetUpAsync(services, tenant);
        await SubmitAsync(services, tenant);

        Say("enriching");
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => DrainAsync(services))));
        var seconds = watch.Elapsed.TotalSeconds;

        var spent = await database.ScalarAsync<decimal>("SELECT coalesce(sum(cost), 0) FROM aix.source_calls WHERE tenant_id = $1", tenant.Value);
        var scored = await database.ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings WHERE tenant_id = $1 AND score IS NOT NULL", tenant.Value);
        var calls = vendors.Calls.CountBy(c => c.Path.Trim('/')).ToDictionary(c => c.Key, c => c.Value);
        var busiest = Vendors.ToDictionary(v => v.Name, v => vendors.BusiestSecond($"/{v.Name}"));
        var violations = Vendors.Sum(v => Math.Max(0, busiest[v.Name] - (int)v.Rate));
        var hits = (double)((CountingStore)services.GetRequiredService<ISourceStore>()).Kept;
        Say("fusion and vectors");
        var (fusion, first, majority) = FusionTrial.Run();
        var vectors = VectorBench.Measure();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "enrichment",
            leads = scored,
            leadsPerSecond = Math.Round(scored / seconds),
            rateViolations = violations,
            budgetOverruns = spent > Budget ? 1 : 0,
            budget = Budget,
            spent,
            calls,
            busiestSecond = busiest,
            cacheHitRate = Math.Round(hits / (hits + vendors.Calls.Count), 3),
            fusionAccuracy = Math.Round(fusion, 4),
            firstHitAccuracy = Math.Round(first, 4),
            majorityAccuracy = Math.Round(majority, 4),
            vectors.vectorQueryP95Ms,
            vectors.vectorRecall10,
            vectors.vectorRatio,
        }));
        return scored == Leads && violations == 0 && spent <= Budget ? 0 : 1;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        await Task.Delay(20);
        var company = (string)context.Request.Query["d"]!;
        var number = int.Parse(company.AsSpan(1, company.IndexOf('.', StringComparison.Ordinal) - 1), System.Globalization.CultureInfo.InvariantCulture);
        if (number % 10 == 3)
        {
            context.Response.StatusCode = 404;
            return;
        }

        await context.Response.WriteAsync($$"""{"employees":{{20 + number % 900}},"industry":"{{Industries[number % 5]}}","country":"India"}""");
    }

    private static SourceDefinition Definition((string Name, double Rate, decimal Price) vendor, string host) => new()
    {
        Name = vendor.Name,
        Title = vendor.Name,
        Kind = SourceCategory.Firmographic,
        Url = $"http://{host}/{vendor.Name}?d={{domain}}",
        NeedsKey = vendor.Price > 0,
        Price = vendor.Price,
        BilledOnMatch = true,
        RatePerSecond = vendor.Rate,
        HitRate = 0.9,
        Reliability = 0.8,
        Values = vendor.Name switch
        {
            "alpha" => new Dictionary<string, string> { ["country"] = "$.country" },
            "beta" => new Dictionary<string, string> { ["industry"] = "$.industry" },
            _ => new Dictionary<string, string> { ["employees"] = "$.employees" },
        },
    };

    private static async Task SetUpAsync(IServiceProvider services, TenantId tenant)
    {
        foreach (var vendor in Vendors)
        {
            await services.GetRequiredService<ChangeSource>().ExecuteAsync(tenant, Actor.System, vendor.Name, true, "bench-key", null, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        }

        var tenants = services.GetRequiredService<ITenantStore>();
        await tenants.SaveSettingsAsync(tenant, (await tenants.GetAsync(tenant, CancellationToken.None)).Settings with { EnrichmentDailyBudget = Budget }, CancellationToken.None);
    }

    private static async Task SubmitAsync(IServiceProvider services, TenantId tenant)
    {
        using var scope = services.CreateScope();
        foreach (var chunk in Enumerable.Range(0, Leads).Chunk(500))
        {
            var leads = chunk.Select(i => new { name = $"Lead {i}", email = $"lead{i}@c{i * 7919 % Companies}.test", title = i % 3 == 0 ? "Head of Operations" : "Engineer" }).ToArray();
            await scope.ServiceProvider.GetRequiredService<SubmitLeads>().ExecuteAsync(tenant, SourceKind.Api, null, JsonSerializer.SerializeToElement(leads), CancellationToken.None);
        }
    }

    private static async Task DrainAsync(IServiceProvider services)
    {
        var queue = services.GetRequiredService<IPipelineQueue>();
        while (await queue.ClaimAsync(250, TimeSpan.FromMinutes(1), CancellationToken.None) is { } batch)
        {
            await services.GetRequiredService<RunStages>().ExecuteAsync(batch, CancellationToken.None);
        }
    }

    private static void Say(string text) => Console.Error.WriteLine($"… {text}");

    /// <summary>Counts answers that were still at hand.</summary>
    private sealed class CountingStore(ISourceStore inner) : ISourceStore
    {
        private long _kept;

        public long Kept => _kept;

        public Task<IReadOnlyList<CompanyToEnrich>> CompaniesAsync(IUnitOfWork work, Guid[] leads, CancellationToken ct) => inner.CompaniesAsync(work, leads, ct);

        public async Task<IReadOnlyDictionary<(string Source, string Key), IReadOnlyList<SourcedValue>>> KeptAsync(IUnitOfWork work, IReadOnlyCollection<(SourceDescription Source, string Key)> questions, DateTimeOffset now, CancellationToken ct)
        {
            var kept = await inner.KeptAsync(work, questions, now, ct);
            Interlocked.Add(ref _kept, kept.Count);
            return kept;
        }

        public Task<decimal> ReserveAsync(TenantId tenant, DateOnly day, decimal amount, decimal budget, CancellationToken ct) => inner.ReserveAsync(tenant, day, amount, budget, ct);

        public Task ReleaseAsync(TenantId tenant, DateOnly day, decimal amount, CancellationToken ct) => inner.ReleaseAsync(tenant, day, amount, ct);

        public Task<IReadOnlyList<(Guid Company, string Attribute)>> SaveAsync(
            IUnitOfWork work, IReadOnlyList<MadeCall> calls, IReadOnlyList<(SourceDescription Source, Guid Company, SourcedValue Value)> facts, DateTimeOffset now, TimeSpan nothingFor, CancellationToken ct) =>
            inner.SaveAsync(work, calls, facts, now, nothingFor, ct);

        public Task SavePlansAsync(IUnitOfWork work, IReadOnlyDictionary<Guid, IReadOnlyList<PlanStep>> plans, DateTimeOffset now, CancellationToken ct) => inner.SavePlansAsync(work, plans, now, ct);
    }
}
