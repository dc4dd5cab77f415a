namespace AIX.Core.Scoring;

/// <summary>One feature of a scored lead.</summary>
/// <param name="Name">Stable key; its words are in the resource files.</param>
/// <param name="Value">In [0, 1]; null when nothing is known.</param>
/// <param name="Shown">The value that it was made from, for words: "412", "Head of HR".</param>
/// <param name="FactIds">Facts behind it.</param>
public sealed record Feature(string Name, double? Value, string? Shown, IReadOnlyList<Guid> FactIds);
