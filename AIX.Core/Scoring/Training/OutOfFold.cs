using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Models;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Training;

/// <summary>Predictions for rows that the predicting model has not seen.</summary>
/// <param name="Rows">Rows judged, in fold order.</param>
/// <param name="FoldOf">Fold of each.</param>
internal sealed record JudgedRows(int[] Rows, int[] FoldOf, double[] Labels, double[] Weights)
{
    public static JudgedRows Of(LabelledRows data, Fold[] folds)
    {
        int[] rows = [.. folds.SelectMany(f => f.Test)];
        return new JudgedRows(rows, [.. folds.SelectMany((f, k) => Enumerable.Repeat(k, f.Test.Length))], Array.ConvertAll(rows, r => data.Labels[r]), Array.ConvertAll(rows, r => data.Weights[r]));
    }

    public double[] Losses(double[] logits)
    {
        var losses = new double[logits.Length];
        for (var i = 0; i < logits.Length; i++)
        {
            losses[i] = Weights[i] * Logistic.Loss(logits[i], Labels[i]);
        }

        return losses;
    }
}

/// <summary>A family with its out-of-fold predictions.</summary>
/// <param name="Final">Fits the model that is kept.</param>
internal sealed record Candidate(string Name, int Complexity, double[] Logits, Func<LabelledRows, IModel> Final)
{
    /// <summary>The model of each fold, where a family keeps them.</summary>
    public IReadOnlyList<IModel> FoldModels { get; init; } = [];
}

/// <summary>Comparison of losses over the same rows.</summary>
internal static class Paired
{
    /// <summary>Mean of a − b and its standard error.</summary>
    public static (double Mean, double Error) Difference(double[] a, double[] b)
    {
        var n = a.Length;
        var (mean, square) = (0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            mean += (a[i] - b[i]) / n;
        }

        for (var i = 0; i < n; i++)
        {
            var d = a[i] - b[i] - mean;
            square += d * d;
        }

        return (mean, n > 1 ? Math.Sqrt(square / (n - 1.0) / n) : 0);
    }
}
