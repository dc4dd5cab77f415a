using AIX.Core.Scoring;

namespace AIX.Core.Learning;

/// <summary>Drift of the leads since a model was trained.</summary>
/// <param name="Leads">Recent leads counted.</param>
/// <param name="Features">Most moved first.</param>
/// <param name="Score">How far the scores as a whole have moved from those of the leads it learned from; null when the report has none.</param>
public sealed record DriftReport(int Leads, IReadOnlyList<FeatureDrift> Features, FeatureDrift? Score)
{
    /// <summary>PSI from which on a feature has moved enough to look at.</summary>
    public const double Alarm = 0.25;

    public IEnumerable<FeatureDrift> Alarms => Features.Where(f => f.Psi > Alarm);
}

/// <summary>What the model said about leads whose outcome came after its training, against what happened.</summary>
/// <param name="Expected">Σp.</param>
/// <param name="Z">(Σy − Σp)/√Σp(1 − p): beyond ±3 is no chance.</param>
/// <param name="PValue">Chance of groups of likely and unlikely leads being off so far if the model were right (Hosmer and Lemeshow 1980, with the groups' own p): a market can turn around without its sum changing.</param>
public sealed record CalibrationCheck(int Outcomes, double Expected, double Won, double Z, double PValue)
{
    public const double Alarm = 3;

    /// <summary>About as rare as <see cref="Alarm"/>.</summary>
    private const double RareEnough = 0.001;

    private const int Groups = 5;

    public bool IsOff => Math.Abs(Z) > Alarm || PValue < RareEnough;

    public static CalibrationCheck Of(IReadOnlyList<ScoreResult> scores, IReadOnlyList<double> labels)
    {
        var (expected, variance) = (scores.Sum(s => s.Probability), scores.Sum(s => s.Probability * (1 - s.Probability)));
        return new CalibrationCheck(scores.Count, expected, labels.Sum(), (labels.Sum() - expected) / Math.Sqrt(Math.Max(variance, 1e-9)), GroupsOff(scores, labels));
    }

    /// <summary>Σ (O − E)²/V over fifths of the leads by their score: χ² with as many degrees of freedom.</summary>
    private static double GroupsOff(IReadOnlyList<ScoreResult> scores, IReadOnlyList<double> labels)
    {
        var order = Enumerable.Range(0, scores.Count).OrderBy(i => scores[i].Probability).ThenBy(i => i).ToArray();
        var (sum, groups) = (0.0, Math.Min(Groups, order.Length));
        for (var g = 0; g < groups; g++)
        {
            var rows = order[(g * order.Length / groups)..((g + 1) * order.Length / groups)];
            var off = rows.Sum(i => labels[i] - scores[i].Probability);
            sum += off * off / Math.Max(1e-9, rows.Sum(i => scores[i].Probability * (1 - scores[i].Probability)));
        }

        return 1 - MathNet.Numerics.Distributions.ChiSquared.CDF(Math.Max(1, groups), sum);
    }
}

/// <summary>Something about a model that a person should look at.</summary>
/// <param name="Kind"><c>feature</c>, <c>score</c> or <c>calibration</c>.</param>
/// <param name="Name">The feature; null otherwise.</param>
/// <param name="Value">PSI, or z.</param>
public sealed record ModelAlarm(string Kind, string? Name, double Value);

/// <summary>How a model does on what came after its training.</summary>
/// <param name="Drift">Null with too few leads since.</param>
/// <param name="Calibration">Null with too few outcomes since.</param>
public sealed record ModelHealth(DriftReport? Drift, CalibrationCheck? Calibration)
{
    /// <summary>Share of all that moves the scores, in percent, below which a feature's drift is nobody's concern.</summary>
    private const double Matters = 2;

    public IReadOnlyList<ModelAlarm> Alarms(TrainingReport report) =>
    [
        .. Calibration is { IsOff: true } c ? [new ModelAlarm("calibration", null, c.Z)] : Array.Empty<ModelAlarm>(),
        .. Drift?.Score is { Psi: > DriftReport.Alarm } score ? [new ModelAlarm("score", null, score.Psi)] : Array.Empty<ModelAlarm>(),
        .. Drift?.Alarms.Where(f => report.ShareOf(f.Name) >= Matters).Select(f => new ModelAlarm("feature", f.Name, f.Psi)) ?? [],
    ];
}
