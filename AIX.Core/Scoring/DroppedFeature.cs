namespace AIX.Core.Scoring;

/// <summary>An attribute that a model does not use, and why.</summary>
public sealed record DroppedFeature(string Name, string Reason);
