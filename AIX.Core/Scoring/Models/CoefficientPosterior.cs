using System.Numerics.Tensors;

namespace AIX.Core.Scoring.Models;

/// <summary>Posterior of the coefficients of a logit: N(Mean, Covariance), and the prior variance per kernel of what its basis leaves out.</summary>
/// <param name="Mean">β̄.</param>
/// <param name="Covariance">Σ̄, row-major; null when only the mode was asked for.</param>
/// <param name="KernelVariances">σ² of each kernel.</param>
internal sealed record CoefficientPosterior(double[] Mean, double[]? Covariance, double[] KernelVariances)
{
    private const double FinalTolerance = 1e-10;

    private const double ModeTolerance = 1e-4;

    /// <summary>The mode at the most probable scales, without a covariance.</summary>
    public static CoefficientPosterior Mode(GroupedProblem problem, ScaleMixture mixture, int kernels, bool parallel)
    {
        var scales = mixture.Points[0].Scales;
        var fit = LogisticNewton.Solve(problem.X, problem.Y, problem.W, problem.Mean, problem.Precision(scales), problem.Mean, ModeTolerance, parallel);
        return new CoefficientPosterior(fit.Beta, null, VariancesOf(scales, kernels));
    }

    /// <summary>The average over all points of the mixture.</summary>
    public static CoefficientPosterior Average(GroupedProblem problem, ScaleMixture mixture, int kernels, bool parallel)
    {
        var start = problem.Mean;
        var parts = new List<(CoefficientPosterior, double)>();
        foreach (var (scales, weight) in mixture.Points)
        {
            var fit = LogisticNewton.Solve(problem.X, problem.Y, problem.W, problem.Mean, problem.Precision(scales), start, FinalTolerance, parallel);
            start = fit.Beta;
            parts.Add((new CoefficientPosterior(fit.Beta, fit.Curvature.Inverse(), VariancesOf(scales, kernels)), weight));
        }

        return Average(parts);
    }

    /// <summary>
    /// An average of linear models is linear: β̄ = Σ πₛβₛ, Σ̄ = Σ πₛ(Σₛ + (βₛ − β̄)(βₛ − β̄)ᵀ). A smaller model is the larger with zeros in the columns that it lacks.
    /// </summary>
    /// <param name="parts">Posteriors on the same leading columns, with weights that sum to 1.</param>
    public static CoefficientPosterior Average(IReadOnlyList<(CoefficientPosterior Posterior, double Weight)> parts)
    {
        var d = parts.Max(p => p.Posterior.Mean.Length);
        var kernels = parts.Max(p => p.Posterior.KernelVariances.Length);
        var (mean, covariance, variances) = (new double[d], new double[d * d], new double[kernels]);
        foreach (var (part, weight) in parts)
        {
            var head = mean.AsSpan(0, part.Mean.Length);
            TensorPrimitives.MultiplyAdd<double>(part.Mean, weight, head, head);
            for (var k = 0; k < part.KernelVariances.Length; k++)
            {
                variances[k] += weight * part.KernelVariances[k];
            }
        }

        var off = new double[d];
        foreach (var (part, weight) in parts)
        {
            var size = part.Mean.Length;
            for (var j = 0; j < d; j++)
            {
                off[j] = (j < size ? part.Mean[j] : 0) - mean[j];
            }

            for (var j = 0; j < d; j++)
            {
                var row = covariance.AsSpan(j * d, d);
                TensorPrimitives.MultiplyAdd<double>(off, weight * off[j], row, row);
                if (j < size)
                {
                    TensorPrimitives.MultiplyAdd<double>(part.Covariance.AsSpan(j * size, size), weight, row[..size], row[..size]);
                }
            }
        }

        return new CoefficientPosterior(mean, covariance, variances);
    }

    /// <summary>The kernels' groups are the last ones.</summary>
    private static double[] VariancesOf(double[] scales, int kernels) => [.. scales.TakeLast(kernels).Select(s => s * s)];
}
