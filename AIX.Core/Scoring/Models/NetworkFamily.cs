using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Models;

/// <summary>Options of the neural network.</summary>
internal sealed record NetworkOptions
{
    public int Hidden1 { get; init; } = 48;

    public int Hidden2 { get; init; } = 16;

    /// <summary>Share of hidden units that a training step, or a Monte Carlo pass, leaves out.</summary>
    public double Dropout { get; init; } = 0.1;

    public double LearningRate { get; init; } = 2e-3;

    /// <summary>L2 per step, decoupled from the gradient (AdamW).</summary>
    public double WeightDecay { get; init; } = 0.02;

    public int BatchRows { get; init; } = 64;

    public int MaxEpochs { get; init; } = 60;

    /// <summary>Rows × epochs at most, so that large tenants do not wait.</summary>
    public int MaxPresentations { get; init; } = 500_000;

    /// <summary>Epochs without a better validation loss after which fitting ends.</summary>
    public int Patience { get; init; } = 6;
}

/// <summary>
/// Feed-forward network (45)–(48): h₁ = g(W₁x + b₁), h₂ = g(W₂h₁ + b₂), logit = w·h₂ + b with ReLU g, trained by back-propagation (61)–(64) with Adam (Kingma and Ba
/// 2015), inverted dropout and early stopping on a tenth of the rows.
/// </summary>
internal sealed class NetworkFamily(string name, NetworkOptions options) : IModelFamily
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;

    public string Name => name;

    public IModel Fit(LabelledRows data, ulong seed, bool parallel)
    {
        var rng = new Rng(seed);
        var x = data.Rows.Design.Prefix(data.Rows.Schema.LinearColumns);
        var order = Enumerable.Range(0, data.Count).ToArray();
        rng.Shuffle(order);
        var held = data.Count / 10;
        var (validation, training) = (order[..held], order[held..]);
        var net = NetworkWeights.Random(x.Stride, options.Hidden1, options.Hidden2, rng);
        net.Values[^1] = (float)Logistic.Logit((data.Labels.Sum() + 0.5) / (data.Count + 1));
        var pass = new NetworkPass(net, options.Dropout);
        var (gradient, first, second) = (new float[net.Values.Length], new float[net.Values.Length], new float[net.Values.Length]);
        var (best, kept, waited, step) = (double.PositiveInfinity, (float[])net.Values.Clone(), 0, 0);
        var epochs = Math.Clamp(options.MaxPresentations / Math.Max(1, training.Length), 3, options.MaxEpochs);
        for (var epoch = 0; epoch < epochs && waited < options.Patience; epoch++)
        {
            rng.Shuffle(training);
            for (var from = 0; from < training.Length; from += options.BatchRows)
            {
                var batch = training.AsSpan(from, Math.Min(options.BatchRows, training.Length - from));
                Array.Clear(gradient);
                foreach (var row in batch)
                {
                    var z = pass.Forward(x, row, rng);
                    pass.Backward(x, row, (float)(data.Weights[row] * (Logistic.Sigmoid(z) - data.Labels[row]) / batch.Length), gradient);
                }

                // The rate falls by a cosine to nothing at the last epoch.
                var rate = options.LearningRate * 0.5 * (1 + Math.Cos(Math.PI * (epoch + (double)from / training.Length) / epochs));
                Step(net.Values, gradient, first, second, ++step, rate);
            }

            var loss = validation.Length == 0 ? epoch * -1e-9 : validation.Sum(i => data.Weights[i] * Logistic.Loss(pass.Forward(x, i, null), data.Labels[i]));
            waited++;
            if (loss < best)
            {
                (best, waited) = (loss, 0);
                net.Values.CopyTo(kept, 0);
            }
        }

        kept.CopyTo(net.Values, 0);
        return new NetworkModel(net, data.Rows.Schema.LinearColumns, options.Dropout);
    }

    private void Step(float[] values, float[] gradient, float[] first, float[] second, int step, double rate)
    {
        var scale = (float)(rate * Math.Sqrt(1 - Math.Pow(Beta2, step)) / (1 - Math.Pow(Beta1, step)));
        var decay = (float)(1 - rate * options.WeightDecay);
        for (var k = 0; k < values.Length; k++)
        {
            var g = gradient[k];
            first[k] = (float)Beta1 * first[k] + (float)(1 - Beta1) * g;
            second[k] = (float)Beta2 * second[k] + (float)(1 - Beta2) * g * g;
            values[k] = decay * values[k] - scale * first[k] / (MathF.Sqrt(second[k]) + 1e-8f);
        }
    }
}

internal sealed class NetworkModel(NetworkWeights weights, int columns, double dropout) : IModel
{
    public NetworkWeights Weights => weights;

    public int Columns => columns;

    public double Dropout => dropout;

    public void Predict(EncodedRows rows, Span<double> logits)
    {
        var x = rows.Design.Prefix(columns);
        var pass = new NetworkPass(weights, dropout);
        for (var i = 0; i < x.Rows; i++)
        {
            logits[i] = pass.Forward(x, i, null);
        }
    }

    /// <summary>Monte Carlo dropout (25)–(27): mean and standard deviation of σ(logit) over random masks.</summary>
    public (double Mean, double Sd)[] MonteCarlo(EncodedRows rows, int passes, ulong seed)
    {
        var x = rows.Design.Prefix(columns);
        var pass = new NetworkPass(weights, dropout);
        var rng = new Rng(seed);
        var result = new (double, double)[x.Rows];
        for (var i = 0; i < x.Rows; i++)
        {
            var (sum, squares) = (0.0, 0.0);
            for (var k = 0; k < passes; k++)
            {
                var p = Logistic.Sigmoid(pass.Forward(x, i, rng));
                sum += p;
                squares += p * p;
            }

            var mean = sum / passes;
            result[i] = (mean, Math.Sqrt(Math.Max(0, squares / passes - mean * mean)));
        }

        return result;
    }

    /// <summary>Integrated gradients; ReLU's kinks leave a remainder.</summary>
    public Attribution Explain(EncodedRows row)
    {
        var (owners, features) = (row.Schema.DesignOwners, new double[row.Schema.Features.Count]);
        var x = row.Design.Prefix(columns);
        var pass = new NetworkPass(weights, dropout);
        var logit = pass.Forward(x, 0, null);
        var average = new DesignMatrix(1, columns);
        average.Data[0] = 1;
        var start = pass.Forward(average, 0, null);
        var point = new DesignMatrix(1, columns);
        var parts = PathIntegral.Attribute(x.Data.AsSpan(0, x.Stride), (at, weight, sum) =>
        {
            at.CopyTo(point.Data, 0);
            point.Data[0] = 1;
            pass.Forward(point, 0, null);
            pass.AddInputGradient(weight, sum);
        });
        for (var j = 1; j < columns; j++)
        {
            features[owners[j]] += parts[j];
        }

        return new Attribution(start, features, logit - start - features.Sum());
    }
}
