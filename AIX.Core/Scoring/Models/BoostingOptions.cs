namespace AIX.Core.Scoring.Models;

/// <summary>Options of gradient boosting.</summary>
internal sealed record BoostingOptions
{
    public int MaxTrees { get; init; } = 300;

    /// <summary>Shrinkage η: what a tree's values are multiplied with.</summary>
    public double LearningRate { get; init; } = 0.05;

    public int MaxLeaves { get; init; } = 15;

    /// <summary>Rows that a leaf holds at least, estimated from its share of the Hessian.</summary>
    public int MinLeafRows { get; init; } = 20;

    /// <summary>λ: L2 penalty on leaf values.</summary>
    public double L2 { get; init; } = 1;

    /// <summary>Added to L2 when a split divides levels of a category, which have more ways to fit noise.</summary>
    public double CategoryL2 { get; init; } = 10;

    /// <summary>Share of rows that each tree sees; 1 is all.</summary>
    public double RowShare { get; init; } = 1;

    /// <summary>Share of features that each tree may split on; 1 is all.</summary>
    public double FeatureShare { get; init; } = 1;

    /// <summary>Trees without a better validation loss after which fitting ends.</summary>
    public int Patience { get; init; } = 20;

    /// <summary>Share of rows kept for validation when the caller brings none.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Feature → +1 (the logit may only rise with it) or −1 (only fall). Numbers only.</summary>
    public IReadOnlyDictionary<string, int> Monotone { get; init; } = new Dictionary<string, int>();
}
