using System.Numerics;

namespace AIX.Core.Scoring.Models;

/// <summary>
/// A tree as tables: for each column that it asks about and each code of it, the set of leaves that can still be reached, one bit each. The leaf of a row is the one bit left when the sets of
/// its codes are intersected (after QuickScorer, Lucchese et al. 2015): a few independent loads where walking the tree is a chain of branches that nobody can foresee.
/// </summary>
internal sealed class LeafTables
{
    public const int MaxLeaves = 16;

    private const int Codes = 256;

    private readonly short[] _columns;
    private readonly ushort[] _reachable;
    private readonly float[] _values;

    private LeafTables(short[] columns, ushort[] reachable, float[] values) => (_columns, _reachable, _values) = (columns, reachable, values);

    /// <returns>Null for a tree with more leaves.</returns>
    public static LeafTables? Of(Tree tree)
    {
        var leaves = Enumerable.Range(0, tree.Feature.Length).Where(n => tree.Feature[n] < 0).ToArray();
        if (leaves.Length > MaxLeaves)
        {
            return null;
        }

        var columns = tree.Feature.Where(f => f >= 0).Distinct().Order().ToArray();
        var reachable = new ushort[columns.Length * Codes];
        for (var c = 0; c < columns.Length; c++)
        {
            for (var code = 0; code < Codes; code++)
            {
                var next = 0;
                reachable[c * Codes + code] = (ushort)Reach(tree, 0, columns[c], (byte)code, ref next);
            }
        }

        var values = new List<float>();
        Collect(tree, 0, values);
        return new LeafTables(columns, reachable, [.. values]);
    }

    /// <summary>Adds the tree's value for each row of a block.</summary>
    /// <param name="codes">The block's rows × <paramref name="columns"/> of bin codes.</param>
    public void Add(ReadOnlySpan<byte> codes, int columns, Span<double> sums)
    {
        if (_columns.Length == 0)
        {
            foreach (ref var sum in sums)
            {
                sum += _values[0];
            }

            return;
        }

        Span<ushort> sets = stackalloc ushort[sums.Length];
        sets.Fill(ushort.MaxValue);
        for (var c = 0; c < _columns.Length; c++)
        {
            var table = _reachable.AsSpan(c * Codes, Codes);
            for (int i = 0, at = _columns[c]; i < sets.Length; i++, at += columns)
            {
                sets[i] &= table[codes[at]];
            }
        }

        for (var i = 0; i < sets.Length; i++)
        {
            sums[i] += _values[BitOperations.TrailingZeroCount(sets[i])];
        }
    }

    /// <summary>Leaves below a node, in the order of a walk from left to right, that a code of one column leaves open.</summary>
    private static int Reach(Tree tree, int node, short column, byte code, ref int next)
    {
        if (tree.Feature[node] < 0)
        {
            return 1 << next++;
        }

        var (left, right) = (Reach(tree, tree.Left[node], column, code, ref next), Reach(tree, tree.Right[node], column, code, ref next));
        return tree.Feature[node] != column ? left | right : tree.GoesLeft(node, code) ? left : right;
    }

    private static void Collect(Tree tree, int node, List<float> values)
    {
        if (tree.Feature[node] < 0)
        {
            values.Add(tree.Value[node]);
            return;
        }

        Collect(tree, tree.Left[node], values);
        Collect(tree, tree.Right[node], values);
    }
}
