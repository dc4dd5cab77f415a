using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Models;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Training;

/// <summary>
/// How far the truth may lie from a score. On the logit, with the reference posterior N(μ(x), v(x)): s² = c²·(v(x) + (m − μ(x))²) + imputed, where m is the score's own logit.
/// v grows with the distance from the training data; c is what held-out folds ask for; "imputed" is what the contribution of each unknown feature
/// varies by among leads where it is known.
/// </summary>
internal sealed record IntervalModel(LogisticModel Reference, double Inflation, double[] ImputedVariance)
{
    public static IntervalModel Of(LogisticModel reference, EncodedRows rows, double inflation) => new(reference, inflation, Imputed(reference, rows));

    /// <summary>Half-width of the 95 % interval on the logit, per row.</summary>
    public double[] HalfWidths(EncodedRows rows, ReadOnlySpan<double> logits)
    {
        var (mean, variance) = (new double[rows.Rows], new double[rows.Rows]);
        Reference.Predict(rows, mean, variance);
        var unknown = UnknownVariance(rows);
        for (var i = 0; i < mean.Length; i++)
        {
            var off = logits[i] - mean[i];
            variance[i] = Logistic.Z95 * Math.Sqrt(Inflation * Inflation * (variance[i] + off * off) + unknown[i]);
        }

        return variance;
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
            var missing = rows.Rows * (rows.Schema.Features[f] switch { NumberSpec n => n.MissingShare, CategorySpec c => c.Shares[0], _ => 0 });
            variances[f] = Math.Max(0, square[f] / seen - sum[f] / seen * (sum[f] / seen)) / (1 + missing / 10);
        }

        return variances;
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
                var isUnknown = codes[c] == 0 || (rows.Schema.Features[owners[c]] is CategorySpec { HasPool: false } category && codes[c] > category.Levels.Length);
                if (isUnknown && (c == 0 || owners[c - 1] != owners[c]))
                {
                    unknown[i] += ImputedVariance[owners[c]];
                }
            }
        }

        return unknown;
    }
}
