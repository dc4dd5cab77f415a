using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AIX.Core.Scoring.Numerics;

/// <summary>Products that Newton's method needs: Xᵀ diag(w) X, X·β and Xᵀ·r. Single precision inside a block of rows, double precision between blocks.</summary>
internal static class Gram
{
    private const int BlockRows = 256;

    /// <summary>H = Xᵀ diag(w) X, both triangles, [columns × columns] row-major.</summary>
    public static void Weighted(DesignMatrix x, ReadOnlySpan<double> w, double[] h, bool parallel)
    {
        var d = x.Columns;
        Array.Clear(h, 0, d * d);
        var blocks = (x.Rows + BlockRows - 1) / BlockRows;
        var weights = w[..x.Rows].ToArray();
        if (!parallel || (long)x.Rows * d * d < 4_000_000)
        {
            Blocks(x, weights, 0, blocks, h);
        }
        else
        {
            var second = new double[d * d];
            var middle = blocks / 2;
            Parallel.Invoke(() => Blocks(x, weights, 0, middle, h), () => Blocks(x, weights, middle, blocks, second));
            TensorPrimitives.Add(h.AsSpan(0, d * d), second, h.AsSpan(0, d * d));
        }

        for (var j = 0; j < d; j++)
        {
            for (var k = 0; k < j; k++)
            {
                h[j * d + k] = h[k * d + j];
            }
        }
    }

    /// <summary>z = X·β in double precision.</summary>
    public static void Times(DesignMatrix x, ReadOnlySpan<double> beta, Span<double> z)
    {
        Span<double> padded = x.Stride <= 1024 ? stackalloc double[x.Stride] : new double[x.Stride];
        padded.Clear();
        beta[..x.Columns].CopyTo(padded);
        ref var b = ref MemoryMarshal.GetReference(padded);
        for (var i = 0; i < x.Rows; i++)
        {
            ref var row = ref x.Data[i * x.Stride];
            var (sum0, sum1) = (Vector512<double>.Zero, Vector512<double>.Zero);
            for (nuint j = 0; j < (nuint)x.Stride; j += 16)
            {
                var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref row, j));
                sum0 += low * Vector512.LoadUnsafe(ref b, j);
                sum1 += high * Vector512.LoadUnsafe(ref b, j + 8);
            }

            z[i] = Vector512.Sum(sum0 + sum1);
        }
    }

    /// <summary>g = Xᵀ·r in double precision.</summary>
    public static void TransposeTimes(DesignMatrix x, ReadOnlySpan<double> r, Span<double> g)
    {
        Span<double> sum = x.Stride <= 1024 ? stackalloc double[x.Stride] : new double[x.Stride];
        sum.Clear();
        ref var s = ref MemoryMarshal.GetReference(sum);
        for (var i = 0; i < x.Rows; i++)
        {
            ref var row = ref x.Data[i * x.Stride];
            var factor = Vector512.Create(r[i]);
            for (nuint j = 0; j < (nuint)x.Stride; j += 16)
            {
                var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref row, j));
                (Vector512.LoadUnsafe(ref s, j) + low * factor).StoreUnsafe(ref s, j);
                (Vector512.LoadUnsafe(ref s, j + 8) + high * factor).StoreUnsafe(ref s, j + 8);
            }
        }

        sum[..x.Columns].CopyTo(g);
    }

    /// <summary>C = A·Bᵀ over the columns of both, [rows × B.Rows] row-major.</summary>
    /// <param name="lower">B is lower triangular: what lies right of its diagonal is zero and passed over.</param>
    public static void TimesTransposed(DesignMatrix a, int firstRow, int rows, DesignMatrix b, Span<float> c, bool lower = false)
    {
        var k = 0;
        for (; k + 4 <= b.Rows; k += 4)
        {
            var end = lower ? Math.Min(a.Stride, (k + 4 + 15) / 16 * 16) : a.Stride;
            var i = 0;
            for (; i + 4 <= rows; i += 4)
            {
                Square(ref a.Data[(firstRow + i) * a.Stride], a.Stride, ref b.Data[k * b.Stride], b.Stride, end, c[(i * b.Rows + k)..], b.Rows);
            }

            for (; i < rows; i++)
            {
                for (var t = 0; t < 4; t++)
                {
                    c[i * b.Rows + k + t] = Dot(ref a.Data[(firstRow + i) * a.Stride], ref b.Data[(k + t) * b.Stride], end);
                }
            }
        }

        for (; k < b.Rows; k++)
        {
            for (var i = 0; i < rows; i++)
            {
                c[i * b.Rows + k] = Dot(ref a.Data[(firstRow + i) * a.Stride], ref b.Data[k * b.Stride], a.Stride);
            }
        }
    }

    /// <summary>One dot product, summed in the order of <see cref="Square"/>: a lead alone gets the same bits as in a batch, or its ledger would not add up to its score.</summary>
    private static float Dot(ref float x, ref float y, int end)
    {
        var sum = Vector512<float>.Zero;
        for (nuint j = 0; j < (nuint)end; j += 16)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref x, j), Vector512.LoadUnsafe(ref y, j), sum);
        }

        return Vector512.Sum(sum);
    }

    /// <summary>Sixteen dot products of four rows with four: eight loads for sixteen multiplications.</summary>
    private static void Square(ref float x, int strideX, ref float y, int strideY, int end, Span<float> c, int strideC)
    {
        var (x1, x2, x3, y1, y2, y3) = ((nuint)strideX, (nuint)(2 * strideX), (nuint)(3 * strideX), (nuint)strideY, (nuint)(2 * strideY), (nuint)(3 * strideY));
        var (s00, s01, s02, s03) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (s10, s11, s12, s13) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (s20, s21, s22, s23) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (s30, s31, s32, s33) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        for (nuint j = 0; j < (nuint)end; j += 16)
        {
            var b0 = Vector512.LoadUnsafe(ref y, j);
            var b1 = Vector512.LoadUnsafe(ref y, j + y1);
            var b2 = Vector512.LoadUnsafe(ref y, j + y2);
            var b3 = Vector512.LoadUnsafe(ref y, j + y3);
            var v = Vector512.LoadUnsafe(ref x, j);
            s00 = Vector512.FusedMultiplyAdd(v, b0, s00);
            s01 = Vector512.FusedMultiplyAdd(v, b1, s01);
            s02 = Vector512.FusedMultiplyAdd(v, b2, s02);
            s03 = Vector512.FusedMultiplyAdd(v, b3, s03);
            v = Vector512.LoadUnsafe(ref x, j + x1);
            s10 = Vector512.FusedMultiplyAdd(v, b0, s10);
            s11 = Vector512.FusedMultiplyAdd(v, b1, s11);
            s12 = Vector512.FusedMultiplyAdd(v, b2, s12);
            s13 = Vector512.FusedMultiplyAdd(v, b3, s13);
            v = Vector512.LoadUnsafe(ref x, j + x2);
            s20 = Vector512.FusedMultiplyAdd(v, b0, s20);
            s21 = Vector512.FusedMultiplyAdd(v, b1, s21);
            s22 = Vector512.FusedMultiplyAdd(v, b2, s22);
            s23 = Vector512.FusedMultiplyAdd(v, b3, s23);
            v = Vector512.LoadUnsafe(ref x, j + x3);
            s30 = Vector512.FusedMultiplyAdd(v, b0, s30);
            s31 = Vector512.FusedMultiplyAdd(v, b1, s31);
            s32 = Vector512.FusedMultiplyAdd(v, b2, s32);
            s33 = Vector512.FusedMultiplyAdd(v, b3, s33);
        }

        (c[0], c[1], c[2], c[3]) = (Vector512.Sum(s00), Vector512.Sum(s01), Vector512.Sum(s02), Vector512.Sum(s03));
        c = c[strideC..];
        (c[0], c[1], c[2], c[3]) = (Vector512.Sum(s10), Vector512.Sum(s11), Vector512.Sum(s12), Vector512.Sum(s13));
        c = c[strideC..];
        (c[0], c[1], c[2], c[3]) = (Vector512.Sum(s20), Vector512.Sum(s21), Vector512.Sum(s22), Vector512.Sum(s23));
        c = c[strideC..];
        (c[0], c[1], c[2], c[3]) = (Vector512.Sum(s30), Vector512.Sum(s31), Vector512.Sum(s32), Vector512.Sum(s33));
    }

    /// <summary>xᵢᵀ·S·xᵢ of every row for a symmetric S, [columns × columns]. Single precision, twice the speed of double and exact enough for a variance.</summary>
    public static double[] Quadratic(DesignMatrix x, double[] s)
    {
        // The lower triangle with what lies beside the diagonal doubled says the same at half the work.
        var d = x.Columns;
        var triangle = new DesignMatrix(d, d);
        for (var j = 0; j < d; j++)
        {
            var row = triangle.Row(j);
            for (var k = 0; k < j; k++)
            {
                row[k] = (float)(2 * s[j * d + k]);
            }

            row[j] = (float)s[j * d + j];
        }

        var (result, product) = (new double[x.Rows], new float[64 * d]);
        for (var from = 0; from < x.Rows; from += 64)
        {
            var rows = Math.Min(64, x.Rows - from);
            TimesTransposed(x, from, rows, triangle, product, lower: true);
            for (var i = 0; i < rows; i++)
            {
                result[from + i] = Math.Max(0, TensorPrimitives.Dot<float>(product.AsSpan(i * d, d), x.Row(from + i)));
            }
        }

        return result;
    }

    private static void Blocks(DesignMatrix x, double[] w, int first, int end, double[] h)
    {
        var weighted = new float[BlockRows * x.Stride];
        for (var block = first; block < end; block++)
        {
            var from = block * BlockRows;
            var rows = Math.Min(BlockRows, x.Rows - from);
            for (var i = 0; i < rows; i++)
            {
                TensorPrimitives.Multiply(x.Data.AsSpan((from + i) * x.Stride, x.Stride), (float)w[from + i], weighted.AsSpan(i * x.Stride, x.Stride));
            }

            for (var j = 0; j < x.Columns; j += 4)
            {
                for (var k = j / 16 * 16; k < x.Stride; k += 32)
                {
                    Tile(x, from, rows, weighted, j, k, h);
                }
            }
        }
    }

    /// <summary>Adds one tile of 4 × 32 sums over the rows of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(DesignMatrix x, int from, int rows, float[] weighted, int j, int k, double[] h)
    {
        var stride = (nuint)x.Stride;
        // The last tile of a row may hold 16 columns only; it then counts them twice and drops the second half.
        var second = k + 32 <= x.Stride ? (nuint)16 : 0;
        ref var a = ref weighted[j];
        ref var b = ref x.Data[from * x.Stride + k];
        var (s00, s01, s10, s11) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (s20, s21, s30, s31) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        nuint at = 0;
        for (var i = 0; i < rows; i++, at += stride)
        {
            var b0 = Vector512.LoadUnsafe(ref b, at);
            var b1 = Vector512.LoadUnsafe(ref b, at + second);
            var a0 = Vector512.Create(Unsafe.Add(ref a, at));
            var a1 = Vector512.Create(Unsafe.Add(ref a, at + 1));
            var a2 = Vector512.Create(Unsafe.Add(ref a, at + 2));
            var a3 = Vector512.Create(Unsafe.Add(ref a, at + 3));
            s00 = Vector512.FusedMultiplyAdd(a0, b0, s00);
            s01 = Vector512.FusedMultiplyAdd(a0, b1, s01);
            s10 = Vector512.FusedMultiplyAdd(a1, b0, s10);
            s11 = Vector512.FusedMultiplyAdd(a1, b1, s11);
            s20 = Vector512.FusedMultiplyAdd(a2, b0, s20);
            s21 = Vector512.FusedMultiplyAdd(a2, b1, s21);
            s30 = Vector512.FusedMultiplyAdd(a3, b0, s30);
            s31 = Vector512.FusedMultiplyAdd(a3, b1, s31);
        }

        Add(s00, j, k, x.Columns, h);
        Add(s10, j + 1, k, x.Columns, h);
        Add(s20, j + 2, k, x.Columns, h);
        Add(s30, j + 3, k, x.Columns, h);
        if (second > 0)
        {
            Add(s01, j, k + 16, x.Columns, h);
            Add(s11, j + 1, k + 16, x.Columns, h);
            Add(s21, j + 2, k + 16, x.Columns, h);
            Add(s31, j + 3, k + 16, x.Columns, h);
        }
    }

    private static void Add(Vector512<float> sums, int j, int k, int d, double[] h)
    {
        if (j < d)
        {
            var end = Math.Min(16, d - k);
            for (var t = 0; t < end; t++)
            {
                h[j * d + k + t] += sums[t];
            }
        }
    }
}
