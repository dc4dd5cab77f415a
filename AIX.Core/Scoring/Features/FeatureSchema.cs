namespace AIX.Core.Scoring.Features;

/// <summary>The fitted features of one model. Immutable, serialisable; encoding never fails on a value, known or not.</summary>
/// <param name="Texts">Free texts, each of which gives several of the features.</param>
internal sealed record FeatureSchema(IReadOnlyList<FeatureSpec> Features, IReadOnlyList<DroppedFeature> Dropped, IReadOnlyList<TextEncoder> Texts)
{
    private (int[] Linear, int[] Spline, int[] Bins)? _owners;

    /// <summary>The table with the numbers that were made from its texts.</summary>
    public DataTable Expand(DataTable table)
    {
        var made = Texts.SelectMany(t => table.Find(t.Name) is TextColumn text ? t.Encode(text) : []).ToList();
        return made.Count == 0 ? table : new DataTable([.. table.Columns.Where(c => !made.Exists(m => m.Name == c.Name)), .. made], table.Rows, table.AsOf);
    }

    /// <summary>Columns of the design matrix: 1 for the intercept, the linear ones, the splines.</summary>
    public int LinearColumns => 1 + Features.Sum(f => f.LinearColumns);

    public int DesignColumns => LinearColumns + Features.Sum(f => f.SplineColumns);

    public int BinColumns => Features.Sum(f => f.BinColumns);

    /// <summary>Feature of each design column; −1 for the intercept.</summary>
    public int[] DesignOwners => [-1, .. Owners.Linear, .. Owners.Spline];

    public int[] BinOwners => Owners.Bins;

    /// <summary>Whether each column of the binned matrix has no order.</summary>
    public bool[] BinIsCategory => [.. Owners.Bins.Select(f => Features[f] is CategorySpec)];

    /// <summary>Number of codes of each column of the binned matrix, 0 (missing) included.</summary>
    public int[] BinCounts => [.. Owners.Bins.Select(f => Features[f] switch
    {
        NumberSpec n => n.Edges.Length + 2,
        CategorySpec c => c.Levels.Length + 2,
        _ => 3,
    })];

    private (int[] Linear, int[] Spline, int[] Bins) Owners => _owners ??= (
        [.. Features.SelectMany((f, i) => Enumerable.Repeat(i, f.LinearColumns))],
        [.. Features.SelectMany((f, i) => Enumerable.Repeat(i, f.SplineColumns))],
        [.. Features.SelectMany((f, i) => Enumerable.Repeat(i, f.BinColumns))]);
}
