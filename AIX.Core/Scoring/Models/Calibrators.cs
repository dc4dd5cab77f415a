using System.Text.Json.Serialization;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Models;

/// <summary>A monotone map from a model's logit to a calibrated one; its shift is a line of the ledger.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(IdentityCalibrator), "none")]
[JsonDerivedType(typeof(PlattCalibrator), "platt")]
[JsonDerivedType(typeof(BetaCalibrator), "beta")]
[JsonDerivedType(typeof(IsotonicCalibrator), "isotonic")]
internal abstract record Calibrator
{
    [JsonIgnore]
    public abstract string Name { get; }

    public abstract double Map(double logit);
}

internal sealed record IdentityCalibrator : Calibrator
{
    public override string Name => "none";

    public override double Map(double logit) => logit;
}

/// <summary>Platt 1999: z → a·z + b, by maximum likelihood with his smoothed targets; a ≥ 0.</summary>
internal sealed record PlattCalibrator(double A, double B) : Calibrator
{
    public override string Name => "platt";

    public static PlattCalibrator Fit(double[] z, double[] y, double[] w)
    {
        var (positive, negative) = (y.Sum(), y.Length - y.Sum());
        var (high, low) = ((positive + 1) / (positive + 2), 1 / (negative + 2));
        var beta = CalibrationFit.Logistic([z], Array.ConvertAll(y, v => v > 0.5 ? high : low), w, [1]);
        return new PlattCalibrator(Math.Max(0, beta[1]), beta[0]);
    }

    public override double Map(double logit) => A * logit + B;
}

/// <summary>Kull, Silva Filho and Flach 2017: logit = a·ln p − b·ln(1 − p) + c with a, b ≥ 0.</summary>
internal sealed record BetaCalibrator(double A, double B, double C) : Calibrator
{
    public override string Name => "beta";

    public static BetaCalibrator Fit(double[] z, double[] y, double[] w)
    {
        var logP = Array.ConvertAll(z, v => -Softplus(-v));
        var logQ = Array.ConvertAll(z, Softplus);
        var beta = CalibrationFit.Logistic([logP, logQ], y, w, [1, 1]);
        if (beta[1] < 0 || beta[2] < 0)
        {
            // The paper's rule: drop the coefficient that went negative and fit the other.
            var dropFirst = beta[1] < beta[2];
            var single = CalibrationFit.Logistic([dropFirst ? logQ : logP], y, w, [1]);
            beta = dropFirst ? [single[0], 0, Math.Max(0, single[1])] : [single[0], Math.Max(0, single[1]), 0];
        }

        return new BetaCalibrator(beta[1], beta[2], beta[0]);
    }

    public override double Map(double logit) => -A * Softplus(-logit) + B * Softplus(logit) + C;

    /// <summary>ln(1 + e^v) = −ln(1 − σ(v)).</summary>
    private static double Softplus(double v) => Math.Max(v, 0) + Math.Log(1 + Math.Exp(-Math.Abs(v)));
}

/// <summary>Isotonic regression by pool-adjacent-violators (Ayer et al. 1955), with half a row of each label in every block so that no probability is 0 or 1; linear between blocks.</summary>
internal sealed record IsotonicCalibrator(double[] X, double[] Y) : Calibrator
{
    public override string Name => "isotonic";

    public static IsotonicCalibrator Fit(double[] z, double[] y, double[] w)
    {
        var order = Enumerable.Range(0, z.Length).OrderBy(i => z[i]).ToArray();
        var blocks = Pool(Array.ConvertAll(order, i => z[i]), Array.ConvertAll(order, i => y[i]), Array.ConvertAll(order, i => w[i]));
        var values = blocks.Select(b => Numerics.Logistic.Logit((b.Mean * b.Weight + 0.5) / (b.Weight + 1))).ToArray();
        for (var k = 1; k < values.Length; k++)
        {
            values[k] = Math.Max(values[k], values[k - 1]);
        }

        return new IsotonicCalibrator([.. blocks.Select(b => b.Centre)], values);
    }

    /// <summary>Blocks of equal fitted value, ascending.</summary>
    /// <param name="x">Ascending; equal values are one point.</param>
    public static List<(double Centre, double Mean, double Weight)> Pool(double[] x, double[] y, double[] w)
    {
        var blocks = new List<(double Centre, double Mean, double Weight)>();
        for (var i = 0; i < x.Length;)
        {
            var (sum, weight, at) = (0.0, 0.0, x[i]);
            for (; i < x.Length && x[i] == at; i++)
            {
                sum += w[i] * y[i];
                weight += w[i];
            }

            blocks.Add((at, sum / weight, weight));
            while (blocks.Count > 1 && blocks[^2].Mean >= blocks[^1].Mean)
            {
                var (a, b) = (blocks[^2], blocks[^1]);
                blocks.RemoveRange(blocks.Count - 2, 2);
                var both = a.Weight + b.Weight;
                blocks.Add(((a.Centre * a.Weight + b.Centre * b.Weight) / both, (a.Mean * a.Weight + b.Mean * b.Weight) / both, both));
            }
        }

        return blocks;
    }

    public override double Map(double logit)
    {
        var at = Array.BinarySearch(X, logit);
        if (at >= 0)
        {
            return Y[at];
        }

        at = ~at;
        if (at == 0 || at == X.Length)
        {
            return Y[at == 0 ? 0 : ^1];
        }

        return Y[at - 1] + (Y[at] - Y[at - 1]) * (logit - X[at - 1]) / (X[at] - X[at - 1]);
    }
}

/// <summary>Tiny logistic regressions for calibration, held to the identity map by a weak prior.</summary>
internal static class CalibrationFit
{
    /// <returns>Intercept, then one coefficient per input.</returns>
    public static double[] Logistic(double[][] inputs, double[] y, double[] w, double[] prior)
    {
        var d = inputs.Length + 1;
        double[] mean = [0, .. prior];
        var precision = Enumerable.Repeat(4.0, d).ToArray();
        precision[0] = 1;
        var beta = (double[])mean.Clone();
        var x = new double[d];
        for (var iteration = 0; iteration < 30; iteration++)
        {
            var (g, h) = (new double[d], new double[d * d]);
            for (var i = 0; i < y.Length; i++)
            {
                x[0] = 1;
                var z = beta[0];
                for (var j = 1; j < d; j++)
                {
                    x[j] = inputs[j - 1][i];
                    z += beta[j] * x[j];
                }

                var p = Numerics.Logistic.Sigmoid(z);
                for (var j = 0; j < d; j++)
                {
                    g[j] += w[i] * (y[i] - p) * x[j];
                    for (var k = 0; k <= j; k++)
                    {
                        h[j * d + k] += w[i] * p * (1 - p) * x[j] * x[k];
                    }
                }
            }

            for (var j = 0; j < d; j++)
            {
                g[j] -= precision[j] * (beta[j] - mean[j]);
                h[j * d + j] += precision[j];
            }

            var step = Cholesky.Of(h, d).Solve(g);
            var largest = step.Max(Math.Abs);
            for (var j = 0; j < d; j++)
            {
                beta[j] += step[j] * Math.Min(1, 2 / largest);
            }

            if (largest < 1e-9)
            {
                break;
            }
        }

        return beta;
    }
}
