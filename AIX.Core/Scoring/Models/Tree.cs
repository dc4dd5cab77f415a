using System.Runtime.CompilerServices;

namespace AIX.Core.Scoring.Models;

/// <summary>
/// A binary tree over bin codes, stored as parallel arrays; node 0 is the root. A node with <c>Feature</c> −1 is a leaf. A row goes left when bit <c>code</c> of the
/// node's 256-bit set is set: one form for numbers, missing values and sets of levels.
/// </summary>
internal sealed class Tree
{
    public required short[] Feature { get; init; }

    public required short[] Left { get; init; }

    public required short[] Right { get; init; }

    /// <summary>Last code that goes left, for an ordered split.</summary>
    public required byte[] Threshold { get; init; }

    /// <summary>Whether code 0 goes left.</summary>
    public required bool[] MissingLeft { get; init; }

    /// <summary>Four words of 64 codes per node for a split of levels; null for an ordered one.</summary>
    public required ulong[]?[] Levels { get; init; }

    /// <summary>Log-odds that a leaf adds; for an inner node what it would add.</summary>
    public required float[] Value { get; init; }

    /// <summary>Training rows' weight that came through the node; what TreeSHAP averages by.</summary>
    public required float[] Cover { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool GoesLeft(int node, byte code) =>
        Levels[node] is { } set ? (set[code >> 6] >> (code & 63) & 1) != 0 : code == 0 ? MissingLeft[node] : code <= Threshold[node];

    /// <summary>The same tree with every value multiplied.</summary>
    public Tree Scaled(float factor) => new()
    {
        Feature = Feature,
        Left = Left,
        Right = Right,
        Threshold = Threshold,
        MissingLeft = MissingLeft,
        Levels = Levels,
        Value = Array.ConvertAll(Value, v => v * factor),
        Cover = Cover,
    };

    public float Predict(ReadOnlySpan<byte> codes)
    {
        var node = 0;
        while (Feature[node] >= 0)
        {
            node = GoesLeft(node, codes[Feature[node]]) ? Left[node] : Right[node];
        }

        return Value[node];
    }
}
