using System.Numerics.Tensors;

namespace AIX.Core.Scoring.Models;

/// <summary>Posterior of the coefficients of a logit: N(Mean, Covariance), and the prior variance per kernel of what its basis leaves out.</summary>
/// <param name="Mean">β̄.</param>
/// <param name="Covariance">Σ̄, row-major; null when only the mode was asked for.</param>
/// <param name="KernelVariances">σ² of each kernel.</param>
/// <param name="Skew">How far the posterior's mean lies from <paramref name="Mean"/>, its mode; null with the covariance.</param>
internal sealed record CoefficientPosterior(double[] Mean, double[]? Covariance, double[] KernelVariances, double[]? Skew)
{
    /// <summary>Rows that the skew is summed over at most.</summary>
    private const int SkewRows = 3000;

    private const double FinalTolerance = 1e-10;

    private const double ModeTolerance = 1e-4;

    /// <summary>The mode at the most probable scales, without a covariance.</summary>
    public static CoefficientPosterior Mode(GroupedProblem problem, ScaleMixture mixture, int kernels, bool parallel)
    {
        var scales = mixture.Points[0].Scales;
        var fit = LogisticNewton.Solve(problem.X, problem.Y, problem.W, problem.Mean, problem.Precision(scales), problem.Mean, ModeTolerance, parallel);
        return new CoefficientPosterior(fit.Beta, null, VariancesOf(scales, kernels), null);
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
            var covariance = fit.Curvature.Inverse();
            parts.Add((new CoefficientPosterior(fit.Beta, covariance, VariancesOf(scales, kernels), SkewOf(problem, fit.Beta, covariance)), weight));
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
        var (mean, covariance, variances, skew) = (new double[d], new double[d * d], new double[kernels], new double[d]);
        foreach (var (part, weight) in parts)
        {
            var head = mean.AsSpan(0, part.Mean.Length);
            TensorPrimitives.MultiplyAdd<double>(part.Mean, weight, head, head);
            var tail = skew.AsSpan(0, part.Mean.Length);
            TensorPrimitives.MultiplyAdd<double>(part.Skew, weight, tail, tail);
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

        return new CoefficientPosterior(mean, covariance, variances, skew);
    }

    /// <summary>The kernels' groups are the last ones.</summary>
    private static double[] VariancesOf(double[] scales, int kernels) => [.. scales.TakeLast(kernels).Select(s => s * s)];

    /// <summary>
    /// E[β] − β̂ to first order in the third derivatives of the log-posterior (Tierney, Kass and Kadane 1989): −½ H⁻¹ Σᵢ wᵢ pᵢ(1 − pᵢ)(1 − 2pᵢ) vᵢ xᵢ with
    /// vᵢ = xᵢᵀH⁻¹xᵢ. Where few leads convert the posterior leans towards smaller probabilities, and an interval laid around the mode misses there.
    /// </summary>
    private static double[] SkewOf(GroupedProblem problem, double[] beta, double[] covariance)
    {
        var sample = problem.Sample(SkewRows, 1);
        var d = beta.Length;
        var z = new double[sample.X.Rows];
        Numerics.Gram.Times(sample.X, beta, z);
        var variance = Numerics.Gram.Quadratic(sample.X, covariance);
        for (var i = 0; i < z.Length; i++)
        {
            var p = Numerics.Logistic.Sigmoid(z[i]);
            z[i] = -0.5 * sample.W[i] * p * (1 - p) * (1 - 2 * p) * variance[i] * problem.X.Rows / sample.X.Rows;
        }

        var gradient = new double[d];
        Numerics.Gram.TransposeTimes(sample.X, z, gradient);
        var skew = new double[d];
        for (var j = 0; j < d; j++)
        {
            skew[j] = TensorPrimitives.Dot<double>(covariance.AsSpan(j * d, d), gradient);
        }

        return skew;
    }
}
