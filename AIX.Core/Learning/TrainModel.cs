using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Profiles;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Learning;

/// <summary>Trains a model on a tenant's outcomes and puts it into the registry as challenger, with its report.</summary>
public sealed class TrainModel(ITrainingSets sets, IModelRegistry registry, IServingModels models, IProfileStore profiles, IPooledPriors pool, ITenantStore tenants, IUnitOfWorkFactory works, IAuditLog audit, LearningOptions options, TimeProvider time)
{
    /// <summary>Newest outcomes kept for judging.</summary>
    private const double HoldOutShare = 0.2;

    private const int ImportanceLeads = 300;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public async Task<Result<int>> ExecuteAsync(TenantId tenant, Actor actor, string trigger, IReadOnlySet<string> accepted, CancellationToken ct)
    {
        try
        {
            return await RunAsync(tenant, actor, trigger, accepted, ct);
        }
        catch (Exception ex) when (ex is not OperationCanceledException)
        {
            // Whoever watches must not wait for ever; the job's log has the rest.
            await TellAsync(tenant, "failed", null, "The training broke off with an error of the program. The champion goes on scoring; the log says more.", ct);
            throw;
        }
    }

    private async Task<Result<int>> RunAsync(TenantId tenant, Actor actor, string trigger, IReadOnlySet<string> accepted, CancellationToken ct)
    {
        var asOf = time.GetUtcNow();
        await TellAsync(tenant, "loading", null, null, ct);
        var rows = await sets.LoadAsync(tenant, asOf, options.MaxOutcomes, ct);
        var icp = await profiles.CurrentAsync(tenant, ct);
        var settings = (await tenants.GetAsync(tenant, ct)).Settings;
        var training = new TrainingOptions
        {
            LeakageAuc = options.LeakageAuc,
            LeakageInformation = options.LeakageInformation,
            Accepted = accepted,
            KnownTooLate = TrainingSet.KnownTooLate(rows).Where(l => !accepted.Contains(l.Key)).ToDictionary(),
            Priors = await PriorsAsync(icp, settings, ct),
        };
        await TellAsync(tenant, "comparing", null, null, ct);
        var champion = await models.ChampionAsync(tenant, ct);
        var (holdOut, against, segments) = await Task.Run(() => Judge(rows, training, champion, [settings.WarmThreshold, settings.HotThreshold], ct), ct);
        await TellAsync(tenant, "refitting", null, null, ct);
        var trained = await Task.Run(() => ModelTrainer.Train(TrainingSet.ToData(rows), training, ct), ct);
        if (!trained.IsOk)
        {
            await TellAsync(tenant, "failed", null, trained.Error.Message, ct);
            return trained.Error;
        }

        var report = Report(trained.Value, rows, holdOut, against) with { Segments = segments, ScoreCuts = Deciles(trained.Value.Score(TrainingSet.ToData(rows).Table)), SubScoreWeights = trained.Value.WeightsOf(icp.Weights.Keys) };
        await using var work = await works.BeginAsync(tenant, ct);
        var version = await registry.AddAsync(
            work,
            number => new ModelVersion
            {
                TenantId = tenant,
                Version = number,
                Parent = champion?.Version,
                Family = trained.Value.Family,
                CreatedAt = time.GetUtcNow(),
                Trigger = trigger,
                AsOf = asOf,
                Outcomes = rows.Count,
                Won = (int)rows.Sum(r => r.Label),
                DataHash = TrainingSet.Hash(rows),
                Options = JsonSerializer.Serialize(training, Json),
                Report = JsonSerializer.Serialize(report, Json),
                File = trained.Value.Save(),
            },
            ModelAlias.Challenger,
            ct);
        work.Raise(new TrainingProgressed(tenant, "done", version, null));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "model.trained", new { version, trigger, trained.Value.Family, outcomes = rows.Count }, ct);
        return version;
    }

    /// <summary>The profile's weights; with what others have learned, for a tenant that shares its own.</summary>
    private async Task<Dictionary<string, CoefficientPrior>> PriorsAsync(IdealCustomerProfile icp, TenantSettings settings, CancellationToken ct)
    {
        var priors = icp.Weights.ToDictionary(w => w.Key, w => new CoefficientPrior(w.Value, 0.1 + 0.25 * Math.Abs(w.Value)));
        if (settings.SharesPrior)
        {
            foreach (var pooled in (await pool.LoadAsync(ct)).Where(p => priors.ContainsKey(p.Feature)))
            {
                priors[pooled.Feature] = PooledPrior.Combine(priors[pooled.Feature], pooled);
            }
        }

        return priors;
    }

    /// <summary>Fits to the older outcomes and judges by the newest; the champion is judged by the same leads.</summary>
    private static (Evaluation?, Comparison?, IReadOnlyList<Segment>) Judge(IReadOnlyList<TrainingRow> rows, TrainingOptions training, ServedModel? champion, double[] thresholds, CancellationToken ct)
    {
        var cut = (int)(rows.Count * (1 - HoldOutShare));
        // Judged by what happened, not by what reviewers think.
        var (older, newer) = (rows.Take(cut).ToList(), rows.Skip(cut).Where(r => !r.IsJudgement).ToList());
        if (newer.Count < 20 || newer.Sum(r => r.Label) is var won && (won == 0 || won == newer.Count) || !(ModelTrainer.Train(TrainingSet.ToData(older), training, ct) is { IsOk: true } fitted))
        {
            return (null, null, []);
        }

        var data = TrainingSet.ToData(newer);
        var scores = fitted.Value.Score(data.Table);
        return (
            Evaluation.Of(scores, data.Labels, thresholds, new Utility()),
            champion is null ? null : Comparison.Of(champion.Model.Score(data.Table), scores, data.Labels),
            Fairness.Of(data.Table, data.Labels, scores, thresholds[0], fitted.Value.Leaks.Select(l => l.Name).ToHashSet()));
    }

    private static List<ScoreCut> Deciles(ScoreResult[] scores)
    {
        var sorted = scores.Select(s => s.Probability).Order().ToArray();
        var cuts = Enumerable.Range(1, 9).Select(k => sorted[k * sorted.Length / 10]).Distinct().Append(1.0).ToList();
        return [.. cuts.Select((c, k) => new ScoreCut(c, sorted.Count(p => p <= c && (k == 0 || p > cuts[k - 1])) / (double)sorted.Length))];
    }

    private static TrainingReport Report(TrainedModel model, IReadOnlyList<TrainingRow> rows, Evaluation? holdOut, Comparison? against)
    {
        var sums = new double[model.Features.Count];
        var step = Math.Max(1, rows.Count / ImportanceLeads);
        var sample = rows.Where((_, i) => i % step == 0).ToList();
        foreach (var row in sample)
        {
            var parts = model.Explain(FeatureTable.Of([row.Features], [(row.ScoredAt - DateTimeOffset.UnixEpoch).TotalDays]));
            for (var f = 0; f < sums.Length; f++)
            {
                sums[f] += Math.Abs(parts.Features[f]) / sample.Count;
            }
        }

        return new TrainingReport(
            holdOut, against, model.Candidates,
            [.. sums.Select((s, f) => new FeatureImportance(model.Features[f], s)).OrderByDescending(i => i.MeanAbsoluteLogit)],
            [.. model.Leaks.Select(l => new LeftOut(l.Name, l.Evidence))],
            [.. model.Dropped.Select(d => new LeftOut(d.Name, d.Reason))],
            model.Calibration, double.IsFinite(model.HalfLife) ? model.HalfLife : null, model.Members.ToDictionary(m => m.Name, m => m.Weight));
    }

    private async Task TellAsync(TenantId tenant, string stage, int? version, string? message, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        work.Raise(new TrainingProgressed(tenant, stage, version, message));
        await work.CommitAsync(ct);
    }
}
