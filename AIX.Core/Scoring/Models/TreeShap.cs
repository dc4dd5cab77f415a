namespace AIX.Core.Scoring.Models;

/// <summary>
/// Exact Shapley values of a tree under its path-dependent conditional expectation, in O(leaves · depth²) (Lundberg, Erion and Lee 2018, algorithm 2). Along each path
/// from the root the weights of all subsets of the features met are kept as one polynomial; EXTEND multiplies a feature in, UNWIND divides it out.
/// </summary>
internal static class TreeShap
{
    /// <summary>Adds the Shapley value of each column, and returns the tree's expected value.</summary>
    public static double Add(Tree tree, ReadOnlySpan<byte> codes, Span<double> shap)
    {
        Recurse(tree, codes, shap, 0, [], 1, 1, -1);
        return Expected(tree, 0);
    }

    private static double Expected(Tree tree, int node)
    {
        if (tree.Feature[node] < 0)
        {
            return tree.Value[node];
        }

        var (l, r) = (tree.Left[node], tree.Right[node]);
        return (tree.Cover[l] * Expected(tree, l) + tree.Cover[r] * Expected(tree, r)) / (tree.Cover[l] + tree.Cover[r]);
    }

    private static void Recurse(Tree tree, ReadOnlySpan<byte> codes, Span<double> shap, int node, Path[] above, double zero, double one, int column)
    {
        var path = Extend(above, zero, one, column);
        if (tree.Feature[node] < 0)
        {
            for (var i = 1; i < path.Length; i++)
            {
                var weight = UnwoundSum(path, i);
                shap[path[i].Column] += weight * (path[i].One - path[i].Zero) * tree.Value[node];
            }

            return;
        }

        int split = tree.Feature[node];
        var (l, r) = (tree.Left[node], tree.Right[node]);
        var (hot, cold) = tree.GoesLeft(node, codes[split]) ? (l, r) : (r, l);
        var (iz, io) = (1.0, 1.0);
        var at = Array.FindIndex(path, 1, p => p.Column == split);
        if (at >= 0)
        {
            (iz, io) = (path[at].Zero, path[at].One);
            path = Unwind(path, at);
        }

        var cover = (double)(tree.Cover[l] + tree.Cover[r]);
        Recurse(tree, codes, shap, hot, path, iz * tree.Cover[hot] / cover, io, split);
        Recurse(tree, codes, shap, cold, path, iz * tree.Cover[cold] / cover, 0, split);
    }

    private static Path[] Extend(Path[] path, double zero, double one, int column)
    {
        var depth = path.Length;
        var longer = new Path[depth + 1];
        path.CopyTo(longer, 0);
        longer[depth] = new Path(column, zero, one, depth == 0 ? 1 : 0);
        for (var i = depth - 1; i >= 0; i--)
        {
            longer[i + 1].Weight += one * longer[i].Weight * (i + 1) / (depth + 1);
            longer[i].Weight = zero * longer[i].Weight * (depth - i) / (depth + 1);
        }

        return longer;
    }

    private static Path[] Unwind(Path[] path, int at)
    {
        var depth = path.Length - 1;
        var shorter = (Path[])path.Clone();
        var (zero, one) = (path[at].Zero, path[at].One);
        var next = path[depth].Weight;
        for (var i = depth - 1; i >= 0; i--)
        {
            if (one != 0)
            {
                var kept = shorter[i].Weight;
                shorter[i].Weight = next * (depth + 1) / ((i + 1) * one);
                next = kept - shorter[i].Weight * zero * (depth - i) / (depth + 1);
            }
            else
            {
                shorter[i].Weight = shorter[i].Weight * (depth + 1) / (zero * (depth - i));
            }
        }

        for (var i = at; i < depth; i++)
        {
            (shorter[i].Column, shorter[i].Zero, shorter[i].One) = (shorter[i + 1].Column, shorter[i + 1].Zero, shorter[i + 1].One);
        }

        return shorter[..depth];
    }

    private static double UnwoundSum(Path[] path, int at)
    {
        var depth = path.Length - 1;
        var (zero, one) = (path[at].Zero, path[at].One);
        var (next, total) = (path[depth].Weight, 0.0);
        for (var i = depth - 1; i >= 0; i--)
        {
            if (one != 0)
            {
                var weight = next * (depth + 1) / ((i + 1) * one);
                total += weight;
                next = path[i].Weight - weight * zero * (depth - i) / (depth + 1);
            }
            else
            {
                total += path[i].Weight / zero * (depth + 1) / (depth - i);
            }
        }

        return total;
    }

    /// <summary>A feature met on the way down: the share of rows that follow it unknown, and known (0 or 1), and the weight of subsets of its position's size.</summary>
    private struct Path(int column, double zero, double one, double weight)
    {
        public int Column = column;
        public double Zero = zero;
        public double One = one;
        public double Weight = weight;
    }
}
