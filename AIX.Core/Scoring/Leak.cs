namespace AIX.Core.Scoring;

/// <summary>A feature that looks as if it knew the outcome, and why.</summary>
public sealed record Leak(string Name, string Evidence, double Auc);
