namespace AIX.Core.Scoring.Models;

/// <summary>Collects the nodes of a growing tree.</summary>
internal sealed class TreeBuilder(int maxLeaves)
{
    private readonly short[] _feature = new short[2 * maxLeaves];
    private readonly short[] _left = new short[2 * maxLeaves];
    private readonly short[] _right = new short[2 * maxLeaves];
    private readonly byte[] _threshold = new byte[2 * maxLeaves];
    private readonly bool[] _missingLeft = new bool[2 * maxLeaves];
    private readonly ulong[]?[] _levels = new ulong[2 * maxLeaves][];
    private readonly float[] _value = new float[2 * maxLeaves];
    private readonly float[] _cover = new float[2 * maxLeaves];
    private int _count;

    public int Add()
    {
        _feature[_count] = -1;
        return _count++;
    }

    /// <summary>Sets what a node would add, shrunk.</summary>
    public void Set(Leaf leaf, BoostingOptions options)
    {
        var value = Math.Clamp(-leaf.Total[0] / (leaf.Total[1] + options.L2), leaf.Low, leaf.High);
        _value[leaf.Node] = (float)(options.LearningRate * value);
        _cover[leaf.Node] = leaf.Count;
    }

    public float Value(int node) => _value[node];

    public (int Left, int Right) Split(int node, Split split)
    {
        var (left, right) = (Add(), Add());
        _feature[node] = (short)split.Column;
        _threshold[node] = split.Threshold;
        _missingLeft[node] = split.MissingLeft;
        _levels[node] = split.Levels;
        _left[node] = (short)left;
        _right[node] = (short)right;
        return (left, right);
    }

    public Tree Build() => new()
    {
        Feature = _feature[.._count],
        Left = _left[.._count],
        Right = _right[.._count],
        Threshold = _threshold[.._count],
        MissingLeft = _missingLeft[.._count],
        Levels = _levels[.._count],
        Value = _value[.._count],
        Cover = _cover[.._count],
    };
}
