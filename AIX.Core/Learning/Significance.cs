using AIX.Core.Scoring;
using Normal = MathNet.Numerics.Distributions.Normal;

namespace AIX.Core.Learning;

/// <summary>Champion and challenger on the same leads.</summary>
/// <param name="LossGain">Champion's mean log-loss minus the challenger's: positive when the challenger is better.</param>
/// <param name="Error">Its standard error, paired over leads.</param>
/// <param name="PValue">(73): probability of a difference this large if both were equally good (74), two-sided.</param>
public sealed record Comparison(double LossGain, double Error, double PValue)
{
    public bool ChallengerWins(double significance = 0.05) => LossGain > 0 && PValue < significance;

    public static Comparison Of(IReadOnlyList<ScoreResult> champion, IReadOnlyList<ScoreResult> challenger, double[] labels)
    {
        var gains = new double[labels.Length];
        for (var i = 0; i < gains.Length; i++)
        {
            gains[i] = Loss(champion[i].Probability, labels[i]) - Loss(challenger[i].Probability, labels[i]);
        }

        var mean = gains.Average();
        var error = Math.Sqrt(gains.Sum(g => (g - mean) * (g - mean)) / Math.Max(1, gains.Length - 1) / gains.Length);
        return new Comparison(mean, error, error > 0 ? 2 * Normal.CDF(0, 1, -Math.Abs(mean / error)) : 1);
    }

    private static double Loss(double p, double y) => -(y * Math.Log(p) + (1 - y) * Math.Log(1 - p));
}

/// <summary>Two proportions, for campaigns and shadow tests: z-test with pooled variance, equation (73) with H₀ of (74).</summary>
public static class TwoProportions
{
    /// <returns>Lift (75) = (a − b)/b and the two-sided p-value.</returns>
    public static (double Lift, double PValue) Test(int wonA, int allA, int wonB, int allB)
    {
        var (a, b, pooled) = ((double)wonA / allA, (double)wonB / allB, (double)(wonA + wonB) / (allA + allB));
        var error = Math.Sqrt(pooled * (1 - pooled) * (1.0 / allA + 1.0 / allB));
        return ((a - b) / b, error > 0 ? 2 * Normal.CDF(0, 1, -Math.Abs((a - b) / error)) : 1);
    }
}
