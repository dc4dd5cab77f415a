using AIX.Core.Scoring;

namespace AIX.Core.Learning;

/// <summary>Drift of the leads since a model was trained.</summary>
/// <param name="Leads">Recent leads counted.</param>
/// <param name="Features">Most moved first.</param>
/// <param name="Score">How far the scores as a whole have moved from those of the held-out leads; null when the report has none.</param>
public sealed record DriftReport(int Leads, IReadOnlyList<FeatureDrift> Features, FeatureDrift? Score)
{
    /// <summary>PSI from which on a feature has moved enough to look at.</summary>
    public const double Alarm = 0.25;

    public IEnumerable<FeatureDrift> Alarms => Features.Where(f => f.Psi > Alarm);
}

/// <summary>What the model said about leads whose outcome came after its training, against what happened.</summary>
/// <param name="Expected">Σp.</param>
/// <param name="Z">(Σy − Σp)/√Σp(1 − p): beyond ±3 is no chance.</param>
public sealed record CalibrationCheck(int Outcomes, double Expected, double Won, double Z)
{
    public const double Alarm = 3;

    public static CalibrationCheck Of(IReadOnlyList<ScoreResult> scores, IReadOnlyList<double> labels)
    {
        var (expected, variance) = (scores.Sum(s => s.Probability), scores.Sum(s => s.Probability * (1 - s.Probability)));
        return new CalibrationCheck(scores.Count, expected, labels.Sum(), (labels.Sum() - expected) / Math.Sqrt(Math.Max(variance, 1e-9)));
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
        .. Calibration is { } c && Math.Abs(c.Z) > CalibrationCheck.Alarm ? [new ModelAlarm("calibration", null, c.Z)] : Array.Empty<ModelAlarm>(),
        .. Drift?.Score is { Psi: > DriftReport.Alarm } score ? [new ModelAlarm("score", null, score.Psi)] : Array.Empty<ModelAlarm>(),
        .. Drift?.Alarms.Where(f => report.ShareOf(f.Name) >= Matters).Select(f => new ModelAlarm("feature", f.Name, f.Psi)) ?? [],
    ];
}
