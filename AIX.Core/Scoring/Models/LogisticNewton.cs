using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Models;

/// <summary>A mode of the penalised likelihood with its curvature.</summary>
/// <param name="Beta">β̂.</param>
/// <param name="Curvature">H = XᵀWX + Λ at β̂, factored.</param>
/// <param name="LogPosterior">ℓ(β̂) − ½ Σ λⱼ (β̂ⱼ − μⱼ)².</param>
internal sealed record NewtonFit(double[] Beta, Cholesky Curvature, double LogPosterior);

/// <summary>
/// Logistic regression with a Gaussian prior N(μ, Λ⁻¹) by Newton's method (IRLS), equations (65)–(66): β ← β + H⁻¹ g with the exact Hessian
/// H = XᵀWX + Λ, W = diag(w p(1 − p)), and g = Xᵀw(y − p) − Λ(β − μ), which is (32) with the prior of (28). Steps that do not gain are halved.
/// </summary>
internal static class LogisticNewton
{
    private const int MaxIterations = 40;

    /// <param name="tolerance">Stops when gᵀH⁻¹g, twice the gain still to be had, falls below it.</param>
    public static NewtonFit Solve(DesignMatrix x, double[] y, double[] w, double[] mean, double[] precision, double[] start, double tolerance, bool parallel)
    {
        var (n, d) = (x.Rows, x.Columns);
        var beta = (double[])start.Clone();
        var (z, next, r, curvature) = (new double[n], new double[n], new double[n], new double[n]);
        var (g, h) = (new double[d], new double[d * d]);
        Gram.Times(x, beta, z);
        var objective = Objective(z, y, w, beta, mean, precision);
        for (var iteration = 0; ; iteration++)
        {
            for (var i = 0; i < n; i++)
            {
                var p = Logistic.Sigmoid(z[i]);
                r[i] = w[i] * (y[i] - p);
                curvature[i] = w[i] * p * (1 - p);
            }

            Gram.TransposeTimes(x, r, g);
            Gram.Weighted(x, curvature, h, parallel);
            for (var j = 0; j < d; j++)
            {
                g[j] -= precision[j] * (beta[j] - mean[j]);
                h[j * d + j] += precision[j];
            }

            var factor = Cholesky.Of(h, d);
            var step = factor.Solve(g);
            var gain = Dot(step, g);
            if (gain < tolerance || iteration == MaxIterations)
            {
                return new NewtonFit(beta, factor, objective);
            }

            var improved = false;
            for (var scale = 1.0; scale > 1e-6 && !improved; scale /= 2)
            {
                var tried = new double[d];
                for (var j = 0; j < d; j++)
                {
                    tried[j] = beta[j] + scale * step[j];
                }

                Gram.Times(x, tried, next);
                var reached = Objective(next, y, w, tried, mean, precision);
                if (reached > objective)
                {
                    (beta, objective, improved) = (tried, reached, true);
                    (z, next) = (next, z);
                }
            }

            if (!improved)
            {
                return new NewtonFit(beta, factor, objective);
            }
        }
    }

    private static double Objective(double[] z, double[] y, double[] w, double[] beta, double[] mean, double[] precision)
    {
        var sum = 0.0;
        for (var i = 0; i < z.Length; i++)
        {
            sum -= w[i] * Logistic.Loss(z[i], y[i]);
        }

        for (var j = 0; j < beta.Length; j++)
        {
            sum -= 0.5 * precision[j] * (beta[j] - mean[j]) * (beta[j] - mean[j]);
        }

        return sum;
    }

    private static double Dot(double[] a, double[] b) => System.Numerics.Tensors.TensorPrimitives.Dot<double>(a, b);
}
