using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Models;

/// <summary>
/// Linear support vector machine (98)–(100) by its dual: min ½‖θ‖² + C Σ max(0, 1 − y θᵀx)², solved one multiplier αᵢ ≥ 0 at a time (dual coordinate descent, Hsieh et
/// al. 2008, algorithm 1 with D_ii = 1/2C). The margin becomes a logit by Platt's scaling on a fifth of the rows.
/// </summary>
internal sealed class LinearSvmFamily(string name, double cost) : IModelFamily
{
    private const int MaxPasses = 40;

    private const double Tolerance = 0.01;

    public string Name => name;

    public IModel Fit(LabelledRows data, ulong seed, bool parallel)
    {
        var rows = Enumerable.Range(0, data.Count).ToArray();
        new Rng(seed).Shuffle(rows);
        var held = rows[..(data.Count / 5)];
        var margins = new double[held.Length];
        Gram.Times(data.Rows.Design.Select(held), Solve(data.Select(rows[held.Length..]), cost, seed).Theta, margins);
        var platt = PlattCalibrator.Fit(margins, Array.ConvertAll(held, r => data.Labels[r]), Array.ConvertAll(held, r => data.Weights[r]));
        var theta = Solve(data, cost, seed).Theta;
        return new LinearSvmModel(theta, platt);
    }

    /// <param name="tolerance">Largest violation of the optimality conditions that is left.</param>
    /// <returns>θ = Σ αᵢ yᵢ xᵢ, and α.</returns>
    public static (double[] Theta, double[] Alpha) Solve(LabelledRows data, double cost, ulong seed, double tolerance = Tolerance, int maxPasses = MaxPasses)
    {
        var x = data.Rows.Design;
        var n = data.Count;
        var rng = new Rng(seed);
        var (theta, alpha, order, norms) = (new double[x.Stride], new double[n], Enumerable.Range(0, n).ToArray(), new double[n]);
        for (var i = 0; i < n; i++)
        {
            norms[i] = System.Numerics.Tensors.TensorPrimitives.SumOfSquares<float>(x.Row(i)) + 0.5 / (cost * data.Weights[i]);
        }

        for (var pass = 0; pass < maxPasses; pass++)
        {
            rng.Shuffle(order);
            var (high, low) = (double.NegativeInfinity, double.PositiveInfinity);
            foreach (var i in order)
            {
                var y = data.Labels[i] > 0.5 ? 1.0 : -1.0;
                var row = x.Data.AsSpan(i * x.Stride, x.Columns);
                var dot = 0.0;
                for (var j = 0; j < row.Length; j++)
                {
                    dot += row[j] * theta[j];
                }

                var gradient = y * dot - 1 + alpha[i] * 0.5 / (cost * data.Weights[i]);
                var projected = alpha[i] == 0 ? Math.Min(gradient, 0) : gradient;
                (high, low) = (Math.Max(high, projected), Math.Min(low, projected));
                if (projected != 0)
                {
                    var next = Math.Max(alpha[i] - gradient / norms[i], 0);
                    var change = (next - alpha[i]) * y;
                    alpha[i] = next;
                    for (var j = 0; j < row.Length; j++)
                    {
                        theta[j] += change * row[j];
                    }
                }
            }

            if (high - low < tolerance)
            {
                break;
            }
        }

        return (theta[..x.Columns], alpha);
    }
}

internal sealed class LinearSvmModel(double[] theta, PlattCalibrator platt) : IModel
{
    public double[] Theta => theta;

    public PlattCalibrator Platt => platt;

    public void Predict(EncodedRows rows, Span<double> logits)
    {
        Gram.Times(rows.Design, theta, logits);
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] = platt.Map(logits[i]);
        }
    }

    public Attribution Explain(EncodedRows row)
    {
        var (owners, features) = (row.Schema.DesignOwners, new double[row.Schema.Features.Count]);
        for (var j = 1; j < theta.Length; j++)
        {
            features[owners[j]] += platt.A * theta[j] * row.Design.Row(0)[j];
        }

        return new Attribution(platt.Map(theta[0]), features, 0);
    }
}
