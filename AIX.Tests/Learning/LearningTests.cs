using System.Globalization;
using System.Text;
using AIX.Core.Auditing;
using AIX.Core.Learning;
using AIX.Core.Leads;
using AIX.Core.Scoring;
using AIX.Core.Tenancy;
using AIX.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Learning;

/// <summary>Outcomes become a model, and the model scores: on a real database, through the product's own use cases.</summary>
public class LearningTests : LearningTest
{
    [Fact]
    public async Task Train_PromoteScoreExplainRollBack_TheWholeWay()
    {
        await HistoryAsync(Acme, 400);

        var version = await TrainAsync(Acme);
        var before = await ScoreOfAsync("early@fresh.test", "Gold");
        (await Get<PromoteModel>().ExecuteAsync(Acme, Actor.System, version, CancellationToken.None)).IsOk.ShouldBeTrue();
        (await Get<IModelRegistry>().ListAsync(Acme, CancellationToken.None))[0].Aliases.ShouldBe([ModelAlias.Champion]);
        Time.Advance(TimeSpan.FromSeconds(6));
        var good = await ScoreOfAsync("good@fresh.test", "Gold");
        var bad = await ScoreOfAsync("bad@fresh.test", "Bronze");

        before.Lead.ModelVersion.ShouldBe(ProfileModel.ModelVersion);
        good.Lead.ModelVersion.ShouldBe(version);
        good.Lead.Score!.Value.ShouldBeGreaterThan(bad.Lead.Score!.Value + 0.2);
        foreach (var lead in new[] { good, bad })
        {
            ProfileModel.Sigmoid(lead.Ledger!.Logit).ShouldBe(lead.Lead.Score!.Value, 1e-9);
            var known = lead.Facts.Select(f => f.Id).ToHashSet();
            lead.Ledger.Contributions.SelectMany(c => c.FactIds).ShouldAllBe(f => known.Contains(f));
            var rationale = RationaleWriter.Write(lead.Ledger, lead.Facts, CultureInfo.InvariantCulture);
            rationale.ShouldAllBe(l => l.FactIds.Count > 0 && l.FactIds.All(known.Contains));
            rationale.ShouldContain(l => l.Text.Contains("tier", StringComparison.Ordinal));
        }

        (await Get<PromoteModel>().RollBackAsync(Acme, Actor.System, CancellationToken.None)).Value.ShouldBe(PromoteModel.Profile);
        Time.Advance(TimeSpan.FromSeconds(6));
        (await ScoreOfAsync("later@fresh.test", "Gold")).Lead.ModelVersion.ShouldBe(ProfileModel.ModelVersion);
    }

    [Fact]
    public async Task Registry_KeepsEveryVersionWithItsReport_AndOneTenantsModelsAreNotAnothers()
    {
        await HistoryAsync(Acme, 400);

        var (first, second) = (await TrainAsync(Acme), await TrainAsync(Acme));

        var listed = await Get<IModelRegistry>().ListAsync(Acme, CancellationToken.None);
        listed.Select(m => m.Version).ShouldBe([second, first]);
        listed[0].DataHash.ShouldBe(listed[1].DataHash);
        listed[0].Aliases.ShouldBe([ModelAlias.Challenger]);
        var report = listed[0].Report;
        report.HoldOut!.Auc.ShouldBeGreaterThan(0.75);
        report.Importance[0].Name.ShouldBe("attr.tier");
        report.Candidates.Count.ShouldBeGreaterThan(5);
        report.HoldOut.Confusions.ShouldAllBe(c => c.TruePositives + c.FalsePositives + c.FalseNegatives + c.TrueNegatives == report.HoldOut.Rows);
        (await Get<IModelRegistry>().ListAsync(Globex, CancellationToken.None)).ShouldBeEmpty();
        (await Get<IServingModels>().FindAsync(Globex, first, CancellationToken.None)).ShouldBeNull();
        (await Get<PromoteModel>().ExecuteAsync(Globex, Actor.System, first, CancellationToken.None)).Error!.Code.ShouldBe("unknown-model");
    }

    /// <summary>Prevents: an outcome that is recorded tomorrow teaches today's model.</summary>
    [Fact]
    public async Task TrainingSet_AsOfADate_KnowsNothingLater()
    {
        await HistoryAsync(Acme, 60);
        var middle = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromDays(1));
        await HistoryAsync(Acme, 40, "second");

        (await Get<ITrainingSets>().LoadAsync(Acme, middle, 10_000, CancellationToken.None)).Count.ShouldBe(60);
        var all = await Get<ITrainingSets>().LoadAsync(Acme, Time.GetUtcNow(), 10_000, CancellationToken.None);
        all.Count.ShouldBe(100);
        all.ShouldAllBe(r => r.SeenBefore && r.ScoredAt <= r.OccurredAt);
        all.Select(r => r.OccurredAt).ShouldBeInOrder();
    }

    [Fact]
    public async Task Train_WithoutOutcomes_SaysWhatIsMissing()
    {
        var result = await Get<TrainModel>().ExecuteAsync(Globex, Actor.System, "manual", None, CancellationToken.None);

        result.Error!.Code.ShouldBe("too-few-outcomes");
        result.Error.Message.ShouldContain("profile");
    }
}
