using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AIX.Core.Scoring.Features;

namespace AIX.Core.Scoring.Models;

/// <summary>
/// Grows one tree leaf-wise on histograms of gradients (Ke et al. 2017, LightGBM): the leaf with the largest gain is split next; the smaller child's
/// histogram is summed, the larger one's is the difference to the parent's. Buffers are kept between trees; one grower serves one fit.
/// </summary>
internal sealed class TreeGrower
{
    private const int ParallelRows = 4000;

    private readonly BinMatrix _bins;
    private readonly BoostingOptions _options;
    private readonly int[] _offsets;
    private readonly SplitFinder _finder;
    private readonly bool _parallel;
    private readonly int[] _rows;
    private readonly int[] _scratch;
    private readonly Vector128<double>[][] _histograms;
    private readonly float[] _ordered;

    public TreeGrower(BinMatrix bins, FeatureSchema schema, BoostingOptions options, bool parallel)
    {
        _bins = bins;
        _options = options;
        _parallel = parallel;
        var counts = schema.BinCounts;
        _offsets = new int[counts.Length + 1];
        for (var f = 0; f < counts.Length; f++)
        {
            _offsets[f + 1] = _offsets[f] + counts[f];
        }

        var owners = schema.BinOwners;
        _finder = new SplitFinder(_offsets, schema.BinIsCategory, [.. owners.Select(o => options.Monotone.GetValueOrDefault(schema.Features[o].Name))], options);
        _rows = new int[bins.Rows];
        _scratch = new int[bins.Rows];
        _ordered = new float[2 * bins.Rows];
        _histograms = new Vector128<double>[options.MaxLeaves + 1][];
        for (var k = 0; k < _histograms.Length; k++)
        {
            _histograms[k] = new Vector128<double>[_offsets[^1]];
        }
    }

    /// <param name="gradients">g and h of each row, interleaved.</param>
    /// <param name="rows">Rows that the tree sees.</param>
    /// <param name="allowed">Columns that it may split on.</param>
    /// <param name="leafOf">Receives the value of the leaf that each of the rows fell into.</param>
    public Tree Grow(float[] gradients, ReadOnlySpan<int> rows, bool[] allowed, Span<float> leafOf)
    {
        rows.CopyTo(_rows);
        var builder = new TreeBuilder(_options.MaxLeaves);
        var open = new List<Leaf>();
        var root = new Leaf(builder.Add(), 0, rows.Length, 0, double.NegativeInfinity, double.PositiveInfinity);
        Sum(gradients, root, _histograms[0]);
        root = root with { Total = TotalOf(_histograms[0]) };
        builder.Set(root, _options);
        open.Add(root with { Best = Find(root, allowed) });
        var leaves = 1;
        while (leaves < _options.MaxLeaves)
        {
            var at = 0;
            for (var k = 1; k < open.Count; k++)
            {
                at = open[k].Best.Gain > open[at].Best.Gain ? k : at;
            }

            var leaf = open[at];
            if (!(leaf.Best.Gain > 1e-7))
            {
                break;
            }

            var (left, right) = Split(leaf, builder, gradients, leaves);
            open[at] = left with { Best = Find(left, allowed) };
            open.Add(right with { Best = Find(right, allowed) });
            leaves++;
        }

        foreach (var leaf in open)
        {
            var value = builder.Value(leaf.Node);
            foreach (var row in _rows.AsSpan(leaf.From, leaf.Count))
            {
                leafOf[row] = value;
            }
        }

        return builder.Build();
    }

    private (Leaf Left, Leaf Right) Split(Leaf leaf, TreeBuilder builder, float[] gradients, int freeSlot)
    {
        var split = leaf.Best;
        var (l, r) = builder.Split(leaf.Node, split);
        var count = Partition(leaf, split);
        var middle = (split.LeftValue + split.RightValue) / 2;
        var direction = _finder.Direction(split.Column);
        var left = new Leaf(l, leaf.From, count, leaf.Slot, direction < 0 ? Math.Max(leaf.Low, middle) : leaf.Low, direction > 0 ? Math.Min(leaf.High, middle) : leaf.High) { Total = split.Left };
        var right = new Leaf(r, leaf.From + count, leaf.Count - count, freeSlot, direction > 0 ? Math.Max(leaf.Low, middle) : leaf.Low, direction < 0 ? Math.Min(leaf.High, middle) : leaf.High) { Total = leaf.Total - split.Left };
        var parent = _histograms[leaf.Slot];
        var other = _histograms[freeSlot];
        var smaller = left.Count <= right.Count ? left : right;
        Sum(gradients, smaller, other);
        var rest = MemoryMarshal.Cast<Vector128<double>, double>(parent.AsSpan());
        TensorPrimitives.Subtract<double>(rest, MemoryMarshal.Cast<Vector128<double>, double>(other.AsSpan()), rest);
        // The sum of the smaller child stands in the free slot, the difference in the parent's.
        left = left with { Slot = smaller.Node == left.Node ? freeSlot : leaf.Slot };
        right = right with { Slot = smaller.Node == right.Node ? freeSlot : leaf.Slot };
        builder.Set(left, _options);
        builder.Set(right, _options);
        return (left, right);
    }

    private Split Find(Leaf leaf, bool[] allowed)
    {
        if (leaf.Count < 2 * _options.MinLeafRows)
        {
            return default;
        }

        return _finder.Best(_histograms[leaf.Slot], leaf, allowed);
    }

    private int Partition(Leaf leaf, Split split)
    {
        var rows = _rows.AsSpan(leaf.From, leaf.Count);
        var (left, right) = (0, 0);
        var goes = split.GoesLeft();
        var (codes, width, column) = (_bins.Codes, _bins.Columns, split.Column);
        ref var kept = ref MemoryMarshal.GetReference(rows);
        ref var moved = ref _scratch[0];
        ref var code = ref codes[column];
        ref var table = ref goes[0];
        for (var i = 0; i < rows.Length; i++)
        {
            // Both sides are written, one of them counts: no branch to mispredict.
            var row = Unsafe.Add(ref kept, i);
            var isLeft = Unsafe.Add(ref table, Unsafe.Add(ref code, row * width));
            Unsafe.Add(ref kept, left) = row;
            Unsafe.Add(ref moved, right) = row;
            left += isLeft;
            right += 1 - isLeft;
        }

        _scratch.AsSpan(0, right).CopyTo(rows[left..]);
        return left;
    }

    private static Vector128<double> TotalOf(Vector128<double>[] histogram, int codes)
    {
        var total = Vector128<double>.Zero;
        for (var b = 0; b < codes; b++)
        {
            total += histogram[b];
        }

        return total;
    }

    private Vector128<double> TotalOf(Vector128<double>[] histogram) => TotalOf(histogram, _offsets[1]);

    private void Sum(float[] gradients, Leaf leaf, Vector128<double>[] histogram)
    {
        Array.Clear(histogram);
        var columns = _bins.Columns;
        // Gradients in the order of the leaf's rows, so that both halves read them straight through.
        for (var i = 0; i < leaf.Count; i++)
        {
            var row = _rows[leaf.From + i];
            Unsafe.As<float, long>(ref _ordered[2 * i]) = Unsafe.As<float, long>(ref gradients[2 * row]);
        }

        if (_parallel && leaf.Count >= ParallelRows && columns > 3)
        {
            var half = columns / 2;
            Parallel.Invoke(() => Sum(leaf, 0, half, histogram), () => Sum(leaf, half, columns, histogram));
        }
        else
        {
            Sum(leaf, 0, columns, histogram);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(Leaf leaf, int first, int end, Vector128<double>[] histogram)
    {
        var width = _bins.Columns;
        ref var codes = ref _bins.Codes[0];
        ref var bins = ref histogram[0];
        ref var offsets = ref _offsets[0];
        ref var rows = ref _rows[leaf.From];
        ref var pairs = ref _ordered[0];
        for (var i = 0; i < leaf.Count; i++)
        {
            var pair = Vector128.Create((double)Unsafe.Add(ref pairs, 2 * i), Unsafe.Add(ref pairs, 2 * i + 1));
            ref var row = ref Unsafe.Add(ref codes, Unsafe.Add(ref rows, i) * width);
            for (var f = first; f < end; f++)
            {
                ref var bin = ref Unsafe.Add(ref bins, Unsafe.Add(ref offsets, f) + Unsafe.Add(ref row, f));
                bin += pair;
            }
        }
    }
}
