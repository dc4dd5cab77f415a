using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Learning;
using AIX.Core.Pipeline;
using AIX.Core.Profiles;
using AIX.Core.Routing;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace AIX.Tests.Learning;

/// <summary>A promoted model's scores reach the leads that are there already.</summary>
public class RescoringTests : LearningTest
{
    [Fact]
    public async Task Promotion_RescoresEveryLead_AsThePreviewSaid()
    {
        await HistoryAsync(Acme, 300);
        var version = await TrainAsync(Acme);
        var preview = (await Get<PreviewPromotion>().ExecuteAsync(Acme, version, CancellationToken.None)).Value!;
        var before = await BandsAsync();

        await PromoteAsync(version);
        Rescorings.ShouldBe([Acme]);
        (await RescoreAsync()).ShouldBe(300);

        var after = await BandsAsync();
        preview.Leads.ShouldBe(300);
        preview.IsEstimate.ShouldBeFalse();
        preview.Changing.ShouldBeGreaterThan(0);
        before.Zip(after).Count(b => b.First.Band != b.Second.Band).ShouldBe(preview.Changing);
        preview.Moves.Sum(m => m.Leads).ShouldBe(preview.Changing);
        (await ScalarAsync<long>($"SELECT count(*) FROM aix.lead_standings WHERE model_version = {version}")).ShouldBe(300);
        (await ScalarAsync<long>($"SELECT count(*) FROM aix.lead_scores WHERE model_version = {version} AND band IS NOT NULL")).ShouldBe(300);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.feature_snapshots")).ShouldBe(300);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings st WHERE st.state IN (3, 4) AND st.state <> CASE st.band WHEN 2 THEN 2 WHEN 1 THEN 3 ELSE 4 END AND NOT EXISTS (SELECT 1 FROM aix.review_items i WHERE i.lead_id = st.lead_id)")).ShouldBe(0);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings st WHERE st.state = 7 AND NOT EXISTS (SELECT 1 FROM aix.review_items i WHERE i.lead_id = st.lead_id)")).ShouldBe(0);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.review_items i JOIN aix.lead_standings st ON st.lead_id = i.lead_id WHERE i.reason <> 3 AND NOT st.uncertain")).ShouldBe(0);

        var lead = await DetailAsync(Acme, after[0].LeadId);
        ProfileModel.Sigmoid(lead.Ledger!.Logit).ShouldBe(lead.Lead.Score!.Value, 1e-9);
        lead.Lead.TopReason.ShouldNotBeNull();
        lead.History.Count(h => h.Kind == "scored").ShouldBe(2);
    }

    /// <summary>Prevents: a run that comes a second time, or after a break, writes history twice.</summary>
    [Fact]
    public async Task Rescoring_Again_DoesWhatIsLeft()
    {
        await HistoryAsync(Acme, 200);
        await PromoteAsync(await TrainAsync(Acme));
        await RescoreAsync();

        (await RescoreAsync()).ShouldBe(0);
        await ExecuteAsync("UPDATE aix.lead_standings SET model_version = 1 WHERE lead_id IN (SELECT lead_id FROM aix.lead_standings ORDER BY lead_id LIMIT 50)");
        (await RescoreAsync()).ShouldBe(50);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_scores")).ShouldBe(450);

        (await Get<PromoteModel>().RollBackAsync(Acme, Actor.System, CancellationToken.None)).IsOk.ShouldBeTrue();
        Time.Advance(TimeSpan.FromSeconds(6));
        (await RescoreAsync()).ShouldBe(200);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings WHERE model_version = 1")).ShouldBe(200);
    }

    /// <summary>Prevents: the job starts before this node has heard of the promotion, finds the old champion in its cache, and has nothing to do.</summary>
    [Fact]
    public async Task Rescoring_RightAfterThePromotion_DoesNotTrustTheNodesCache()
    {
        await HistoryAsync(Acme, 200);
        var version = await TrainAsync(Acme);
        (await Get<IServingModels>().ChampionAsync(Acme, CancellationToken.None)).ShouldBeNull();

        (await Get<PromoteModel>().ExecuteAsync(Acme, Actor.System, version, CancellationToken.None)).IsOk.ShouldBeTrue();

        (await RescoreAsync()).ShouldBe(200);
        (await ScalarAsync<long>($"SELECT count(*) FROM aix.lead_standings WHERE model_version = {version}")).ShouldBe(200);
    }

    /// <summary>Prevents: leads that a run scored before it broke off never come to review.</summary>
    [Fact]
    public async Task Rescoring_AfterABreak_AlsoRoutesWhatWasScoredBefore()
    {
        await HistoryAsync(Acme, 200);
        await PromoteAsync(await TrainAsync(Acme));

        // Of a lead that is won or lost nobody is asked.
        await ExecuteAsync("UPDATE aix.lead_standings SET state = 7");
        await RescoreAsync();
        var routed = await ScalarAsync<long>("SELECT count(*) FROM aix.review_items");
        routed.ShouldBeGreaterThan(1);
        await ExecuteAsync("DELETE FROM aix.review_items");
        await ExecuteAsync("UPDATE aix.lead_standings SET model_version = 1 WHERE lead_id IN (SELECT lead_id FROM aix.lead_standings ORDER BY uncertain LIMIT 1)");

        (await RescoreAsync()).ShouldBe(1);

        (await ScalarAsync<long>("SELECT count(*) FROM aix.review_items")).ShouldBe(routed);
    }

    /// <summary>Prevents: a promotion in the middle of a run leaves half of the leads with the old champion's scores, or ends in an error.</summary>
    [Fact]
    public async Task Rescoring_WhenAnotherIsPromotedMeanwhile_StopsQuietly_AndLeavesTheRestToTheNext()
    {
        await HistoryAsync(Acme, 200);
        var version = await TrainAsync(Acme);
        await PromoteAsync(version);
        var store = new Interrupted(Get<IRescoringStore>(), () => Get<PromoteModel>().RollBackAsync(Acme, Actor.System, CancellationToken.None));
        var run = new RescoreLeads(store, Get<Core.Pipeline.HandOver>(), Get<Core.Pipeline.TellOfHotLeads>(), Get<IModelRegistry>(), Get<IServingModels>(), Get<IProfileStore>(), Get<ITenantStore>(), Get<IUnitOfWorkFactory>(), Time);

        (await run.ExecuteAsync(Acme, CancellationToken.None)).ShouldBe(0);

        (await ScalarAsync<long>($"SELECT count(*) FROM aix.lead_standings WHERE model_version = {version}")).ShouldBe(0);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.review_items i JOIN aix.lead_standings st ON st.lead_id = i.lead_id WHERE st.model_version <> 1")).ShouldBe(0);
        (await RescoreAsync()).ShouldBe(0);
        await PromoteAsync(version);
        (await RescoreAsync()).ShouldBe(200);
    }

    /// <summary>Prevents: a lead changes while all are scored again, and the older picture of it wins.</summary>
    [Fact]
    public async Task Lead_ScoredMeanwhileFromANewerSnapshot_KeepsThatScore()
    {
        await HistoryAsync(Acme, 40);
        var store = Get<IRescoringStore>();
        var read = await store.ReadAsync(Acme, 99, Guid.Empty, 2, CancellationToken.None);
        await ExecuteAsync($"UPDATE aix.lead_standings SET snapshot = snapshot + 1000, score = 0.123 WHERE lead_id = '{read[0].LeadId}'");

        await using (var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None))
        {
            RescoredLead[] scores = [.. read.Select(l => new RescoredLead(l.LeadId, l.Snapshot, new ScoreResult(2, 0.88, 0.8, 0.9), null))];
            RoutedLead[] routes = [.. read.Select(l => new RoutedLead(l.LeadId, 0, Band.Hot, false, 0))];
            await store.SaveAsync(work, scores, routes, [], 99, 1, Time.GetUtcNow(), CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        (await ScalarAsync<double>($"SELECT score FROM aix.lead_standings WHERE lead_id = '{read[0].LeadId}'")).ShouldBe(0.123);
        (await ScalarAsync<double>($"SELECT score FROM aix.lead_standings WHERE lead_id = '{read[1].LeadId}'")).ShouldBe(0.88);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_scores WHERE model_version = 99")).ShouldBe(1);
    }

    [Fact]
    public async Task Preview_OfAModelThatIsNotThere_SaysSo_AndOtherTenantsSeeNothing()
    {
        await HistoryAsync(Acme, 120);
        var version = await TrainAsync(Acme);

        (await Get<PreviewPromotion>().ExecuteAsync(Globex, version, CancellationToken.None)).Error!.Code.ShouldBe("unknown-model");
        (await Get<PreviewPromotion>().ExecuteAsync(Acme, 77, CancellationToken.None)).Error!.Code.ShouldBe("unknown-model");
        (await Get<PreviewPromotion>().ExecuteAsync(Acme, PromoteModel.Profile, CancellationToken.None)).Value!.Changing.ShouldBe(0);
        (await Get<RescoreLeads>().ExecuteAsync(Globex, CancellationToken.None)).ShouldBe(0);
    }

    private Task<int> RescoreAsync() => Get<RescoreLeads>().ExecuteAsync(Acme, CancellationToken.None);

    private async Task<List<LeadStanding>> BandsAsync()
    {
        await using var db = Sources.Context(Acme);
        return await db.Set<LeadStanding>().AsNoTracking().OrderBy(s => s.LeadId).ToListAsync();
    }

    /// <summary>Something happens after the first chunk was read.</summary>
    private sealed class Interrupted(IRescoringStore inner, Func<Task> meanwhile) : IRescoringStore
    {
        public Task<int> CountAsync(TenantId tenant, int model, CancellationToken ct) => inner.CountAsync(tenant, model, ct);

        public async Task<IReadOnlyList<LeadSnapshot>> ReadAsync(TenantId tenant, int model, Guid after, int limit, CancellationToken ct)
        {
            var chunk = await inner.ReadAsync(tenant, model, after, limit, ct);
            if (after == Guid.Empty)
            {
                await meanwhile();
            }

            return chunk;
        }

        public Task<(IReadOnlyList<LeadSnapshot> Leads, int All)> SampleAsync(TenantId tenant, int size, CancellationToken ct) => inner.SampleAsync(tenant, size, ct);

        public Task<IReadOnlyList<Guid>> SaveAsync(IUnitOfWork work, IReadOnlyList<RescoredLead> scores, IReadOnlyList<RoutedLead> routes, IReadOnlyList<RoutedLead> moved, int model, int icp, DateTimeOffset now, CancellationToken ct) =>
            inner.SaveAsync(work, scores, routes, moved, model, icp, now, ct);

        public IAsyncEnumerable<IReadOnlyList<LeadToRoute>> UncertainAsync(IUnitOfWork work, CancellationToken ct) => inner.UncertainAsync(work, ct);

        public Task<IReadOnlyList<Guid>> RouteReviewAsync(IUnitOfWork work, IReadOnlyList<RoutedLead> uncertain, TenantSettings settings, DateOnly day, DateTimeOffset now, CancellationToken ct) =>
            inner.RouteReviewAsync(work, uncertain, settings, day, now, ct);
    }
}
