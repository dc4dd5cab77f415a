using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Models;

/// <summary>What a Gaussian process can bend to.</summary>
internal enum KernelKind
{
    /// <summary>(x·x′/s)²: every interaction of two features and every square.</summary>
    Quadratic,

    /// <summary>1/(1 + r²/s), the rational quadratic with α = 1: smooth functions of any shape, on short and long scales; falls with distance.</summary>
    RationalQuadratic,
}

/// <summary>
/// Nyström features of a Gaussian process (Williams and Seeger 2001): φ(x) = L⁻¹ k(x), L·Lᵀ = K + εI over m inducing leads drawn from the training data, so that
/// φ(x)·φ(x′) ≈ k(x, x′).
/// </summary>
internal sealed class KernelBasis
{
    private const double Jitter = 1e-3;

    private readonly DesignMatrix _inducing;
    private readonly float[] _squares;
    private readonly DesignMatrix _factor;
    private readonly double _length;
    private readonly KernelKind _kind;

    /// <param name="inducing">[m × linear columns], the intercept column 0.</param>
    /// <param name="scale">s: mean of |x|² over the training data.</param>
    public KernelBasis(DesignMatrix inducing, double scale, KernelKind kind)
    {
        _inducing = inducing;
        _length = scale;
        _kind = kind;
        _squares = Squares(inducing);
        var m = inducing.Rows;
        var k = new float[m * m];
        Kernel(inducing, 0, m, _squares, k);
        var matrix = Array.ConvertAll(k, v => (double)v);
        for (var i = 0; i < m; i++)
        {
            matrix[i * m + i] += Jitter;
        }

        var inverse = Cholesky.Of(matrix, m).InverseFactor();
        _factor = new DesignMatrix(m, m);
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                _factor.Row(i)[j] = (float)inverse[i * m + j];
            }
        }
    }

    /// <summary>A basis whose factor L⁻¹ is known.</summary>
    public KernelBasis(DesignMatrix inducing, DesignMatrix factor, double scale, KernelKind kind)
    {
        _inducing = inducing;
        _factor = factor;
        _length = scale;
        _kind = kind;
        _squares = Squares(inducing);
    }

    public int Count => _inducing.Rows;

    public DesignMatrix Inducing => _inducing;

    public DesignMatrix Factor => _factor;

    public double Length => _length;

    public KernelKind Kind => _kind;

    public static KernelBasis Draw(DesignMatrix linear, int m, KernelKind kind, ulong seed)
    {
        var rows = Enumerable.Range(0, linear.Rows).ToArray();
        new Rng(seed).Shuffle(rows);
        var squares = Squares(linear);
        return new KernelBasis(linear.Select(rows[..Math.Min(m, rows.Length)]), Math.Max(1e-6, squares.Average()), kind);
    }

    /// <summary>Writes φ into the columns of <paramref name="target"/> from <paramref name="offset"/> on, and k(x, x) − |φ|², what the basis leaves out, if asked.</summary>
    public void Write(DesignMatrix linear, DesignMatrix target, int offset, float[]? residual = null)
    {
        var m = Count;
        var block = new DesignMatrix(64, m);
        var k = new float[64 * m];
        var phi = new float[64 * m];
        var squares = Squares(linear);
        for (var from = 0; from < linear.Rows; from += 64)
        {
            var rows = Math.Min(64, linear.Rows - from);
            Kernel(linear, from, rows, squares.AsSpan(from), k);
            for (var i = 0; i < rows; i++)
            {
                k.AsSpan(i * m, m).CopyTo(block.Row(i));
            }

            Gram.TimesTransposed(block, 0, rows, _factor, phi, lower: true);
            for (var i = 0; i < rows; i++)
            {
                var row = phi.AsSpan(i * m, m);
                row.CopyTo(target.Row(from + i)[offset..]);
                if (residual is not null)
                {
                    residual[from + i] = Math.Max(0, Self(squares[from + i]) - System.Numerics.Tensors.TensorPrimitives.SumOfSquares<float>(row));
                }
            }
        }
    }

    /// <summary>α = L⁻ᵀβ, so that β·φ(x) = Σₘ αₘ k(x, zₘ).</summary>
    public double[] Coefficients(ReadOnlySpan<double> beta)
    {
        var alpha = new double[Count];
        for (var i = 0; i < Count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                alpha[j] += beta[i] * _factor.Row(i)[j];
            }
        }

        return alpha;
    }

    public double Value(float[] x, double[] alpha)
    {
        var (sum, square) = (0.0, (double)System.Numerics.Tensors.TensorPrimitives.SumOfSquares<float>(x));
        for (var m = 0; m < Count; m++)
        {
            sum += alpha[m] * At(x, square, m).Value;
        }

        return sum;
    }

    /// <summary>Adds weight × ∂(Σ αₘ k(x, zₘ))/∂x.</summary>
    public void AddGradient(float[] x, double[] alpha, double weight, double[] sum)
    {
        var square = (double)System.Numerics.Tensors.TensorPrimitives.SumOfSquares<float>(x);
        for (var m = 0; m < Count; m++)
        {
            var (_, alongInducing, alongX) = At(x, square, m);
            var z = _inducing.Data.AsSpan(m * _inducing.Stride, x.Length);
            var scale = weight * alpha[m];
            for (var j = 0; j < x.Length; j++)
            {
                sum[j] += scale * (alongInducing * z[j] + alongX * x[j]);
            }
        }
    }

    /// <summary>k(x, zₘ), and its gradient as a combination of zₘ and x.</summary>
    private (double Value, double AlongInducing, double AlongX) At(float[] x, double square, int m)
    {
        var inner = System.Numerics.Tensors.TensorPrimitives.Dot<float>(x, _inducing.Data.AsSpan(m * _inducing.Stride, x.Length)) / _length;
        if (_kind == KernelKind.Quadratic)
        {
            return (inner * inner, 2 * inner / _length, 0);
        }

        var k = 1 / (1 + Math.Max(0, (square + _squares[m]) / _length - 2 * inner));
        return (k, 2 * k * k / _length, -2 * k * k / _length);
    }

    private float Self(float square) => _kind == KernelKind.Quadratic ? (float)(square * square / (_length * _length)) : 1;

    private void Kernel(DesignMatrix x, int first, int rows, ReadOnlySpan<float> squares, Span<float> k)
    {
        var m = _inducing.Rows;
        Gram.TimesTransposed(x, first, rows, _inducing, k);
        var inverse = (float)(1 / _length);
        for (var i = 0; i < rows; i++)
        {
            var row = k.Slice(i * m, m);
            for (var j = 0; j < m; j++)
            {
                var inner = row[j] * inverse;
                row[j] = _kind == KernelKind.Quadratic ? inner * inner : 1 / (1 + Math.Max(0, (squares[i] + _squares[j]) * inverse - 2 * inner));
            }
        }
    }

    private static float[] Squares(DesignMatrix x)
    {
        var squares = new float[x.Rows];
        for (var i = 0; i < x.Rows; i++)
        {
            squares[i] = System.Numerics.Tensors.TensorPrimitives.SumOfSquares<float>(x.Row(i));
        }

        return squares;
    }
}
