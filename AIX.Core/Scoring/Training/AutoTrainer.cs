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

    public static AutoResult Run(LabelledRows data, bool timeOrdered, bool challengers, TrainingOptions options, CancellationToken ct)
    {
        var wanted = options.Model == ModelTrainer.Auto ? (Func<string, bool>)(_ => true) : name => name == options.Model;
        var halfLife = timeOrdered ? Recency.HalfLife(data, options.Seed) : double.PositiveInfinity;
        var weighted = Recency.Weighted(data, halfLife);
        var tuned = Tune(weighted, challengers, options);
        ct.ThrowIfCancellationRequested();
        var posteriors = tuned.Select(t => t.Tuned.Posterior(weighted, true)).ToArray();
        var reference = ReferencePosterior.Average([.. tuned.Select((t, k) => (posteriors[k], t.Tuned.Mixture.LogEvidence))]);
        if (!challengers)
        {
            return new AutoResult(posteriors[0], ModelTrainer.Logistic, new IdentityCalibrator(), IntervalModel.Of(reference, data.Rows, 1), [], halfLife, [(ModelTrainer.Logistic, 1)]);
        }

        var folds = Folds.Of(data.Labels, options.Folds, timeOrdered, options.Seed);
        var rows = JudgedRows.Of(data, folds);
        var candidates = Comparison.Run(data, folds, rows, [.. tuned.Select(t => t.Tuned)], options, halfLife, wanted, ct);
        if (candidates.Count > 1)
        {
            candidates.Add(Hybrid(candidates, rows));
        }

        var chosen = Choose(candidates, rows);
        var calibrator = CalibrationChoice.Choose(chosen.Logits, rows, timeOrdered, options.Seed);
        ct.ThrowIfCancellationRequested();
        var members = chosen.Name == ModelTrainer.Hybrid ? BlendOf(candidates, rows) : [(chosen, 1.0)];
        var fitted = members.Select(m => (m.Candidate, Model: At(tuned, posteriors, m.Candidate.Name) ?? m.Candidate.Final(weighted), m.Weight)).ToList();
        var model = fitted is [var only] ? only.Model : new MeanModel([.. fitted.Select(f => f.Model)], [.. fitted.Select(f => f.Weight)]);
        var reports = Report(candidates, rows, chosen.Name);
        return new AutoResult(model, chosen.Name, calibrator, IntervalModel.Of(reference, data.Rows, 1), reports, halfLife, [.. fitted.Select(f => (f.Candidate.Name, f.Weight))]);
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
        new(ModelTrainer.Hybrid, 9, Blending.CrossFitted([.. candidates.Select(c => c.Logits)], rows), _ => throw new InvalidOperationException("A blend is fitted by its members."));

    private static List<(Candidate Candidate, double Weight)> BlendOf(List<Candidate> candidates, JudgedRows rows)
    {
        var members = candidates.Where(c => c.Name != ModelTrainer.Hybrid).ToList();
        var weights = Blending.Weights([.. members.Select(c => c.Logits)], rows, _ => true);
        var kept = members.Select((c, k) => (c, weights[k])).Where(m => m.Item2 >= LeastWeight).ToList();
        var total = kept.Sum(k => k.Item2);
        return [.. kept.Select(k => (k.c, k.Item2 / total))];
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
