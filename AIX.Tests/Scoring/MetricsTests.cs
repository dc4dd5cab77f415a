using AIX.Core.Scoring;
using AIX.Core.Scoring.Models;
using Shouldly;
using Xunit;

namespace AIX.Tests.Scoring;

/// <summary>Measures and calibrators against values worked out by hand.</summary>
public class MetricsTests
{
    private static readonly double[] P = [0.1, 0.4, 0.35, 0.8];
    private static readonly double[] Y = [0, 0, 1, 1];

    /// <summary>scikit-learn's own example: AUC 0.75, average precision 0.8333.</summary>
    [Fact]
    public void Ranking_KnownExample_HasPublishedValues()
    {
        Metrics.Auc(P, Y).ShouldBe(0.75, 1e-12);
        Metrics.PrAuc(P, Y).ShouldBe(0.8333333333333333, 1e-12);
    }

    [Fact]
    public void Auc_Ties_CountHalf()
    {
        Metrics.Auc([1, 1, 1, 1], Y).ShouldBe(0.5, 1e-12);
        Metrics.Auc([1, 2, 2, 3], Y).ShouldBe((0.5 + 1 + 1 + 1) / 4, 1e-12);
    }

    [Fact]
    public void LogLossAndBrier_ByHand()
    {
        Metrics.LogLoss(P, Y).ShouldBe(-(Math.Log(0.9) + Math.Log(0.6) + Math.Log(0.35) + Math.Log(0.8)) / 4, 1e-12);
        Metrics.Brier(P, Y).ShouldBe((0.01 + 0.16 + 0.4225 + 0.04) / 4, 1e-12);
    }

    /// <summary>Two bins: {0.1, 0.4, 0.35} with one of three won and mean 0.2833, {0.8} won: (3·0.05 + 1·0.2)/4.</summary>
    [Fact]
    public void Ece_TwoBins_ByHand() => Metrics.Ece(P, Y, 2).ShouldBe((3 * Math.Abs(1 / 3.0 - 0.85 / 3) + 0.2) / 4, 1e-12);

    [Fact]
    public void Lift_TopQuarter_IsOverTheBaseRate() => Metrics.Lift(P, Y, 0.25).ShouldBe(2, 1e-12);

    /// <summary>Pool adjacent violators on 1 0 1 0 0 1 1: blocks {1,0}, {1,0,0}, then 1 and 1; the first two (½, ⅓) pool to ⅖.</summary>
    [Fact]
    public void Isotonic_PoolsAdjacentViolators_ByHand()
    {
        var blocks = IsotonicCalibrator.Pool([1, 2, 3, 4, 5, 6, 7], [1, 0, 1, 0, 0, 1, 1], [1, 1, 1, 1, 1, 1, 1]);

        blocks[0].Mean.ShouldBe(0.4, 1e-12);
        blocks[0].Weight.ShouldBe(5);
        blocks[^1].Mean.ShouldBe(1, 1e-12);
        blocks.Select(b => b.Mean).ShouldBeInOrder();
    }

    [Fact]
    public void Calibrators_OfOverconfidentLogits_FindTheTruth()
    {
        var rng = new Core.Scoring.Numerics.Rng(3);
        var (z, y) = (new double[20_000], new double[20_000]);
        for (var i = 0; i < z.Length; i++)
        {
            var truth = rng.NextNormal() - 1;
            z[i] = 2 * truth + 1;
            y[i] = rng.NextDouble() < 1 / (1 + Math.Exp(-truth)) ? 1 : 0;
        }

        var w = z.Select(_ => 1.0).ToArray();

        foreach (var calibrator in new Calibrator[] { PlattCalibrator.Fit(z, y, w), BetaCalibrator.Fit(z, y, w), IsotonicCalibrator.Fit(z, y, w) })
        {
            foreach (var logit in new[] { -3.0, -1, 0, 1 })
            {
                calibrator.Map(logit).ShouldBe((logit - 1) / 2, 0.25, calibrator.Name);
            }
        }
    }
}
