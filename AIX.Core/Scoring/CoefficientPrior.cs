namespace AIX.Core.Scoring;

/// <summary>A coefficient's prior, given by the profile: N(Weight, Sd²) on the raw scale of a sub-score in [0, 1].</summary>
public readonly record struct CoefficientPrior(double Weight, double Sd);
