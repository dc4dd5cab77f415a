using AIX.Core.Scoring;
using AIX.Core.Tenancy;

namespace AIX.Core.Learning;

/// <summary>Compares the leads and outcomes since a model was trained with those that it learned from.</summary>
public sealed class CheckModel(IServingModels models, ITrainingSets sets, TimeProvider time)
{
    private const int MaxRows = 5_000;

    /// <summary>Fewer leads say nothing.</summary>
    private const int MinLeads = 100;

    private const int MinOutcomes = 50;

    /// <returns>Null when there is no such model.</returns>
    public async Task<ModelHealth?> ExecuteAsync(TenantId tenant, ModelSummary version, CancellationToken ct)
    {
        if (await models.FindAsync(tenant, version.Version, ct) is not { } served)
        {
            return null;
        }

        var recent = await sets.RecentAsync(tenant, version.CreatedAt, MaxRows, ct);
        var later = (await sets.LoadAsync(tenant, time.GetUtcNow(), MaxRows, ct)).Where(r => r.OccurredAt > version.AsOf && r.SeenBefore && !r.IsJudgement).ToList();
        return new ModelHealth(
            recent.Count < MinLeads ? null : Drift(served.Model, version.Report, recent),
            later.Count < MinOutcomes ? null : CalibrationCheck.Of(served.Model.Score(TrainingSet.ToData(later).Table), [.. later.Select(r => r.Label)]));
    }

    private static DriftReport Drift(TrainedModel model, TrainingReport report, IReadOnlyList<(IReadOnlyList<Feature> Features, DateTimeOffset At)> recent)
    {
        var table = FeatureTable.Of([.. recent.Select(r => r.Features)], [.. recent.Select(r => (r.At - DateTimeOffset.UnixEpoch).TotalDays)]);
        return new DriftReport(recent.Count, [.. model.DriftOf(table).OrderByDescending(d => d.Psi)], report.ScoreCuts is { Count: > 0 } cuts ? ScoreDrift(cuts, model.Score(table)) : null);
    }

    /// <summary>PSI over the groups of the leads that the model learned from.</summary>
    private static FeatureDrift ScoreDrift(IReadOnlyList<ScoreCut> cuts, ScoreResult[] scores)
    {
        var counts = new int[cuts.Count];
        foreach (var score in scores)
        {
            counts[Math.Min(counts.Length - 1, cuts.Count(c => score.Probability > c.UpTo))]++;
        }

        return FeatureDrift.Of("score", [.. cuts.Select(c => c.Share)], counts);
    }
}
