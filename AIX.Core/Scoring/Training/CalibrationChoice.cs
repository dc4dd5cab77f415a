using AIX.Core.Scoring.Models;

namespace AIX.Core.Scoring.Training;

/// <summary>Chooses between no calibration, Platt, beta and isotonic by cross-fitted log-loss; none unless another wins by more than its standard error.</summary>
internal static class CalibrationChoice
{
    private const int Folds = 5;

    public static Calibrator Choose(double[] logits, JudgedRows rows, bool timeOrdered, ulong seed)
    {
        var plain = rows.Losses(logits);
        (Calibrator Best, double Gain) best = (new IdentityCalibrator(), 0);
        foreach (var fit in new Func<double[], double[], double[], Calibrator>[] { PlattCalibrator.Fit, BetaCalibrator.Fit, IsotonicCalibrator.Fit })
        {
            var (judged, losses) = CrossFitted(logits, rows, timeOrdered, seed, fit);
            var (gain, error) = Paired.Difference(Array.ConvertAll(judged, i => plain[i]), losses);
            if (gain > error && gain > best.Gain)
            {
                best = (fit(logits, rows.Labels, rows.Weights), gain);
            }
        }

        return best.Best;
    }

    /// <summary>Losses of the rows judged; in time order each block is calibrated by those before it.</summary>
    private static (int[] Judged, double[] Losses) CrossFitted(double[] logits, JudgedRows rows, bool timeOrdered, ulong seed, Func<double[], double[], double[], Calibrator> fit)
    {
        var folds = timeOrdered
            ? [.. Enumerable.Range(1, rows.FoldOf.Max()).Select(k => new Fold(Where(rows, f => f < k), Where(rows, f => f == k)))]
            : Training.Folds.Stratified(rows.Labels, Folds, seed);
        var (judged, losses) = (new List<int>(), new List<double>());
        foreach (var fold in folds)
        {
            var map = fit(Pick(logits, fold.Train), Pick(rows.Labels, fold.Train), Pick(rows.Weights, fold.Train));
            foreach (var i in fold.Test)
            {
                judged.Add(i);
                losses.Add(rows.Weights[i] * Numerics.Logistic.Loss(map.Map(logits[i]), rows.Labels[i]));
            }
        }

        return ([.. judged], [.. losses]);
    }

    private static int[] Where(JudgedRows rows, Func<int, bool> match) => [.. Enumerable.Range(0, rows.Rows.Length).Where(i => match(rows.FoldOf[i]))];

    private static double[] Pick(double[] values, int[] at) => Array.ConvertAll(at, i => values[i]);
}
