using System.Runtime.Intrinsics;

namespace AIX.Core.Scoring.Models;

/// <summary>A leaf that may still be split.</summary>
/// <param name="Node">Its node in the tree.</param>
/// <param name="From">First of its rows.</param>
/// <param name="Slot">Where its histogram stands.</param>
/// <param name="Low">Bounds on its value that monotone splits above it set.</param>
internal readonly record struct Leaf(int Node, int From, int Count, int Slot, double Low, double High)
{
    /// <summary>Σ g and Σ h.</summary>
    public Vector128<double> Total { get; init; }

    public Split Best { get; init; }
}

/// <summary>A way to divide a leaf.</summary>
/// <param name="Levels">Set of codes that go left for a category; null for a threshold.</param>
internal readonly record struct Split(double Gain, int Column, byte Threshold, bool MissingLeft, ulong[]? Levels, Vector128<double> Left, double LeftValue, double RightValue)
{
    /// <summary>1 for each code that goes left.</summary>
    public byte[] GoesLeft()
    {
        var goes = new byte[256];
        for (var code = 0; code < 256; code++)
        {
            var left = Levels is null ? (code == 0 ? MissingLeft : code <= Threshold) : (Levels[code >> 6] >> (code & 63) & 1) != 0;
            goes[code] = (byte)(left ? 1 : 0);
        }

        return goes;
    }
}

/// <summary>
/// Finds the split of largest gain ½·[G_L²/(H_L+λ) + G_R²/(H_R+λ) − G²/(H+λ)] (Chen and Guestrin 2016, eq. 7). Missing values try both sides. Levels of a category are
/// ordered by g/(h + smoothing) and cut there (Fisher 1958), under a larger λ.
/// </summary>
internal sealed class SplitFinder(int[] offsets, bool[] isCategory, int[] monotone, BoostingOptions options)
{
    private const double CategorySmoothing = 10;

    private readonly int[] _order = new int[256];
    private readonly double[] _keys = new double[256];

    public int Direction(int column) => monotone[column];

    public Split Best(Vector128<double>[] histogram, Leaf leaf, bool[] allowed)
    {
        var best = default(Split);
        // LightGBM's estimate: rows of a side are its share of the leaf's Hessian.
        var minHessian = Math.Max(1e-3, options.MinLeafRows * leaf.Total[1] / leaf.Count);
        for (var column = 0; column < isCategory.Length; column++)
        {
            if (allowed[column])
            {
                var bins = histogram.AsSpan(offsets[column], offsets[column + 1] - offsets[column]);
                if (isCategory[column])
                {
                    Levels(bins, column, leaf, minHessian, ref best);
                }
                else
                {
                    Ordered(bins, column, leaf, minHessian, ref best);
                }
            }
        }

        return best;
    }

    private static double Value(double g, double h, double l2, Leaf leaf) => Math.Clamp(-g / (h + l2), leaf.Low, leaf.High);

    /// <summary>What a leaf's value v gains: −(G·v + ½(H + λ)v²).</summary>
    private static double Gain(double g, double h, double v, double l2) => -(g * v + 0.5 * (h + l2) * v * v);

    private void Ordered(ReadOnlySpan<Vector128<double>> bins, int column, Leaf leaf, double minHessian, ref Split best)
    {
        var missing = bins[0];
        var l2 = options.L2;
        var (totalG, totalH) = (leaf.Total[0], leaf.Total[1]);
        var parent = Gain(totalG, totalH, Value(totalG, totalH, l2, leaf), l2);
        for (var side = 0; side < (missing[1] > 0 ? 2 : 1); side++)
        {
            var sum = side == 1 ? missing : Vector128<double>.Zero;
            for (var b = side == 1 ? 0 : 1; b < bins.Length - 1; b++)
            {
                sum += b == 0 ? Vector128<double>.Zero : bins[b];
                var (g, h) = (sum[0], sum[1]);
                if (h < minHessian)
                {
                    continue;
                }

                if (totalH - h < minHessian)
                {
                    break;
                }

                Try(g, h, totalG, totalH, parent, l2, column, leaf, sum, (byte)b, missing[1] > 0 ? side == 1 : 2 * h > totalH, ref best);
            }
        }
    }

    private void Try(double g, double h, double totalG, double totalH, double parent, double l2, int column, Leaf leaf, Vector128<double> sum, byte threshold, bool missingLeft, ref Split best)
    {
        double left;
        double right;
        double gain;
        if (monotone[column] == 0 && double.IsNegativeInfinity(leaf.Low) && double.IsPositiveInfinity(leaf.High))
        {
            var (gr, hr) = (totalG - g, totalH - h);
            gain = 0.5 * (g * g / (h + l2) + gr * gr / (hr + l2)) - parent;
            if (gain <= best.Gain)
            {
                return;
            }

            (left, right) = (-g / (h + l2), -gr / (hr + l2));
        }
        else
        {
            left = Value(g, h, l2, leaf);
            right = Value(totalG - g, totalH - h, l2, leaf);
            if (monotone[column] * (right - left) < 0)
            {
                return;
            }

            gain = Gain(g, h, left, l2) + Gain(totalG - g, totalH - h, right, l2) - parent;
        }

        if (gain > best.Gain)
        {
            best = new Split(gain, column, threshold, missingLeft, null, sum, left, right);
        }
    }

    private void Levels(ReadOnlySpan<Vector128<double>> bins, int column, Leaf leaf, double minHessian, ref Split best)
    {
        var count = 0;
        for (var b = 0; b < bins.Length; b++)
        {
            if (bins[b][1] > 1e-12)
            {
                _order[count] = b;
                _keys[count++] = bins[b][0] / (bins[b][1] + CategorySmoothing);
            }
        }

        if (count < 2)
        {
            return;
        }

        Array.Sort(_keys, _order, 0, count);
        var l2 = count <= 3 ? options.L2 : options.L2 + options.CategoryL2;
        var (totalG, totalH) = (leaf.Total[0], leaf.Total[1]);
        var parent = Gain(totalG, totalH, Value(totalG, totalH, options.L2, leaf), options.L2);
        var sum = Vector128<double>.Zero;
        var (at, left, right, gain, leftSum) = (-1, 0.0, 0.0, best.Gain, sum);
        for (var k = 0; k < count - 1; k++)
        {
            sum += bins[_order[k]];
            var (g, h) = (sum[0], sum[1]);
            if (h < minHessian)
            {
                continue;
            }

            if (totalH - h < minHessian)
            {
                break;
            }

            var (l, r) = (Value(g, h, l2, leaf), Value(totalG - g, totalH - h, l2, leaf));
            var gained = Gain(g, h, l, l2) + Gain(totalG - g, totalH - h, r, l2) - parent;
            if (gained > gain)
            {
                (at, left, right, gain, leftSum) = (k, l, r, gained, sum);
            }
        }

        if (at >= 0)
        {
            var set = new ulong[4];
            for (var k = 0; k <= at; k++)
            {
                set[_order[k] >> 6] |= 1UL << (_order[k] & 63);
            }

            best = new Split(gain, column, 0, (set[0] & 1) != 0, set, leftSum, left, right);
        }
    }
}
