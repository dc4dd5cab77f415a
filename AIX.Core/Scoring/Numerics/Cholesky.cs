using System.Numerics.Tensors;

namespace AIX.Core.Scoring.Numerics;

/// <summary>A = L·Lᵀ of a symmetric positive definite matrix. Rows of L are contiguous, so every inner loop is a dot product of two vectors.</summary>
internal sealed class Cholesky
{
    private readonly double[] _l;
    private readonly int _n;

    private Cholesky(double[] l, int n) => (_l, _n) = (l, n);

    /// <summary>ln |A|.</summary>
    public double LogDeterminant
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < _n; i++)
            {
                sum += Math.Log(_l[i * _n + i]);
            }

            return 2 * sum;
        }
    }

    /// <summary>Factors A (row-major, lower triangle read); pivots that rounding made too small are lifted to 1e-10 of the largest diagonal entry.</summary>
    public static Cholesky Of(ReadOnlySpan<double> a, int n)
    {
        var l = new double[n * n];
        var top = 0.0;
        for (var i = 0; i < n; i++)
        {
            top = Math.Max(top, a[i * n + i]);
        }

        for (var i = 0; i < n; i++)
        {
            var row = l.AsSpan(i * n, n);
            for (var j = 0; j < i; j++)
            {
                row[j] = (a[i * n + j] - TensorPrimitives.Dot<double>(row[..j], l.AsSpan(j * n, j))) / l[j * n + j];
            }

            row[i] = Math.Sqrt(Math.Max(a[i * n + i] - TensorPrimitives.SumOfSquares<double>(row[..i]), 1e-10 * top + double.Epsilon));
        }

        return new Cholesky(l, n);
    }

    /// <summary>x with A·x = b.</summary>
    public double[] Solve(ReadOnlySpan<double> b)
    {
        var x = Forward(b);
        for (var i = _n - 1; i >= 0; i--)
        {
            x[i] /= _l[i * _n + i];
            TensorPrimitives.MultiplyAdd(_l.AsSpan(i * _n, i), -x[i], x.AsSpan(0, i), x.AsSpan(0, i));
        }

        return x;
    }

    /// <summary>y with L·y = b.</summary>
    public double[] Forward(ReadOnlySpan<double> b)
    {
        var y = new double[_n];
        for (var i = 0; i < _n; i++)
        {
            y[i] = (b[i] - TensorPrimitives.Dot<double>(_l.AsSpan(i * _n, i), y.AsSpan(0, i))) / _l[i * _n + i];
        }

        return y;
    }

    /// <summary>L⁻¹, lower triangular, row-major: |L⁻¹x|² = xᵀA⁻¹x.</summary>
    public double[] InverseFactor()
    {
        // Row i of L⁻¹ is (eᵢ − Σ_{k<i} L_ik · row k) / L_ii.
        var inverse = new double[_n * _n];
        for (var i = 0; i < _n; i++)
        {
            var row = inverse.AsSpan(i * _n, i + 1);
            for (var k = 0; k < i; k++)
            {
                TensorPrimitives.MultiplyAdd(inverse.AsSpan(k * _n, k + 1), -_l[i * _n + k], row[..(k + 1)], row[..(k + 1)]);
            }

            row[i] = 1;
            TensorPrimitives.Divide(row, _l[i * _n + i], row);
        }

        return inverse;
    }

    /// <summary>A⁻¹, both triangles, row-major.</summary>
    public double[] Inverse()
    {
        var factor = InverseFactor();
        var inverse = new double[_n * _n];
        // A⁻¹ = L⁻ᵀL⁻¹ = Σᵢ rowᵢᵀ rowᵢ.
        for (var i = 0; i < _n; i++)
        {
            var row = factor.AsSpan(i * _n, i + 1);
            for (var j = 0; j <= i; j++)
            {
                TensorPrimitives.MultiplyAdd(row[..(j + 1)], row[j], inverse.AsSpan(j * _n, j + 1), inverse.AsSpan(j * _n, j + 1));
            }
        }

        for (var j = 0; j < _n; j++)
        {
            for (var k = 0; k < j; k++)
            {
                inverse[k * _n + j] = inverse[j * _n + k];
            }
        }

        return inverse;
    }
}
