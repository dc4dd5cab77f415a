using System.Text.Json.Serialization;

namespace AIX.Core.Scoring.Features;

/// <summary>How one attribute becomes numbers; fitted once, stored with the model.</summary>
/// <param name="Name">The attribute's name, as people know it.</param>
/// <param name="Unit">Unit of a number; null when it has none.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NumberSpec), "number")]
[JsonDerivedType(typeof(CategorySpec), "category")]
[JsonDerivedType(typeof(ListSpec), "list")]
internal abstract record FeatureSpec(string Name, string? Unit)
{
    /// <summary>The attribute that the value comes from.</summary>
    [JsonIgnore]
    public virtual string Source => Name;

    /// <summary>Columns of the linear part, and after them those of the splines.</summary>
    [JsonIgnore]
    public abstract int LinearColumns { get; }

    [JsonIgnore]
    public virtual int SplineColumns => 0;

    /// <summary>Columns of the binned matrix.</summary>
    [JsonIgnore]
    public virtual int BinColumns => 1;
}

/// <summary>A number, a boolean (two values) or a date (its age in days).</summary>
internal sealed record NumberSpec(string Name, string? Unit) : FeatureSpec(Name, Unit)
{
    /// <summary>The free text that the number was made from; null when it stands for itself.</summary>
    public string? TextOf { get; init; }

    public override string Source => TextOf ?? Name;

    /// <summary>Newest day in training; ages count from it where a row has no day of its own. Null: not a date.</summary>
    public double? NewestDay { get; init; }

    /// <summary>Signed logarithm first, equation (4): sign(x)·ln(1 + |x|).</summary>
    public bool Log { get; init; }

    /// <summary>z = (t − Mean) / Sd. A boolean keeps Sd = distance of its two values, so that its coefficient is a log-odds ratio.</summary>
    public double Mean { get; init; }

    public double Sd { get; init; } = 1;

    /// <summary>z is cut to ±this: no lead gets a score from a number that is a typing error.</summary>
    public double Limit { get; init; } = 8;

    /// <summary>Share of training rows without a value; above 0 there is an indicator column.</summary>
    public double MissingShare { get; init; }

    /// <summary>A value that many rows share (0 visits), with an indicator of its own; its share.</summary>
    public double? Spike { get; init; }

    public double SpikeShare { get; init; }

    /// <summary>Knots of the linear spline in z: columns max(0, z − knot) − mean.</summary>
    public double[] Knots { get; init; } = [];

    public double[] KnotMeans { get; init; } = [];

    /// <summary>Ascending bin edges on the raw scale; bin = 1 + number of edges ≤ value; 0 is missing.</summary>
    public double[] Edges { get; init; } = [];

    /// <summary>Training share per bin, bin 0 first; what drift is measured against.</summary>
    public double[] BinShares { get; init; } = [];

    public override int LinearColumns => 1 + (MissingShare > 0 ? 1 : 0) + (Spike is null ? 0 : 1);

    public override int SplineColumns => Knots.Length;

    public double Transform(double x) => ((Log ? Math.Sign(x) * Math.Log(1 + Math.Abs(x)) : x) - Mean) / Sd;

    public double Z(double x) => Math.Clamp(Transform(x), -Limit, Limit);

    public byte Bin(double x)
    {
        if (double.IsNaN(x))
        {
            return 0;
        }

        var (low, high) = (0, Edges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Edges[middle] <= x)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return (byte)(low + 1);
    }
}

/// <summary>One of several levels. Rare levels are pooled; a level never seen in training counts as pooled or, without a pool, as average.</summary>
internal sealed record CategorySpec(string Name, string? Unit) : FeatureSpec(Name, Unit)
{
    /// <summary>Levels with a column of their own, most frequent first; at most 252.</summary>
    public string[] Levels { get; init; } = [];

    /// <summary>Training shares: missing, each level, pooled.</summary>
    public double[] Shares { get; init; } = [];

    [JsonIgnore]
    public bool HasMissing => Shares[0] > 0;

    [JsonIgnore]
    public bool HasPool => Shares[^1] > 0;

    public override int LinearColumns => Levels.Length + (HasMissing ? 1 : 0) + (HasPool ? 1 : 0);
}

/// <summary>A set; each frequent member is a boolean.</summary>
internal sealed record ListSpec(string Name, string? Unit) : FeatureSpec(Name, Unit)
{
    public string[] Members { get; init; } = [];

    /// <summary>Share of training rows that have the member.</summary>
    public double[] Shares { get; init; } = [];

    public override int LinearColumns => Members.Length;

    public override int BinColumns => Members.Length;
}
