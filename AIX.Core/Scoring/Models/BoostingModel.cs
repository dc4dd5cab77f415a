using AIX.Core.Scoring.Features;

namespace AIX.Core.Scoring.Models;

/// <summary>A sum of trees.</summary>
internal sealed class BoostingModel(double start, Tree[] trees) : IModel
{
    /// <summary>From so many rows on, tables are worth their making.</summary>
    private const int Many = 512;

    private const int Block = 256;

    private readonly Lazy<LeafTables?[]> _tables = new(() => Array.ConvertAll(trees, LeafTables.Of));

    /// <summary>Log-odds before the first tree.</summary>
    public double Start => start;

    public IReadOnlyList<Tree> Trees => trees;

    public BoostingModel Take(int count) => new(start, trees[..Math.Min(count, trees.Length)]);

    /// <summary>The mean of several models' logits, which is again a sum of trees.</summary>
    public static BoostingModel Mean(IReadOnlyList<BoostingModel> models) =>
        new(models.Average(m => m.Start), [.. models.SelectMany(m => m.Trees.Select(t => t.Scaled(1f / models.Count)))]);

    public void Predict(EncodedRows rows, Span<double> logits)
    {
        var bins = rows.Bins;
        var tables = _tables.IsValueCreated || rows.Rows >= Many ? _tables.Value : null;
        // A block of rows stays in the first-level cache while every tree passes over it.
        for (var from = 0; from < rows.Rows; from += Block)
        {
            var block = logits.Slice(from, Math.Min(Block, rows.Rows - from));
            block.Fill(start);
            for (var t = 0; t < trees.Length; t++)
            {
                if (tables?[t] is { } table)
                {
                    table.Add(bins.Codes.AsSpan(from * bins.Columns, block.Length * bins.Columns), bins.Columns, block);
                    continue;
                }

                for (var i = 0; i < block.Length; i++)
                {
                    block[i] += trees[t].Predict(bins.Codes.AsSpan((from + i) * bins.Columns, bins.Columns));
                }
            }
        }
    }

    public Attribution Explain(EncodedRows row)
    {
        var (owners, codes) = (row.Schema.BinOwners, row.Bins.Codes);
        var (columns, features, expected) = (new double[owners.Length], new double[row.Schema.Features.Count], start);
        foreach (var tree in trees)
        {
            expected += TreeShap.Add(tree, codes, columns);
        }

        for (var c = 0; c < columns.Length; c++)
        {
            features[owners[c]] += columns[c];
        }

        return new Attribution(expected, features, 0);
    }
}
