using AIX.Core.Scoring.Numerics;
using ChiSquared = MathNet.Numerics.Distributions.ChiSquared;

namespace AIX.Core.Scoring.Training;

/// <summary>
/// What held-out rows say about errors that the posterior does not know: the shift of the logit that each group of rows asks for, δ = Σw(y − p)/Σw p(1 − p), scatters
/// by chance with variance 1/Σw p(1 − p); what it scatters beyond is τ², estimated by moments (DerSimonian and Laird 1986) and counted only when the excess is significant at 10 %.
/// Groups are the folds (blocks of time: how far the base rate wanders) and the deciles of the score (how far calibration is off).
/// </summary>
internal static class HeldOutSpread
{
    private const double Significance = 0.9;

    private const int Deciles = 10;

    /// <summary>τ² on the logit.</summary>
    /// <param name="logits">Calibrated out-of-fold logits.</param>
    public static double Variance(double[] logits, JudgedRows rows)
    {
        var order = Enumerable.Range(0, logits.Length).ToArray();
        Array.Sort(Array.ConvertAll(order, i => logits[i]), order);
        var decile = new int[logits.Length];
        for (var rank = 0; rank < order.Length; rank++)
        {
            decile[order[rank]] = (int)((long)rank * Deciles / order.Length);
        }

        return Between(logits, rows, rows.FoldOf) + Between(logits, rows, decile);
    }

    internal static double Between(double[] logits, JudgedRows rows, int[] groupOf)
    {
        var (shift, weight) = (new double[groupOf.Max() + 1], new double[groupOf.Max() + 1]);
        for (var i = 0; i < logits.Length; i++)
        {
            var p = Logistic.Sigmoid(logits[i]);
            shift[groupOf[i]] += rows.Weights[i] * (rows.Labels[i] - p);
            weight[groupOf[i]] += rows.Weights[i] * p * (1 - p);
        }

        var used = Enumerable.Range(0, shift.Length).Where(g => weight[g] > 1).ToArray();
        if (used.Length < 3)
        {
            return 0;
        }

        var total = used.Sum(g => weight[g]);
        var mean = used.Sum(g => shift[g]) / total;
        var q = used.Sum(g => weight[g] * Math.Pow(shift[g] / weight[g] - mean, 2));
        return q < ChiSquared.InvCDF(used.Length - 1, Significance) ? 0 : (q - (used.Length - 1)) / (total - used.Sum(g => weight[g] * weight[g]) / total);
    }
}
