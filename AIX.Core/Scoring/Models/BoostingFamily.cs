using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Models;

/// <summary>Gradient boosting of the cross-entropy (28) by histogram trees: F ← F + η·tree, where each tree fits g = w(p − y) with h = w p(1 − p).</summary>
internal sealed class BoostingFamily(string name, BoostingOptions options) : IModelFamily
{
    public string Name => name;

    public BoostingOptions Options => options;

    /// <summary>Stops early on a random share of the rows.</summary>
    public IModel Fit(LabelledRows data, ulong seed, bool parallel)
    {
        var rows = Enumerable.Range(0, data.Count).ToArray();
        new Rng(seed).Shuffle(rows);
        var held = (int)(options.ValidationShare * rows.Length);
        if (held < 20)
        {
            return Fit(data, null, options.MaxTrees / 3, seed, parallel).Model;
        }

        var (validation, training) = (rows[..held], rows[held..]);
        Array.Sort(training);
        var (model, losses) = Fit(data.Select(training), data.Select(validation), options.MaxTrees, seed, parallel);
        return model.Take(1 + Array.IndexOf(losses, losses.Min()));
    }

    /// <summary>Fits at most <paramref name="trees"/> trees, all of them without validation rows.</summary>
    /// <returns>Every tree grown, and the validation loss after each.</returns>
    public (BoostingModel Model, double[] Losses) Fit(LabelledRows data, LabelledRows? validation, int trees, ulong seed, bool parallel)
    {
        var (n, y, w) = (data.Count, data.Labels, data.Weights);
        var rng = new Rng(seed);
        var weight = w.Sum();
        var rate = System.Numerics.Tensors.TensorPrimitives.Dot<double>(w, y) / weight;
        var start = Logistic.Logit(Math.Clamp(rate, 0.5 / (weight + 1), 1 - 0.5 / (weight + 1)));
        var bins = data.Rows.Bins;
        var grower = new TreeGrower(bins, data.Rows.Schema, options, parallel);
        var grown = new List<Tree>();
        var (f, gradients, values) = (Filled(n, start), new float[2 * n], new float[n]);
        var held = validation is null ? [] : Filled(validation.Count, start);
        var losses = new List<double>();
        var (best, bestAt) = (validation is null ? 0 : Loss(held, validation), 0);
        var everyRow = Enumerable.Range(0, n).ToArray();
        while (grown.Count < trees && (validation is null || grown.Count - bestAt < options.Patience))
        {
            for (var i = 0; i < n; i++)
            {
                var p = 1 / (1 + MathF.Exp(-(float)f[i]));
                gradients[2 * i] = (float)w[i] * (p - (float)y[i]);
                gradients[2 * i + 1] = (float)w[i] * Math.Max(p * (1 - p), 1e-6f);
            }

            var seen = options.RowShare < 1 ? Drawn(everyRow, options.RowShare, rng) : everyRow;
            var tree = grower.Grow(gradients, seen, Allowed(bins.Columns, rng), values);
            grown.Add(tree);
            Add(tree, bins, f, values, seen.Length == n);
            if (validation is not null)
            {
                Add(tree, validation.Rows.Bins, held, values, false);
                losses.Add(Loss(held, validation));
                if (losses[^1] < best - 1e-7)
                {
                    (best, bestAt) = (losses[^1], grown.Count);
                }
            }
        }

        return (new BoostingModel(start, [.. grown]), [.. losses]);
    }

    private static double[] Filled(int n, double value)
    {
        var filled = new double[n];
        Array.Fill(filled, value);
        return filled;
    }

    private static void Add(Tree tree, BinMatrix bins, double[] f, float[] values, bool known)
    {
        for (var i = 0; i < f.Length; i++)
        {
            f[i] += known ? values[i] : tree.Predict(bins.Codes.AsSpan(i * bins.Columns, bins.Columns));
        }
    }

    private static double Loss(double[] f, LabelledRows rows)
    {
        var (sum, weight) = (0.0, 0.0);
        for (var i = 0; i < f.Length; i++)
        {
            sum += rows.Weights[i] * Logistic.Loss(f[i], rows.Labels[i]);
            weight += rows.Weights[i];
        }

        return sum / weight;
    }

    private static int[] Drawn(int[] rows, double share, Rng rng) => Array.FindAll(rows, _ => rng.NextDouble() < share);

    private bool[] Allowed(int columns, Rng rng)
    {
        var allowed = new bool[columns];
        if (options.FeatureShare >= 1)
        {
            Array.Fill(allowed, true);
            return allowed;
        }

        var order = Enumerable.Range(0, columns).ToArray();
        rng.Shuffle(order);
        foreach (var column in order.Take(Math.Max(1, (int)Math.Round(options.FeatureShare * columns))))
        {
            allowed[column] = true;
        }

        return allowed;
    }
}
