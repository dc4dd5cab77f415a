using AIX.Core.Learning;
using AIX.Core.Scoring;
using AIX.Tests.Scoring;
using Shouldly;
using Xunit;

namespace AIX.Tests.Learning;

/// <summary>Reports against values worked out by hand.</summary>
public class EvaluationTests
{
    private static readonly double[] Y = [1, 1, 0, 1, 0, 0, 0, 0];
    private static readonly double[] P = [0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1];

    [Fact]
    public void Confusion_AtAThreshold_ByHand()
    {
        var c = Evaluation.Confuse(P, Y, 0.65);

        (c.TruePositives, c.FalsePositives, c.FalseNegatives, c.TrueNegatives).ShouldBe((2, 1, 1, 4));
        c.Precision.ShouldBe(2 / 3.0, 1e-12);
        c.Recall.ShouldBe(2 / 3.0, 1e-12);
        c.F1.ShouldBe(2 / 3.0, 1e-12);
    }

    /// <summary>R = 10, c = 1: pursuing the first four wins 30 − 1; going on only costs. Advice lies between 0.6 and 0.4.</summary>
    [Fact]
    public void Evaluation_AdvisesTheThresholdOfMostUtility()
    {
        var e = Evaluation.Of([.. P.Select(p => new ScoreResult(0, p, p / 2, (1 + p) / 2))], Y, [0.5], new Utility());

        e.AdvisedThreshold.ShouldBe(0.5, 1e-12);
        e.BestUtility.ShouldBe(29 / 8.0, 1e-12);
        e.Roc[0].ShouldBe(new CurvePoint(0, 0));
        e.Roc[^1].ShouldBe(new CurvePoint(1, 1));
        e.Gain.Single(g => Math.Abs(g.X - 0.5) < 1e-9).Y.ShouldBe(1, 1e-12);
        e.MeanWidth.ShouldBe(0.5, 1e-12);
        new Utility(10, 1).Threshold.ShouldBe(1 / 11.0, 1e-12);
    }

    /// <summary>PSI of (0.5, 0.5) → (0.6, 0.4): 0.1·ln(1.2) − (−0.1)·ln(0.8)… = 0.1·(ln 1.2 − ln 0.8) = 0.040547.</summary>
    [Fact]
    public void Drift_PsiAndKl_ByHand()
    {
        var drift = FeatureDrift.Of("f", [0.5, 0.5], [60_000, 40_000]);

        drift.Psi.ShouldBe(0.1 * Math.Log(1.2 / 0.8), 1e-5);
        drift.Kl.ShouldBe(0.6 * Math.Log(1.2) + 0.4 * Math.Log(0.8), 1e-5);
    }

    [Fact]
    public void Drift_OfAModel_FindsTheFeatureThatMoved()
    {
        var (table, labels, _) = SyntheticData.Mixed(800, 31);
        var (fresh, _, _) = SyntheticData.Mixed(800, 32);
        var model = ModelTrainer.Train(new TrainingData(table, labels), new TrainingOptions { Model = ModelTrainer.Logistic }).Value!;
        var moved = new DataTable([.. fresh.Columns.Select(c => c.Name == "a" ? new NumberColumn("a", [.. ((NumberColumn)c).Values.ToArray().Select(v => v + 1)]) : c)], 800);

        model.DriftOf(fresh).ShouldAllBe(d => d.Psi < 0.1);
        model.DriftOf(moved).Single(d => d.Psi > 0.25).Name.ShouldBe("a");
    }

    /// <summary>z = (0.6 − 0.4)/√(0.5·0.5·(1/100 + 1/100)) = 2.8284; p = 0.004678.</summary>
    [Fact]
    public void TwoProportions_ByHand()
    {
        var (lift, p) = TwoProportions.Test(60, 100, 40, 100);

        lift.ShouldBe(0.5, 1e-12);
        p.ShouldBe(0.004678, 1e-5);
    }

    [Fact]
    public void Velocity_IsTheSlope_AndDecayHalves()
    {
        var start = DateTimeOffset.UnixEpoch;

        Relevance.Velocity([(start, 0.2), (start.AddDays(1), 0.3), (start.AddDays(2), 0.4)])!.Value.ShouldBe(0.1, 1e-12);
        Relevance.Velocity([(start, 0.2)]).ShouldBeNull();
        Relevance.Decay(0.8, Math.Log(2) / 30, TimeSpan.FromDays(30)).ShouldBe(0.4, 1e-12);
    }

    /// <summary>Prevents: a model that scores one region's good leads low goes unnoticed.</summary>
    [Fact]
    public void Fairness_FlagsTheSegmentThatIsScoredTooLow()
    {
        var region = Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? "north" : "south").ToArray();
        var labels = Enumerable.Range(0, 400).Select(i => i % 4 < 2 ? 1.0 : 0).ToArray();
        var scores = region.Select(r => r == "north" ? new ScoreResult(0, 0.55, 0.4, 0.7) : new ScoreResult(0, 0.3, 0.2, 0.4)).ToArray();

        var segments = Fairness.Of(new DataTable([TextColumn.Of("region", region)], 400), labels, scores, 0.5);

        var south = segments.Single(s => s.Level == "south");
        (south.IsMiscalibrated, south.IsPassedOver).ShouldBe((true, true));
        segments.Single(s => s.Level == "north").IsMiscalibrated.ShouldBeFalse();
    }
}
