namespace AIX.Core.Scoring;

/// <summary>A coefficient's prior, given by the profile: N(Weight, Sd²) on the raw scale of a sub-score in [0, 1].</summary>
public readonly record struct CoefficientPrior(double Weight, double Sd);

/// <summary>What a model learned about a sub-score: mean and standard deviation of its weight, on the same scale.</summary>
public readonly record struct SubScoreWeight(double Weight, double Sd);
