using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Learning;
using AIX.Core.Scoring;
using AIX.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Learning;

/// <summary>A champion is watched, and reviewers' judgements teach.</summary>
public class HealthTests : LearningTest
{
    [Fact]
    public async Task Watch_OfAMarketThatTurned_RaisesOneAlarm_AndHasAModelTrained()
    {
        await HistoryAsync(Acme, 300);
        var version = await TrainAsync(Acme);
        await PromoteAsync(version);
        (await Get<WatchModels>().ExecuteAsync(CancellationToken.None)).ShouldBe(0);

        Time.Advance(TimeSpan.FromDays(1));
        await HistoryAsync(Acme, 120, "turned", gold: 0.1, bronze: 0.9);
        var health = (await HealthAsync(version))!;
        (await Get<WatchModels>().ExecuteAsync(CancellationToken.None)).ShouldBe(1);
        (await Get<WatchModels>().ExecuteAsync(CancellationToken.None)).ShouldBe(1);

        health.Calibration!.Outcomes.ShouldBe(120);
        health.Drift!.Leads.ShouldBe(120);
        health.Drift.Score.ShouldNotBeNull();
        (await ScalarAsync<long>("SELECT count(*) FROM aix.audit_entries WHERE action = 'model.alarmed'")).ShouldBe(1);
        // As many customers as before, but of the other kind: the sum alone would not show it, and the leads themselves are as they were.
        Math.Abs(health.Calibration.Z).ShouldBeLessThan(CalibrationCheck.Alarm);
        health.Calibration.PValue.ShouldBeLessThan(1e-6);
        health.Drift.Score!.Psi.ShouldBeLessThan(DriftReport.Alarm);
        (await ScalarAsync<string>("SELECT alarms::text FROM aix.model_checks")).ShouldContain("calibration");
        Trainings.ShouldBeEmpty();
    }

    /// <summary>Prevents: a model trained when a third of the leads became customers goes on promising it when nobody does.</summary>
    [Fact]
    public async Task Calibration_ThatDecayed_TriggersATraining_WhereTheRegularRunWouldNot()
    {
        await HistoryAsync(Acme, 300);
        var version = await TrainAsync(Acme);
        await PromoteAsync(version);
        Time.Advance(TimeSpan.FromDays(1));
        await HistoryAsync(Acme, 80, "nobody", gold: 0, bronze: 0);

        var alarms = (await HealthAsync(version))!.Alarms((await Get<IModelRegistry>().ListAsync(Acme, CancellationToken.None))[0].Report);
        await Get<WatchModels>().ExecuteAsync(CancellationToken.None);

        alarms[0].Kind.ShouldBe("calibration");
        alarms[0].Value.ShouldBeLessThan(-CalibrationCheck.Alarm);
        Trainings.ShouldBe([(Acme, "calibration")]);
    }

    [Fact]
    public async Task Label_TeachesWithLessWeight_UntilTheLeadIsWonOrLost()
    {
        await HistoryAsync(Acme, 20);
        var lead = (await SubmitAsync(Acme, new { email = "judged@fresh.test", tier = "Gold" }))[0].LeadId!.Value;
        await DrainAsync();
        Time.Advance(TimeSpan.FromMinutes(1));
        using var scope = For(Acme);
        var record = scope.ServiceProvider.GetRequiredService<RecordLabel>();

        (await record.ExecuteAsync(Acme, Actor.System, lead, new LabelReport(false), CancellationToken.None)).IsOk.ShouldBeTrue();
        Time.Advance(TimeSpan.FromMinutes(1));
        (await record.ExecuteAsync(Acme, Actor.System, lead, new LabelReport(true, 0.5), CancellationToken.None)).IsOk.ShouldBeTrue();
        (await record.ExecuteAsync(Acme, Actor.System, lead, new LabelReport(true, 0), CancellationToken.None)).Error!.Code.ShouldBe("invalid-confidence");
        (await record.ExecuteAsync(Globex, Actor.System, lead, new LabelReport(true), CancellationToken.None)).Error!.Code.ShouldBe("unknown-lead");
        var judged = (await Get<ITrainingSets>().LoadAsync(Acme, Time.GetUtcNow(), 100, CancellationToken.None)).Single(r => r.LeadId == lead);
        (judged.Label, judged.Weight, judged.IsJudgement, judged.SeenBefore).ShouldBe((1, 0.15, true, true));

        var outcome = scope.ServiceProvider.GetRequiredService<RecordOutcome>();
        (await outcome.ExecuteAsync(Acme, Actor.System, lead, new OutcomeReport(OutcomeResult.Lost, null), CancellationToken.None)).IsOk.ShouldBeTrue();
        var known = (await Get<ITrainingSets>().LoadAsync(Acme, Time.GetUtcNow(), 100, CancellationToken.None)).Single(r => r.LeadId == lead);
        (known.Label, known.Weight, known.IsJudgement).ShouldBe((0, 1, false));
    }

    [Fact]
    public async Task Shadow_IsComparedWithTheChampion_OnWhatCameAfterBoth()
    {
        await HistoryAsync(Acme, 240);
        var (champion, shadow) = (await TrainAsync(Acme), await TrainAsync(Acme));
        await PromoteAsync(champion);
        (await Get<PromoteModel>().ShadowAsync(Acme, Actor.System, shadow, CancellationToken.None)).Value.ShouldBe(shadow);
        (await Get<CompareModels>().ExecuteAsync(Acme, champion, shadow, CancellationToken.None)).Value!.OnOutcomes.ShouldBeNull();

        Time.Advance(TimeSpan.FromDays(1));
        await HistoryAsync(Acme, 30, "later");
        var since = (await Get<CompareModels>().ExecuteAsync(Acme, champion, shadow, CancellationToken.None)).Value!;

        // Trained on the same outcomes with the same seed: the same model.
        (since.Outcomes, since.Leads, since.OtherBand).ShouldBe((30, 30, 0));
        since.OnOutcomes!.LossGain.ShouldBe(0, 1e-9);
        (await Get<IModelRegistry>().ListAsync(Acme, CancellationToken.None)).Single(m => m.Version == shadow).Aliases.ShouldContain(ModelAlias.Shadow);
        (await Get<CompareModels>().ExecuteAsync(Globex, champion, shadow, CancellationToken.None)).Error!.Code.ShouldBe("unknown-model");
        (await Get<PromoteModel>().ShadowAsync(Globex, Actor.System, shadow, CancellationToken.None)).Error!.Code.ShouldBe("unknown-model");
    }

    /// <summary>Σp = 1.5 of three, all won: (3 − 1.5)/√0.75.</summary>
    [Fact]
    public void Calibration_ByHand() =>
        CalibrationCheck.Of([.. Enumerable.Repeat(new ScoreResult(0, 0.5, 0.4, 0.6), 3)], [1, 1, 1]).Z.ShouldBe(1.5 / Math.Sqrt(0.75), 1e-12);

    private async Task<ModelHealth?> HealthAsync(int version) =>
        await Get<CheckModel>().ExecuteAsync(Acme, (await Get<IModelRegistry>().ListAsync(Acme, CancellationToken.None)).Single(m => m.Version == version), CancellationToken.None);
}
