using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Models;

namespace AIX.Core.Scoring.Training;

/// <summary>What the comparison found.</summary>
internal sealed record AutoResult(IModel Model, string Chosen, Calibrator Calibrator, IntervalModel Interval, IReadOnlyList<CandidateReport> Candidates, double HalfLife, IReadOnlyList<(string Name, double Weight)> Members);

/// <summary>
/// Compares all families by nested validation (forward in time where rows have one), blends, calibrates, and keeps the simplest model whose out-of-fold
/// log-loss is within one standard error of the best; then refits it to every row.
/// </summary>
internal static class AutoTrainer
{
    /// <summary>Families with less weight in the blend are not worth their time.</summary>
    private const double LeastWeight = 0.05;

    /// <summary>Trees with less weight are there by chance: where lines are the truth they get 0.1 to 0.2.</summary>
    private const double LeastTrees = 0.2;

    public static AutoResult Run(LabelledRows data, bool timeOrdered, bool challengers, TrainingOptions options, CancellationToken ct)
    {
        var halfLife = timeOrdered ? Recency.HalfLife(data, options.Seed) : double.PositiveInfinity;
        var weighted = Recency.Weighted(data, halfLife);
        var tuned = Tune(weighted, challengers, options);
        ct.ThrowIfCancellationRequested();
        var posteriors = tuned.Select(t => t.Tuned.Posterior(weighted, true)).ToArray();
        var reference = ReferencePosterior.Average([.. tuned.Select((t, k) => (posteriors[k], t.Tuned.Mixture.LogEvidence))]);
        if (!challengers)
        {
            return new AutoResult(posteriors[0], ModelTrainer.Logistic, new IdentityCalibrator(), IntervalModel.Of(reference, [], null, data.Rows, 0), [], halfLife, [(ModelTrainer.Logistic, 1)]);
        }

        var folds = Folds.Of(data.Labels, options.Folds, timeOrdered, options.Seed);
        var rows = JudgedRows.Of(data, folds);
        var candidates = Comparison.Run(data, folds, rows, [.. tuned.Select(t => t.Tuned)], options, halfLife, ct);
        candidates.Add(Hybrid(candidates, rows));
        var chosen = options.Model == ModelTrainer.Hybrid ? candidates[^1] : Choose(candidates, rows);
        // Where the market moves, past blocks do not say how far off the next one will be.
        var calibrator = double.IsFinite(halfLife) ? new IdentityCalibrator() : CalibrationChoice.Choose(chosen.Logits, rows, timeOrdered, options.Seed);
        ct.ThrowIfCancellationRequested();
        var shares = BlendOf(candidates, rows);
        var blend = shares.Select(m => (m.Candidate.Name, Model: At(tuned, posteriors, m.Candidate.Name) ?? m.Candidate.Final(weighted), m.Weight)).ToList();
        var members = chosen.Name == ModelTrainer.Hybrid ? blend : [blend.Find(b => b.Name == chosen.Name) is { Model: not null } same ? same with { Weight = 1 } : (chosen.Name, At(tuned, posteriors, chosen.Name) ?? chosen.Final(weighted), 1)];
        var model = members is [var only] ? only.Model : new MeanModel([.. members.Select(f => f.Model)], [.. members.Select(f => f.Weight)]);
        var heldOut = HeldOutSpread.Variance(Array.ConvertAll(chosen.Logits, calibrator.Map), rows);
        var jackknife = shares.Where(m => m.Candidate.FoldModels.Count > 1 && m.Weight >= LeastTrees).Select(m => new Jackknife(m.Candidate.FoldModels, m.Weight)).FirstOrDefault();
        var interval = IntervalModel.Of(reference, [.. blend.Where(b => members.Count > 1 || b.Name != chosen.Name).Select(b => (b.Model, b.Weight))], jackknife, data.Rows, heldOut);
        return new AutoResult(model, chosen.Name, calibrator, interval, Report(candidates, rows, chosen.Name), halfLife, [.. members.Select(f => (f.Name, f.Weight))]);
    }

    private static List<(LogisticFamily Family, TunedLogistic Tuned)> Tune(LabelledRows data, bool challengers, TrainingOptions options)
    {
        var families = new List<LogisticFamily> { new(ModelTrainer.Logistic, LogisticBasis.Linear, options.Priors) };
        if (challengers)
        {
            families.Add(new LogisticFamily(ModelTrainer.Splines, LogisticBasis.Splines, options.Priors));
            families.Add(new LogisticFamily(ModelTrainer.Process, LogisticBasis.Kernel, options.Priors));
        }

        return [.. families.Select(f => (f, f.Tune(data, options.Seed, true)))];
    }

    private static LogisticModel? At(List<(LogisticFamily Family, TunedLogistic Tuned)> tuned, LogisticModel[] posteriors, string name)
    {
        var at = tuned.FindIndex(t => t.Family.Name == name);
        return at < 0 ? null : posteriors[at];
    }

    private static Candidate Hybrid(List<Candidate> candidates, JudgedRows rows) =>
        new(ModelTrainer.Hybrid, 9, Blending.CrossFitted([.. Blended(candidates).Select(c => c.Logits)], rows), _ => throw new InvalidOperationException("A blend is fitted by its members."));

    /// <summary>Naive Bayes and the SVM are peers to be compared with; their logits are too rough to blend.</summary>
    private static IEnumerable<Candidate> Blended(List<Candidate> candidates) => candidates.Where(c => c.Name is not (ModelTrainer.Hybrid or ModelTrainer.NaiveBayes or ModelTrainer.Svm));

    private static List<(Candidate Candidate, double Weight)> BlendOf(List<Candidate> candidates, JudgedRows rows)
    {
        var members = Blended(candidates).ToList();
        var weights = Blending.Weights([.. members.Select(c => c.Logits)], rows, _ => true);
        var kept = members.Select((c, k) => (Candidate: c, Weight: weights[k])).Where(m => m.Weight >= LeastWeight).ToList();
        var total = kept.Sum(k => k.Weight);
        return [.. kept.Select(k => (k.Candidate, k.Weight / total))];
    }

    private static Candidate Choose(List<Candidate> candidates, JudgedRows rows)
    {
        var losses = candidates.ToDictionary(c => c, c => rows.Losses(c.Logits));
        var best = candidates.MinBy(c => losses[c].Average())!;
        return candidates.OrderBy(c => c.Complexity).First(c =>
        {
            var (behind, error) = Paired.Difference(losses[c], losses[best]);
            return behind <= error;
        });
    }

    private static List<CandidateReport> Report(List<Candidate> candidates, JudgedRows rows, string chosen)
    {
        var kept = rows.Losses(candidates.First(c => c.Name == chosen).Logits);
        return [.. candidates.Select(c =>
        {
            var losses = rows.Losses(c.Logits);
            var (behind, error) = Paired.Difference(losses, kept);
            return new CandidateReport(c.Name, losses.Sum() / rows.Weights.Sum(), Metrics.Auc(c.Logits, rows.Labels), behind, error);
        })];
    }
}
