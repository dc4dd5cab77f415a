using System.Numerics;
using System.Runtime.InteropServices;

namespace AIX.Core.Conversations.Intents;

/// <summary>AdaGrad for multinomial logistic regression on sparse rows: one step size per feature, weights in rows of one vector's multiple.</summary>
internal sealed class SoftmaxTrainer(NGrams grams, float[] weights, int classes, int stride, IntentTraining training)
{
    /// <summary>Share of the passes that leave features out.</summary>
    private const float DroppedPasses = 0.9f;

    private readonly float[] _squares = new float[grams.Count + 1];
    private (int Index, float Value)[] _kept = [];

    public void Run(IReadOnlyList<(int Index, float Value)[]> rows, int[] truth)
    {
        var random = new Random(training.Seed);
        var order = Enumerable.Range(0, rows.Count).ToArray();
        var scores = new float[stride];
        Array.Fill(_squares, 1e-2f);
        for (var epoch = 0; epoch < training.Epochs; epoch++)
        {
            random.Shuffle(order);

            // Steps shrink over the last passes, so that the end does not depend on the last texts.
            var rate = training.Rate * (1 - (0.95f * epoch / training.Epochs));
            foreach (var i in order)
            {
                Step(epoch < training.Epochs * DroppedPasses ? Thin(rows[i], random) : rows[i], truth[i], scores, rate);
            }
        }
    }

    /// <summary>Leaves features out by lot and makes up for their weight; the constant, which is last, stays.</summary>
    private ReadOnlySpan<(int Index, float Value)> Thin((int Index, float Value)[] row, Random random)
    {
        if (training.Dropout <= 0)
        {
            return row;
        }

        if (_kept.Length < row.Length)
        {
            _kept = new (int, float)[row.Length * 2];
        }

        var (count, scale) = (0, 1 / (1 - training.Dropout));
        for (var i = 0; i < row.Length - 1; i++)
        {
            if (random.NextSingle() >= training.Dropout)
            {
                _kept[count++] = (row[i].Index, row[i].Value * scale);
            }
        }

        _kept[count++] = row[^1];
        return _kept.AsSpan(0, count);
    }

    private void Step(ReadOnlySpan<(int Index, float Value)> row, int truth, float[] scores, float rate)
    {
        Array.Clear(scores);
        var all = MemoryMarshal.Cast<float, Vector<float>>(weights.AsSpan());
        var sum = MemoryMarshal.Cast<float, Vector<float>>(scores.AsSpan());
        var wide = sum.Length;
        foreach (var (index, value) in row)
        {
            var w = all.Slice(index * wide, wide);
            for (var i = 0; i < wide; i++)
            {
                sum[i] += w[i] * value;
            }
        }

        scores[truth] -= training.Margin;
        var most = float.MinValue;
        for (var i = 0; i < classes; i++)
        {
            most = Math.Max(most, scores[i]);
        }

        var total = 0f;
        for (var i = 0; i < classes; i++)
        {
            scores[i] = MathF.Exp(scores[i] - most);
            total += scores[i];
        }

        var length = 0f;
        for (var i = 0; i < stride; i++)
        {
            scores[i] = i < classes ? (scores[i] / total) - (i == truth ? 1 : 0) : 0;
            length += scores[i] * scores[i];
        }

        if (length < 1e-8f)
        {
            return;
        }

        foreach (var (index, value) in row)
        {
            _squares[index] += length * value * value;
            var step = rate * value / MathF.Sqrt(_squares[index]);
            var keep = 1 - (rate * training.L2);
            var w = all.Slice(index * wide, wide);
            for (var i = 0; i < wide; i++)
            {
                w[i] = (w[i] * keep) - (sum[i] * step);
            }
        }
    }
}
