using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Models;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Training;

/// <summary>
/// How far the truth may lie from a score, on the logit. With the reference posterior N(μ(x), v(x)) and other models that held-out rows found about as good, mₖ(x) with weights πₖ:
/// s² = v + skew² + ⅓ [(m − μ)² + Σ πₖ(mₖ − m)²] + πσ² + τ² + imputed, where m is the score's own logit. v grows with the distance from the training data; where good models
/// disagree nobody knows; πσ² is the part of trees, whose steps the posterior does not see (<see cref="Jackknife"/>); τ² is what held-out rows scatter beyond chance (<see cref="HeldOutSpread"/>); "imputed" is what the contribution of each unknown feature
/// varies by among leads where it is known. A third, because the members' own errors are already part of v.
/// </summary>
internal sealed record IntervalModel(LogisticModel Reference, IReadOnlyList<(IModel Model, double Weight)> Views, Jackknife? Trees, double HeldOutVariance, double[] ImputedVariance)
{
    private const double Disagreement = 1 / 3.0;

    public static IntervalModel Of(LogisticModel reference, IReadOnlyList<(IModel Model, double Weight)> views, Jackknife? trees, EncodedRows rows, double heldOut) =>
        new(reference, views, trees, heldOut, Imputed(reference, rows));

    /// <summary>2.5 and 97.5 % bounds on the logit, around the logits given.</summary>
    public (double[] Low, double[] High) Bounds(Predictions predictions, ReadOnlySpan<double> logits)
    {
        var (mean, skew, variance) = predictions.Posteriors(Reference);
        var unknown = UnknownVariance(predictions.Rows);
        foreach (var (model, weight) in Views)
        {
            var view = predictions.Of(model);
            for (var i = 0; i < view.Length; i++)
            {
                variance[i] += Disagreement * weight * (view[i] - logits[i]) * (view[i] - logits[i]);
            }
        }

        Trees?.AddVariance(predictions.Rows, variance);
        for (var i = 0; i < mean.Length; i++)
        {
            var off = logits[i] - mean[i];
            var half = Logistic.Z95 * Math.Sqrt(variance[i] + Disagreement * off * off + skew[i] * skew[i] + HeldOutVariance + unknown[i]);
            // The score itself always lies inside.
            var centre = logits[i] + Math.Clamp(skew[i], -0.9 * half, 0.9 * half);
            (mean[i], variance[i]) = (centre - half, centre + half);
        }

        return (mean, variance);
    }

    /// <summary>Variance of each feature's linear contribution, weighed down where training often saw it missing and so learned what that means.</summary>
    private static double[] Imputed(LogisticModel reference, EncodedRows rows)
    {
        var (design, owners, beta) = (rows.Design, rows.Schema.DesignOwners, reference.Posterior.Mean);
        var variances = new double[rows.Schema.Features.Count];
        var contribution = new double[variances.Length];
        var (sum, square) = (new double[variances.Length], new double[variances.Length]);
        var step = Math.Max(1, rows.Rows / 2000);
        var seen = 0;
        for (var i = 0; i < rows.Rows; i += step, seen++)
        {
            Array.Clear(contribution);
            for (var j = 1; j < reference.Columns; j++)
            {
                contribution[owners[j]] += beta[j] * design.Row(i)[j];
            }

            for (var f = 0; f < variances.Length; f++)
            {
                sum[f] += contribution[f];
                square[f] += contribution[f] * contribution[f];
            }
        }

        for (var f = 0; f < variances.Length; f++)
        {
            var missing = rows.Rows * (rows.Schema.Features[f] switch { NumberSpec { BinShares.Length: > 0 } n => n.BinShares[0], NumberSpec n => n.MissingShare, CategorySpec c => c.Shares[0], _ => 0 });
            variances[f] = Math.Max(0, square[f] / seen - sum[f] / seen * (sum[f] / seen)) / (1 + missing / 10);
        }

        return variances;
    }

    /// <summary>Features that a row does not know, with the variance that each adds.</summary>
    public IEnumerable<(int Feature, double Variance)> Unknown(EncodedRows rows, int row)
    {
        var (bins, owners) = (rows.Bins, rows.Schema.BinOwners);
        for (var c = 0; c < bins.Columns; c++)
        {
            if ((c == 0 || owners[c - 1] != owners[c]) && IsUnknown(rows.Schema.Features[owners[c]], bins.Codes[row * bins.Columns + c]))
            {
                yield return (owners[c], ImputedVariance[owners[c]]);
            }
        }
    }

    private double[] UnknownVariance(EncodedRows rows)
    {
        var (bins, owners) = (rows.Bins, rows.Schema.BinOwners);
        var unknown = new double[rows.Rows];
        for (var i = 0; i < rows.Rows; i++)
        {
            var codes = bins.Codes.AsSpan(i * bins.Columns, bins.Columns);
            for (var c = 0; c < codes.Length; c++)
            {
                if ((c == 0 || owners[c - 1] != owners[c]) && IsUnknown(rows.Schema.Features[owners[c]], codes[c]))
                {
                    unknown[i] += ImputedVariance[owners[c]];
                }
            }
        }

        return unknown;
    }

    private static bool IsUnknown(FeatureSpec spec, byte code) => code == 0 || (spec is CategorySpec { HasPool: false } category && code > category.Levels.Length);
}
