namespace AIX.Core.Scoring;

public enum FeatureKind
{
    /// <summary>Similarity to the profile, in [0, 1].</summary>
    SubScore,
    Number,
    Text,

    /// <summary>Value is days since 1970-01-01.</summary>
    Date,

    /// <summary>Shown holds the members, one per line.</summary>
    List,
}

/// <summary>One feature of a scored lead.</summary>
/// <param name="Name">Stable key: a sub-score's own name, or <c>lead.</c>, <c>fact.</c>, <c>attr.</c> and the field, fact or attribute.</param>
/// <param name="Value">Number of a sub-score, number or date; null when unknown.</param>
/// <param name="Shown">The value that it was made from, for words: "412", "Head of HR"; what a text or list is read from.</param>
/// <param name="FactIds">Facts behind it.</param>
public sealed record Feature(string Name, double? Value, string? Shown, IReadOnlyList<Guid> FactIds, FeatureKind Kind = FeatureKind.SubScore);
