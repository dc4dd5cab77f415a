using AIX.Core.Scoring;

namespace AIX.Core.Learning;

/// <summary>A feature left out for knowing the outcome.</summary>
public sealed record LeftOut(string Name, string Evidence);

/// <summary>How much a feature moves scores.</summary>
/// <param name="MeanAbsoluteLogit">Mean of |contribution| over a sample of leads.</param>
public sealed record FeatureImportance(string Name, double MeanAbsoluteLogit);

/// <summary>A group of scores.</summary>
/// <param name="UpTo">Largest score of the group; 1 for the last.</param>
/// <param name="Share">Leads in it, of all; scores that repeat make groups of unequal size.</param>
public sealed record ScoreCut(double UpTo, double Share);

/// <summary>Everything the registry keeps about how a model came to be.</summary>
/// <param name="HoldOut">On the newest fifth of the outcomes, by a model fitted to those before; null with too few.</param>
/// <param name="AgainstChampion">On the same leads; null without.</param>
/// <param name="Segments">Fairness on the held-out leads.</param>
/// <param name="ScoreCuts">Groups of this model's scores of the leads it learned from, at most ten, ascending; what the drift of the score is measured by.</param>
/// <param name="SubScoreWeights">What was learned about the profile's sub-scores.</param>
/// <param name="HalfLifeOutcomes">Outcomes after which one counts half; null when all count alike.</param>
public sealed record TrainingReport(
    Evaluation? HoldOut, Comparison? AgainstChampion, IReadOnlyList<CandidateReport> Candidates, IReadOnlyList<FeatureImportance> Importance, IReadOnlyList<LeftOut> Leaks,
    IReadOnlyList<LeftOut> Dropped, string Calibration, double? HalfLifeOutcomes, IReadOnlyDictionary<string, double> Members, IReadOnlyList<Segment>? Segments = null,
    IReadOnlyList<ScoreCut>? ScoreCuts = null, IReadOnlyDictionary<string, SubScoreWeight>? SubScoreWeights = null)
{
    /// <summary>A feature's part of all that moves the scores, in percent.</summary>
    public double ShareOf(string feature) =>
        Importance.Sum(i => i.MeanAbsoluteLogit) is > 0 and var all ? 100 * (Importance.FirstOrDefault(i => i.Name == feature)?.MeanAbsoluteLogit ?? 0) / all : 0;
}
