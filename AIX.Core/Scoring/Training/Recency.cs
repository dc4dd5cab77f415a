using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Models;

namespace AIX.Core.Scoring.Training;

/// <summary>
/// Finds how fast old outcomes lose weight: half-lives of ∞, n, n/2 … rows are judged on later rows by a spline logistic regression, and the shortest that is not
/// clearly worse is taken. A market that stands still keeps most rows; one that moves (a base rate that rises from 3 to 46 % in a file) is learned from its newest.
/// </summary>
internal static class Recency
{
    private const int ShortestRows = 150;

    private const int Blocks = 10;

    /// <summary>Standard errors that a shorter half-life may lose: markets move more often than their record shows, and forgetting too much costs less than a stale model.</summary>
    private const double Tolerance = 1;

    /// <returns>Half-life in rows; +∞ for none.</returns>
    public static double HalfLife(LabelledRows data, ulong seed)
    {
        var folds = Folds.Forward(data.Labels, Blocks);
        if (folds.Length < 3 || data.Count < 4 * ShortestRows)
        {
            return double.PositiveInfinity;
        }

        var rows = JudgedRows.Of(data, folds);
        var tuned = new LogisticFamily("recency", LogisticBasis.Splines).Tune(data, seed, true);
        var tried = new List<(double HalfLife, double[] Losses)> { (double.PositiveInfinity, Judge(data, folds, rows, tuned, double.PositiveInfinity)) };
        for (var half = (double)data.Count; half >= ShortestRows; half /= 2)
        {
            tried.Add((half, Judge(data, folds, rows, tuned, half)));
        }

        var best = tried.MinBy(t => t.Losses.Average()).Losses;
        return tried.Where(t => Paired.Difference(t.Losses, best) is var (behind, error) && behind <= Tolerance * error).Min(t => t.HalfLife);
    }

    /// <summary>Weights times 0.5^(age/half-life), age in rows from the newest.</summary>
    public static LabelledRows Weighted(LabelledRows data, double halfLife) =>
        double.IsFinite(halfLife) ? data with { Weights = [.. data.Weights.Select((w, i) => w * Math.Pow(0.5, (data.Count - 1 - i) / halfLife))] } : data;

    private static double[] Judge(LabelledRows data, Fold[] folds, JudgedRows rows, TunedLogistic tuned, double halfLife)
    {
        var logits = new double[folds.Length][];
        Parallel.For(0, folds.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, k =>
        {
            logits[k] = new double[folds[k].Test.Length];
            tuned.Fit(Weighted(data.Select(folds[k].Train), halfLife), 1, false).Predict(data.Rows.Select(folds[k].Test), logits[k]);
        });
        return rows.Losses([.. logits.SelectMany(l => l)]);
    }
}
