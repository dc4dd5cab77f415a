using AIX.Core.Scoring.Models;

namespace AIX.Core.Scoring.Training;

/// <summary>
/// Bayesian average over nested bases: straight lines, splines, Gaussian processes, weighted by their marginal likelihoods (Hoeting et al. 1999): where lines suffice
/// the interval is as narrow as lines allow, where they do not it widens.
/// </summary>
internal static class ReferencePosterior
{
    private const double LeastWeight = 0.02;

    public static LogisticModel Average(IReadOnlyList<(LogisticModel Model, double LogEvidence)> parts)
    {
        var best = parts.Max(p => p.LogEvidence);
        var weighted = parts.Select(p => (p.Model, Weight: Math.Exp(p.LogEvidence - best))).ToList();
        var total = weighted.Sum(w => w.Weight);
        var kept = weighted.Where(w => w.Weight / total >= LeastWeight).ToList();
        total = kept.Sum(w => w.Weight);
        var largest = kept.MaxBy(k => k.Model.Posterior.Mean.Length).Model;
        return new LogisticModel(CoefficientPosterior.Average([.. kept.Select(k => (k.Model.Posterior, k.Weight / total))]), largest.Linear, largest.Columns, largest.Kernels);
    }
}
