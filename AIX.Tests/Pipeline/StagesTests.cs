using AIX.Core.Leads;
using AIX.Core.Pipeline;
using AIX.Core.Scoring;
using AIX.Core.Tenancy;
using AIX.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Pipeline;

public class StagesTests : DatabaseTest
{
    [Fact]
    public async Task Run_NewLead_EndsScoredExplainedAndRouted()
    {
        var id = (await SubmitAsync(Acme, new { name = "Asha Example", email = "asha@lotus.example.com", phone = "+91 11111 00001", title = "CEO", employees = 412, industry = "Software" }))[0].LeadId!.Value;

        (await DrainAsync()).ShouldBe(1);

        using var scope = For(Acme);
        var lead = (await scope.ServiceProvider.GetRequiredService<ILeadDetailQueries>().GetAsync(id, CancellationToken.None))!;
        lead.Lead.Band.ShouldBe(Band.Hot);
        lead.Lead.State.ShouldBeOneOf(LeadState.Assigned, LeadState.Scored);
        ProfileModel.Sigmoid(lead.Ledger!.Logit).ShouldBe(lead.Lead.Score!.Value, 1e-15);
        lead.Facts.ShouldContain(f => f.Attribute == "emailKind" && f.Value == "business");
        lead.Facts.ShouldContain(f => f.Attribute == "countryCode" && f.Value == "IN");
        var known = lead.Facts.Select(f => f.Id).ToHashSet();
        lead.Ledger.Contributions.SelectMany(c => c.FactIds).ShouldAllBe(f => known.Contains(f));
        lead.History.Select(h => h.Kind).ShouldBe(["scored", "received"], ignoreOrder: true);
    }

    [Fact]
    public async Task Run_ChangedLead_IsScoredAgainAndTheOldScoreStays()
    {
        await SubmitAsync(Acme, new { email = "asha@lotus.example.com" });
        await DrainAsync();
        var before = await ScalarAsync<double>("SELECT score FROM aix.lead_standings");

        await SubmitAsync(Acme, new { email = "asha@lotus.example.com", title = "CEO" });
        await DrainAsync();

        (await ScalarAsync<double>("SELECT score FROM aix.lead_standings")).ShouldBeGreaterThan(before);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_scores")).ShouldBe(2);
    }

    /// <summary>Prevents: the model's citations point nowhere once a later source has replaced a value.</summary>
    [Fact]
    public async Task Facts_AfterAnOverwrite_OldCitationsStillResolve()
    {
        await ImportAsync(Acme, "name,email,designation\nAsha,a@firm.test,CEO\n"u8.ToArray());
        await DrainAsync();
        await ImportAsync(Acme, "name,email,designation\nAsha,a@firm.test,Intern\n"u8.ToArray(), m => m with { Columns = [.. m.Columns.Select(c => c with { Rule = CollisionRule.Overwrite })] });

        using var scope = For(Acme);
        var lead = (await scope.ServiceProvider.GetRequiredService<ILeadDetailQueries>().GetAsync(await ScalarAsync<Guid>("SELECT id FROM aix.leads"), CancellationToken.None))!;

        var titles = lead.Facts.Where(f => f.Attribute == "title").ToDictionary(f => f.Value, f => f);
        titles["CEO"].Superseded.ShouldBeTrue();
        titles["Intern"].Superseded.ShouldBeFalse();
        lead.Ledger!.Contributions.Single(c => c.Feature == "seniority").FactIds.ShouldBe([titles["CEO"].Id]);
    }

    /// <summary>The review cap keeps the most valuable decisions of the day, whichever batch they come in.</summary>
    [Fact]
    public async Task Route_MoreUncertainLeadsThanTheCap_SendsTheMostValuableToReview()
    {
        await Get<ITenantStore>().SaveSettingsAsync(Acme, new TenantSettings { ReviewDailyCap = 5, ExplorationRate = 0 }, CancellationToken.None);
        for (var round = 0; round < 4; round++)
        {
            await SubmitAsync(Acme, [.. Enumerable.Range(0, 20).Select(i => (object)new { email = $"p{round}-{i}@firm{i}.example.com", phone = $"+91 11111 {(round * 100) + i:D5}", title = i % 2 == 0 ? "Manager" : "Director", employees = (i * 37) + 5, industry = i % 3 == 0 ? "Software" : "Mining" })]);
            await DrainAsync();
        }

        var uncertain = await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings WHERE uncertain");
        uncertain.ShouldBeGreaterThan(5);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings WHERE state = 7")).ShouldBe(5);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.review_items")).ShouldBe(5);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings st WHERE st.band IS NULL OR st.state NOT IN (2, 3, 4, 7)")).ShouldBe(0);
    }

    /// <summary>Prevents: a crash after a commit scores a lead twice.</summary>
    [Fact]
    public async Task Run_StageThatIsRepeatedAfterItsCommit_CannotScoreTwice()
    {
        await SubmitAsync(Acme, new { email = "a@firm.test" });
        var batch = (await Get<IPipelineQueue>().ClaimAsync(10, TimeSpan.FromMinutes(1), CancellationToken.None))!;
        await Get<RunStages>().ExecuteAsync(batch, CancellationToken.None);

        // The same claim again, as a worker would do that did not hear of its own commit.
        await Should.ThrowAsync<Exception>(() => Get<RunStages>().ExecuteAsync(batch, CancellationToken.None));

        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_scores")).ShouldBe(1);
    }

    [Fact]
    public async Task Run_LeadThatIsGone_SimplyEnds()
    {
        await SubmitAsync(Acme, new { email = "a@firm.test" }, new { email = "b@firm.test" });
        await ExecuteAsync("DELETE FROM aix.leads WHERE id IN (SELECT lead_id FROM aix.contact_points WHERE value LIKE 'a@%')");

        (await DrainAsync()).ShouldBe(2);

        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_scores")).ShouldBe(1);
    }
}
