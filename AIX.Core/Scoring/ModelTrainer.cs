using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Training;
using AIX.Core.Shared;

namespace AIX.Core.Scoring;

/// <summary>Trains a scoring model from outcomes: features, leakage guard, comparison, calibration, interval.</summary>
public static class ModelTrainer
{
    public const string Auto = "auto";
    public const string Logistic = "logistic";
    public const string Splines = "splines";
    public const string NaiveBayes = "naive-bayes";
    public const string Svm = "svm";
    public const string Boosting = "boosting";
    public const string Process = "gaussian-process";
    public const string Network = "network";
    public const string Hybrid = "hybrid";

    public static readonly IReadOnlyList<string> Families = [Logistic, Splines, NaiveBayes, Svm, Boosting, Process, Network];

    /// <returns>The model; or a clear refusal: one class only, too few outcomes, labels that are not 0 or 1, nothing to learn from.</returns>
    public static Result<TrainedModel> Train(TrainingData data, TrainingOptions options, CancellationToken ct = default)
    {
        if (Refusal(data, options) is { } refusal)
        {
            return refusal;
        }

        var leaks = LeakageGuard.Find(data, options);
        var schema = SchemaFitter.Fit(data.Table, options.MinLevelCount, leaks.ToDictionary(l => l.Name, l => l.Evidence), options.Priors.Keys.ToHashSet());
        if (schema.Features.Count == 0)
        {
            return new Error(ErrorKind.Invalid, "no-features", $"Nothing to learn from: {string.Join("; ", schema.Dropped.Take(5).Select(d => $"\"{d.Name}\" is {d.Reason}"))}.");
        }

        var weights = data.Weights ?? [.. data.Labels.Select(_ => 1.0)];
        var rows = new LabelledRows(new EncodedRows(schema, data.Table), data.Labels, weights);
        var won = data.Labels.Sum();
        if (options.Model is not (Auto or Hybrid))
        {
            return SingleTrainer.Run(rows, options) is { } single
                ? new TrainedModel(schema, single, leaks, rows.Count, won)
                : new Error(ErrorKind.Invalid, "unknown-model", $"There is no model \"{options.Model}\"; there are {Auto}, {Hybrid}, {string.Join(", ", Families)}.");
        }

        var challengers = options.Model == Hybrid || (rows.Count >= options.ChallengerRows && Math.Min(won, rows.Count - won) >= options.ChallengerMinority);
        var result = AutoTrainer.Run(rows, data.TimeOrdered, challengers, options, ct);
        return new TrainedModel(schema, result, leaks, rows.Count, won);
    }

    private static Error? Refusal(TrainingData data, TrainingOptions options)
    {
        var n = data.Labels.Length;
        if (n != data.Table.Rows || (data.Weights is { } weights && weights.Length != n))
        {
            return new Error(ErrorKind.Invalid, "lengths-differ", $"{data.Table.Rows} leads, {n} outcomes and {data.Weights?.Length ?? n} weights do not belong together.");
        }

        if (Array.FindIndex(data.Labels, l => l is not (0 or 1)) is >= 0 and var wrong)
        {
            return new Error(ErrorKind.Invalid, "label-not-binary", $"Outcome {wrong + 1} is {data.Labels[wrong]}; an outcome is 1 (won) or 0 (lost).");
        }

        if (data.Weights is { } given && Array.FindIndex(given, w => !(w > 0 && double.IsFinite(w))) is >= 0 and var bad)
        {
            return new Error(ErrorKind.Invalid, "weight-not-positive", $"Weight {bad + 1} is {given[bad]}; a weight is a positive number.");
        }

        var won = (int)data.Labels.Sum();
        if (n >= options.MinRows && (won == 0 || won == n))
        {
            return new Error(ErrorKind.Invalid, "one-class", $"All {n} outcomes are {(won == 0 ? "lost" : "won")}; a model needs both kinds to tell them apart.");
        }

        return n < options.MinRows || Math.Min(won, n - won) < options.MinMinority
            ? new Error(ErrorKind.Invalid, "too-few-outcomes", $"{n} outcomes ({won} won, {n - won} lost) are too few; a model needs {options.MinRows} with at least {options.MinMinority} of each kind. Until then the profile scores.")
            : null;
    }
}
