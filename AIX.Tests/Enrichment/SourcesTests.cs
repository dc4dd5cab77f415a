using System.Collections.Concurrent;
using System.Diagnostics;
using AIX.Bench.Vendors;
using AIX.Core.Auditing;
using AIX.Core.Enrichment;
using AIX.Core.Scoring;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using AIX.Infrastructure.Enrichment;
using AIX.Infrastructure.Enrichment.Http;
using AIX.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Enrichment;

/// <summary>Companies are asked about at vendors over HTTP, within budget and rate.</summary>
public sealed class SourcesTests : DatabaseTest, IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _answers = new();
    private VendorServer _server = null!;

    async Task IAsyncLifetime.InitializeAsync()
    {
        _server = await VendorServer.StartAsync(c => _answers[c.Request.Path.Value!.Trim('/')](c));
        EnrichmentOptions.PrivateHosts = _server.Host;
        EnrichmentOptions.TimeoutSeconds = 2;
        await InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await _server.DisposeAsync();
    }

    internal override void AddServices(IServiceCollection services) => services.AddSingleton<ISourceRegistry>(s => new SourceRegistry(
        [.. Definitions().Select(d => new ResilientSource(new HttpSource(d, s.GetRequiredService<OutsideHttp>(), Time), EnrichmentOptions))], s.GetRequiredService<DataSources>(), s.GetRequiredService<IDataProtectionProvider>(), s.GetRequiredService<TimeProvider>()));

    /// <summary>"LinkedIn says 50, registry says 75" has a visible answer, the ledger cites the fact that stands, and the second lead of the company costs nothing.</summary>
    [Fact]
    public async Task Sources_AreAsked_Disagree_AndServeEveryLeadOfTheCompany()
    {
        Answer("free", """{"v":"50"}""");
        Answer("sure", """{"v":"75"}""");
        await EnableAsync(Acme, "free", "sure");

        var first = await DetailAsync(await LeadAsync(Acme, "a@umbra.example.com"));
        var second = await DetailAsync(await LeadAsync(Acme, "b@umbra.example.com"));

        foreach (var lead in new[] { first, second })
        {
            var size = lead.Disagreements(Time.GetUtcNow()).Single(d => d.Attribute == "employees");
            (size.Value, size.RunnerUp!.Value, size.Conflict).ShouldBe(("75", "50", true));
            lead.Ledger!.Contributions.Single(c => c.Feature == "companySize").FactIds.ShouldBe(size.FactIds);
            lead.Company!.Name.ShouldBe("umbra.example.com");
        }

        first.Company!.Plan.Select(p => (p.Source, p.Outcome, p.Cost)).ShouldBe([("free", StepOutcome.Found, 0m), ("sure", StepOutcome.Found, 0.1m)]);
        second.Company!.Plan.ShouldAllBe(p => p.Outcome == StepOutcome.Cached && p.Cost == 0);
        (second.Company.Spent, second.Company.OtherLeads).ShouldBe((0.1m, 1));
        first.Facts.Single(f => f.Source == "sure").ShouldSatisfyAllConditions(f => f.IsOfCompany.ShouldBeTrue(), f => f.Url.ShouldBeNull());
        _server.Calls.Count.ShouldBe(2);
    }

    /// <summary>Keys and answers of a tenant are its own; what needs no key is public and read once for all.</summary>
    [Fact]
    public async Task Answers_ThatWerePaid_AreNotSharedBetweenTenants_PublicOnesAre()
    {
        Answer("free", """{"v":"50"}""");
        Answer("sure", """{"v":"75"}""");
        await EnableAsync(Acme, "free", "sure");
        await EnableAsync(Globex, "free", "sure");

        await LeadAsync(Acme, "a@umbra.example.com");
        await LeadAsync(Globex, "a@umbra.example.com");

        _server.Calls.Select(c => c.Path).Order().ShouldBe(["/free", "/sure", "/sure"]);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.company_facts")).ShouldBe(4);
        (await ScalarAsync<decimal>($"SELECT sum(cost) FROM aix.source_calls WHERE tenant_id = '{Globex}'")).ShouldBe(0.1m);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.source_settings WHERE protected_key LIKE '%key-of-%'")).ShouldBe(0);
    }

    /// <summary>Prevents: a day that costs more than the budget, with many companies at once and with answers that are billed only when they match.</summary>
    [Fact]
    public async Task Budget_IsNeverExceeded_AndANewDayHasANewOne()
    {
        _answers["sure"] = c => c.Response.WriteAsync(((string)c.Request.Query["d"]!).StartsWith("umbra1.", StringComparison.Ordinal) ? "{}" : """{"v":"75"}""");
        await EnableAsync(Acme, "sure");
        await BudgetAsync(Acme, 0.35m);

        await SubmitAsync(Acme, [.. Enumerable.Range(0, 20).Select(i => new { email = $"a@umbra{i}.example.com" })]);
        await DrainAsync();

        (await ScalarAsync<decimal>("SELECT sum(cost) FROM aix.source_calls")).ShouldBeInRange(0.2m, 0.35m);
        (await ScalarAsync<decimal>("SELECT spent FROM aix.source_spends")).ShouldBe(await ScalarAsync<decimal>("SELECT sum(cost) FROM aix.source_calls"));
        (await ScalarAsync<long>("SELECT count(*) FROM aix.enrichment_plans WHERE steps::text LIKE '%OverBudget%'")).ShouldBeGreaterThan(10);

        var before = _server.Calls.Count;
        Time.Advance(TimeSpan.FromDays(1));
        await LeadAsync(Acme, "a@umbra-next.example.com");
        _server.Calls.Count.ShouldBe(before + 1);
    }

    /// <summary>Prevents: money spent on a lead whose place no answer can change.</summary>
    [Fact]
    public async Task PricedSource_IsNotAsked_WhenTheLeadIsDecided()
    {
        Answer("sure", """{"v":"75"}""");
        await EnableAsync(Acme, "sure");
        await Get<ITenantStore>().SaveSettingsAsync(Acme, (await Get<ITenantStore>().GetAsync(Acme, CancellationToken.None)).Settings with { HotThreshold = 0.9999999, WarmThreshold = 0.9999998 }, CancellationToken.None);

        var lead = await DetailAsync(await LeadAsync(Acme, "a@umbra.example.com"));

        _server.Calls.ShouldBeEmpty();
        lead.Company!.Plan.Single().Outcome.ShouldBe(StepOutcome.Decided);
    }

    /// <summary>Prevents: a batch of leads waits for a source of one call in ten seconds.</summary>
    [Fact]
    public async Task SlowSource_IsSkipped_NotAwaited()
    {
        Answer("slow", """{"v":"50"}""");
        await EnableAsync(Acme, "slow");
        var clock = Stopwatch.StartNew();

        await SubmitAsync(Acme, [.. Enumerable.Range(0, 12).Select(i => new { email = $"a@umbra{i}.example.com" })]);
        await DrainAsync();

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8));
        _server.Calls.Count.ShouldBe(1);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.enrichment_plans WHERE steps::text LIKE '%TooSlow%'")).ShouldBe(11);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings WHERE score IS NOT NULL")).ShouldBe(12);
    }

    /// <summary>Prevents: a throttled or failing source is taken for one that knows nothing, or holds the leads up.</summary>
    [Theory]
    [InlineData("429")]
    [InlineData("prose")]
    [InlineData("500")]
    [InlineData("hang")]
    [InlineData("nonsense")]
    public async Task DeadSource_NeverStallsALead_AndIsNotMeasured(string failure)
    {
        _answers["free"] = async c =>
        {
            c.Response.StatusCode = failure is "429" or "500" ? int.Parse(failure, System.Globalization.CultureInfo.InvariantCulture) : 200;
            await (failure switch
            {
                "hang" => new TaskCompletionSource().Task.WaitAsync(c.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default),
                "prose" => c.Response.WriteAsync("Please limit requests to one every 5 seconds"),
                _ => c.Response.WriteAsync("<html>"),
            });
        };
        await EnableAsync(Acme, "free");

        var lead = await DetailAsync(await LeadAsync(Acme, "a@umbra.example.com"));

        lead.Lead.Score.ShouldNotBeNull();
        lead.Company!.Plan.Single().ShouldSatisfyAllConditions(p => p.Outcome.ShouldBe(StepOutcome.NotMeasured), p => p.Note.ShouldNotBeNullOrEmpty());
        (await ScalarAsync<long>("SELECT count(*) FROM aix.public_answers")).ShouldBe(0);
    }

    /// <summary>A company that a source does not know is not asked for again until a week is over.</summary>
    [Fact]
    public async Task Nothing_IsRemembered_ForAWhile()
    {
        _answers["free"] = c =>
        {
            c.Response.StatusCode = 404;
            return Task.CompletedTask;
        };
        await EnableAsync(Acme, "free");

        await LeadAsync(Acme, "a@umbra.example.com");
        await LeadAsync(Acme, "b@umbra.example.com");
        _server.Calls.Count.ShouldBe(1);

        Time.Advance(TimeSpan.FromDays(8));
        await LeadAsync(Acme, "c@umbra.example.com");
        _server.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Rate_HoldsAlsoForTwoNodes()
    {
        Answer("free", "{}");
        var (a, b) = (new SourcePaces(Sources), new SourcePaces(Sources));
        var turns = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i => await (i % 2 == 0 ? a : b).TakeAsync("test", 100, 20, TimeSpan.FromSeconds(5), CancellationToken.None)));

        turns.Sum(t => t.Granted).ShouldBe(200);
        turns.Select(t => t.Wait).Max().ShouldBeGreaterThan(TimeSpan.FromSeconds(1.5));
        (await a.TakeAsync("test", 100, 500, TimeSpan.FromSeconds(5), CancellationToken.None)).Granted.ShouldBe(0);
        await b.BlockAsync("other", TimeSpan.FromMinutes(1), CancellationToken.None);
        (await a.TakeAsync("other", 100, 5, TimeSpan.FromSeconds(5), CancellationToken.None)).Granted.ShouldBe(0);
    }

    /// <summary>Prevents: a campaign of fifty calls a second gets twenty, because what a late beat could have taken is gone; and two nodes take more than the rate gives.</summary>
    [Fact]
    public async Task Turns_TakenAhead_AreThoseOfTheTime_AndNoMore()
    {
        var (a, b) = (new SourcePaces(Sources), new SourcePaces(Sources));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var first = await a.TakeWithinAsync("campaign:test", 100, 500, TimeSpan.FromSeconds(0.3), CancellationToken.None);
        var second = await b.TakeWithinAsync("campaign:test", 100, 500, TimeSpan.FromSeconds(0.3), CancellationToken.None);

        first.Granted.ShouldBe(31);
        second.Granted.ShouldBeLessThanOrEqualTo(1 + (int)(watch.Elapsed.TotalSeconds * 100));
        (await a.TakeWithinAsync("campaign:slow", 0.5, 9, TimeSpan.FromSeconds(0.3), CancellationToken.None)).Granted.ShouldBe(1);
        (await b.TakeWithinAsync("campaign:slow", 0.5, 9, TimeSpan.FromSeconds(0.3), CancellationToken.None)).Granted.ShouldBe(0);
    }

    [Theory]
    [InlineData("nobody", null, null, "unknown-source")]
    [InlineData("sure", "", null, "key-missing")]
    [InlineData("sure", "a\nb", null, "invalid-key")]
    [InlineData("free", null, -1, "invalid-price")]
    public async Task Setting_ThatCannotBe_IsRefusedWithAReason(string source, string? key, int? price, string code) =>
        (await Get<ChangeSource>().ExecuteAsync(Acme, Actor.System, source, true, key, price, Time.GetUtcNow(), CancellationToken.None)).Error!.Code.ShouldBe(code);

    private IEnumerable<SourceDefinition> Definitions()
    {
        SourceDefinition Make(string name, bool key, decimal price, double rate, double reliability) => new()
        {
            Name = name,
            Title = name,
            Kind = SourceCategory.Firmographic,
            Url = $"http://{_server.Host}/{name}?d={{domain}}",
            NeedsKey = key,
            Price = price,
            BilledOnMatch = true,
            RatePerSecond = rate,
            HitRate = 0.9,
            Reliability = reliability,
            Values = new Dictionary<string, string> { ["employees"] = "$.v" },
            ThrottleWords = ["Please limit"],
        };
        return [Make("free", false, 0, 200, 0.7), Make("sure", true, 0.1m, 200, 0.9), Make("slow", false, 0, 0.1, 0.7)];
    }

    private void Answer(string source, string json) => _answers[source] = c => c.Response.WriteAsync(json);

    private async Task EnableAsync(TenantId tenant, params string[] sources)
    {
        foreach (var source in sources)
        {
            (await Get<ChangeSource>().ExecuteAsync(tenant, Actor.System, source, true, $"key-of-{tenant}", null, Time.GetUtcNow(), CancellationToken.None)).IsOk.ShouldBeTrue();
        }

        await BudgetAsync(tenant, 100);
    }

    private async Task BudgetAsync(TenantId tenant, decimal budget) =>
        await Get<ITenantStore>().SaveSettingsAsync(tenant, (await Get<ITenantStore>().GetAsync(tenant, CancellationToken.None)).Settings with { EnrichmentDailyBudget = budget }, CancellationToken.None);

    private async Task<Guid> LeadAsync(TenantId tenant, string email)
    {
        var id = (await SubmitAsync(tenant, new { email }))[0].LeadId!.Value;
        await DrainAsync();
        return id;
    }

    private async Task<LeadDetail> DetailAsync(Guid id)
    {
        using var scope = For(Acme);
        return (await scope.ServiceProvider.GetRequiredService<ILeadDetailQueries>().GetAsync(id, CancellationToken.None))!;
    }
}
