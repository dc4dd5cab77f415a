using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Learning;

/// <summary>Two models on what came after both were trained: the champion and its shadow, on the same leads.</summary>
/// <param name="Outcomes">Leads won or lost since.</param>
/// <param name="OnOutcomes">Null with too few.</param>
/// <param name="Leads">Leads that came since, at most 5,000.</param>
/// <param name="OtherBand">How many of them the second would put into another band.</param>
public sealed record VersionComparison(int Outcomes, Comparison? OnOutcomes, int Leads, int OtherBand);

/// <summary>Runs a model in the shadow of another: a snapshot keeps all that was known when a lead was scored, so that what the shadow would have said then can be had at any time since.</summary>
public sealed class CompareModels(IServingModels models, IModelRegistry registry, ITrainingSets sets, ITenantStore tenants, TimeProvider time)
{
    private const int MaxRows = 5_000;
    private const int MinOutcomes = 20;

    public async Task<Result<VersionComparison>> ExecuteAsync(TenantId tenant, int first, int second, CancellationToken ct)
    {
        var versions = (await registry.ListAsync(tenant, ct)).Where(m => m.Version == first || m.Version == second).ToList();
        if (first == second || versions.Count != 2 || await models.FindAsync(tenant, first, ct) is not { } one || await models.FindAsync(tenant, second, ct) is not { } other)
        {
            return new Error(ErrorKind.NotFound, "unknown-model", $"There are no two models {first} and {second} to compare.");
        }

        var later = (await sets.LoadAsync(tenant, time.GetUtcNow(), MaxRows, ct)).Where(r => r.OccurredAt > versions.Max(v => v.AsOf) && r.SeenBefore && !r.IsJudgement).ToList();
        Comparison? onOutcomes = null;
        if (later.Count >= MinOutcomes)
        {
            var data = TrainingSet.ToData(later);
            onOutcomes = Comparison.Of(one.Model.Score(data.Table), other.Model.Score(data.Table), data.Labels);
        }

        var recent = await sets.RecentAsync(tenant, versions.Max(v => v.CreatedAt), MaxRows, ct);
        return new VersionComparison(later.Count, onOutcomes, recent.Count, recent.Count == 0 ? 0 : OtherBand(one.Model, other.Model, recent, (await tenants.GetAsync(tenant, ct)).Settings));
    }

    private static int OtherBand(TrainedModel one, TrainedModel other, IReadOnlyList<(IReadOnlyList<Feature> Features, DateTimeOffset At)> recent, TenantSettings settings)
    {
        var table = FeatureTable.Of([.. recent.Select(r => r.Features)], [.. recent.Select(r => (r.At - DateTimeOffset.UnixEpoch).TotalDays)]);
        int Band(ScoreResult s) => (s.Probability > settings.WarmThreshold ? 1 : 0) + (s.Probability > settings.HotThreshold ? 1 : 0);
        return one.Score(table).Zip(other.Score(table)).Count(p => Band(p.First) != Band(p.Second));
    }
}
