using System.Numerics.Tensors;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Models;

/// <summary>All weights in one array: W₁ [h1 × inputs], b₁, W₂ [h2 × h1], b₂, w [h2], b.</summary>
internal sealed record NetworkWeights(int Inputs, int Hidden1, int Hidden2, float[] Values)
{
    public int B1 => Hidden1 * Inputs;

    public int W2 => B1 + Hidden1;

    public int B2 => W2 + Hidden2 * Hidden1;

    public int W3 => B2 + Hidden2;

    /// <summary>He's initialisation: N(0, 2/fan-in).</summary>
    public static NetworkWeights Random(int inputs, int hidden1, int hidden2, Rng rng)
    {
        var net = new NetworkWeights(inputs, hidden1, hidden2, new float[hidden1 * inputs + hidden1 + hidden2 * hidden1 + hidden2 + hidden2 + 1]);
        void Fill(int from, int count, double sd)
        {
            for (var k = 0; k < count; k++)
            {
                net.Values[from + k] = (float)(sd * rng.NextNormal());
            }
        }

        Fill(0, hidden1 * inputs, Math.Sqrt(1.0 / inputs));
        Fill(net.W2, hidden2 * hidden1, Math.Sqrt(2.0 / hidden1));
        Fill(net.W3, hidden2, Math.Sqrt(1.0 / hidden2));
        return net;
    }
}

/// <summary>Forward and backward through the network for one row at a time; units that ReLU or dropout silenced are skipped both ways.</summary>
internal sealed class NetworkPass(NetworkWeights net, double dropout)
{
    private readonly float[] _h1 = new float[net.Hidden1];
    private readonly float[] _h2 = new float[net.Hidden2];
    private readonly float[] _d1 = new float[net.Hidden1];
    private readonly float _scale = (float)(1 / (1 - dropout));

    /// <param name="rng">Draws the dropout mask; null: no dropout.</param>
    public double Forward(DesignMatrix x, int row, Rng? rng)
    {
        var input = x.Data.AsSpan(row * x.Stride, net.Inputs);
        var values = net.Values.AsSpan();
        for (var j = 0; j < net.Hidden1; j++)
        {
            _h1[j] = Activate(values[net.B1 + j] + TensorPrimitives.Dot<float>(values.Slice(j * net.Inputs, net.Inputs), input), rng);
        }

        for (var k = 0; k < net.Hidden2; k++)
        {
            _h2[k] = Activate(values[net.B2 + k] + TensorPrimitives.Dot<float>(values.Slice(net.W2 + k * net.Hidden1, net.Hidden1), _h1), rng);
        }

        return values[^1] + TensorPrimitives.Dot<float>(values.Slice(net.W3, net.Hidden2), _h2);
    }

    /// <summary>Adds the gradient of the row that went forward last; <paramref name="delta"/> is ∂J/∂logit.</summary>
    public void Backward(DesignMatrix x, int row, float delta, float[] gradient)
    {
        var input = x.Data.AsSpan(row * x.Stride, net.Inputs);
        Span<float> values = net.Values;
        Span<float> g = gradient;
        g[^1] += delta;
        Array.Clear(_d1);
        for (var k = 0; k < net.Hidden2; k++)
        {
            if (_h2[k] > 0)
            {
                g[net.W3 + k] += delta * _h2[k];
                var d = delta * values[net.W3 + k] * Scale;
                g[net.B2 + k] += d;
                var to = g.Slice(net.W2 + k * net.Hidden1, net.Hidden1);
                TensorPrimitives.MultiplyAdd<float>(_h1, d, to, to);
                TensorPrimitives.MultiplyAdd<float>(values.Slice(net.W2 + k * net.Hidden1, net.Hidden1), d, _d1, _d1);
            }
        }

        for (var j = 0; j < net.Hidden1; j++)
        {
            if (_h1[j] > 0)
            {
                var d = _d1[j] * Scale;
                g[net.B1 + j] += d;
                var to = g.Slice(j * net.Inputs, net.Inputs);
                TensorPrimitives.MultiplyAdd<float>(input, d, to, to);
            }
        }
    }

    /// <summary>Adds weight × ∂logit/∂input of the row that went forward last.</summary>
    public void AddInputGradient(double weight, double[] sum)
    {
        var values = net.Values;
        for (var j = 0; j < net.Hidden1; j++)
        {
            if (_h1[j] > 0)
            {
                var delta = 0.0;
                for (var k = 0; k < net.Hidden2; k++)
                {
                    delta += _h2[k] > 0 ? values[net.W3 + k] * values[net.W2 + k * net.Hidden1 + j] : 0;
                }

                for (var i = 0; i < sum.Length; i++)
                {
                    sum[i] += weight * delta * values[j * net.Inputs + i];
                }
            }
        }
    }

    /// <summary>Inverted dropout multiplies what it keeps; without dropout nothing is multiplied.</summary>
    private float Scale { get; set; } = 1;

    private float Activate(float value, Rng? rng)
    {
        Scale = rng is null ? 1 : _scale;
        return value <= 0 || (rng is not null && rng.NextDouble() < dropout) ? 0 : value * Scale;
    }
}
