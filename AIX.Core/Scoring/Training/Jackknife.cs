using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Models;

namespace AIX.Core.Scoring.Training;

/// <summary>
/// Variance of a family that has no posterior, from its models of K folds θₖ: (K − 1)/K · Σ (θₖ − θ̄)² (grouped jackknife; Efron and Tibshirani 1993, § 11.5),
/// times the family's share of the blend, as in the variance of a mixture. It is local: large where few training leads share a leaf.
/// </summary>
/// <param name="Models">One for each fold, at least two.</param>
/// <param name="Weight">Share of the family, 0 to 1.</param>
internal sealed record Jackknife(IReadOnlyList<IModel> Models, double Weight)
{
    /// <summary>The folds' models are single draws of rows and features; the model kept averages several, and varies less.</summary>
    private const double OfAverage = 0.8;

    public void AddVariance(EncodedRows rows, double[] variance)
    {
        var (mean, squares, one) = (new double[rows.Rows], new double[rows.Rows], new double[rows.Rows]);
        for (var k = 0; k < Models.Count; k++)
        {
            Models[k].Predict(rows, one);
            for (var i = 0; i < one.Length; i++)
            {
                // Welford's update.
                var from = one[i] - mean[i];
                mean[i] += from / (k + 1);
                squares[i] += from * (one[i] - mean[i]);
            }
        }

        var factor = OfAverage * Weight * (Models.Count - 1) / Models.Count;
        for (var i = 0; i < one.Length; i++)
        {
            variance[i] += factor * squares[i];
        }
    }
}
