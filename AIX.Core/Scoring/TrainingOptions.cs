namespace AIX.Core.Scoring;

/// <summary>How a model is trained. Defaults are the product's.</summary>
public sealed record TrainingOptions
{
    /// <summary><c>auto</c> compares all; else one of <see cref="ModelTrainer.Families"/>.</summary>
    public string Model { get; init; } = "auto";

    public ulong Seed { get; init; } = 1;

    /// <summary>Outcomes below which no model is learned at all.</summary>
    public int MinRows { get; init; } = 20;

    /// <summary>Outcomes of the rarer kind below which no model is learned at all.</summary>
    public int MinMinority { get; init; } = 5;

    /// <summary>Outcomes, and of the rarer kind, from which on challengers are compared; below, prior and data only.</summary>
    public int ChallengerRows { get; init; } = 200;

    public int ChallengerMinority { get; init; } = 15;

    /// <summary>Folds, or blocks of time.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Levels in fewer rows are pooled.</summary>
    public int MinLevelCount { get; init; } = 5;

    /// <summary>A feature that alone ranks won above lost this well (AUC) is held for a leak.</summary>
    public double LeakageAuc { get; init; } = 0.95;

    /// <summary>A feature that alone takes away this share of the outcome's entropy is held for a leak.</summary>
    public double LeakageInformation { get; init; } = 0.5;

    /// <summary>Features that a person has looked at and wants used.</summary>
    public IReadOnlySet<string> Accepted { get; init; } = new HashSet<string>();

    /// <summary>Features known only after the outcome, with the evidence.</summary>
    public IReadOnlyDictionary<string, string> KnownTooLate { get; init; } = new Dictionary<string, string>();

    /// <summary>The profile's weights as prior means of its sub-scores.</summary>
    public IReadOnlyDictionary<string, CoefficientPrior> Priors { get; init; } = new Dictionary<string, CoefficientPrior>();

    /// <summary>Feature → +1 or −1: boosting keeps the logit monotone in it.</summary>
    public IReadOnlyDictionary<string, int> Monotone { get; init; } = new Dictionary<string, int>();
}
