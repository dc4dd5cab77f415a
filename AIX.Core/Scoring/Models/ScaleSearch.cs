using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Models;

/// <summary>Columns that share a prior scale.</summary>
/// <param name="Scale">Median of the scale's own log-normal prior.</param>
/// <param name="LogSd">Its standard deviation of ln σ; 0 keeps the scale as it is.</param>
internal readonly record struct ScaleGroup(double Scale, double LogSd);

/// <summary>Prior scales with their share of the evidence.</summary>
/// <param name="Points">σ per group, and weight; the weights sum to 1, the largest first.</param>
/// <param name="LogEvidence">ln of the marginal likelihood of the rows that the search read, for comparing bases on the same rows.</param>
internal sealed record ScaleMixture(IReadOnlyList<(double[] Scales, double Weight)> Points, double LogEvidence);

/// <summary>A logistic regression whose columns fall into groups, each with a Gaussian prior of its own scale.</summary>
/// <param name="GroupOf">Group of each column; −1 for those with a precision of their own.</param>
/// <param name="Mean">Prior mean of each column.</param>
/// <param name="FixedPrecision">Prior precision of the columns without a group.</param>
internal sealed record GroupedProblem(DesignMatrix X, double[] Y, double[] W, int[] GroupOf, ScaleGroup[] Groups, double[] Mean, double[] FixedPrecision)
{
    public double[] Precision(double[] scales) => [.. GroupOf.Select((g, j) => g < 0 ? FixedPrecision[j] : 1 / (scales[g] * scales[g]))];

    /// <summary>At most <paramref name="limit"/> rows, drawn at random.</summary>
    public GroupedProblem Sample(int limit, ulong seed)
    {
        if (X.Rows <= limit)
        {
            return this;
        }

        var rows = Enumerable.Range(0, X.Rows).ToArray();
        new Rng(seed).Shuffle(rows);
        rows = rows[..limit];
        return this with { X = X.Select(rows), Y = Array.ConvertAll(rows, r => Y[r]), W = Array.ConvertAll(rows, r => W[r]) };
    }
}

/// <summary>
/// Laplace posterior (24) of logistic regression where the prior's scales are not known either. ln p(y | σ) ≈ ℓ(β̂) − ½ Σ λⱼβ̂ⱼ² + ½ Σ ln λⱼ − ½ ln |H|
/// (MacKay 1992) is climbed over a grid of ln σ, one group at a time; the points met on the way count with their evidence times the
/// hyperprior. One most probable scale alone is overconfident for a tenant with few outcomes, whose evidence is flat.
/// </summary>
internal static class ScaleSearch
{
    /// <summary>Step of the grid: factors of e^0.6 = 1.8.</summary>
    private const double Step = 0.6;

    private const int MaxSteps = 6;

    private const double Tolerance = 1e-3;

    /// <summary>Points kept, and the least weight relative to the best.</summary>
    private const int MaxPoints = 6;
    private const double LeastWeight = 0.04;

    public static ScaleMixture Run(GroupedProblem problem, bool parallel)
    {
        var groups = problem.Groups;
        var evaluated = new Dictionary<string, (int[] At, double Value, double[] Beta)>();
        (int[] At, double Value, double[] Beta) Evaluate(int[] at, double[] start)
        {
            var key = string.Join(',', at);
            if (!evaluated.TryGetValue(key, out var known))
            {
                var precision = problem.Precision(ScalesAt(groups, at));
                var fit = LogisticNewton.Solve(problem.X, problem.Y, problem.W, problem.Mean, precision, start, Tolerance, parallel);
                var value = fit.LogPosterior + 0.5 * precision.Sum(Math.Log) - 0.5 * fit.Curvature.LogDeterminant;
                for (var g = 0; g < groups.Length; g++)
                {
                    value -= groups[g].LogSd > 0 ? 0.5 * Math.Pow(Step * at[g] / groups[g].LogSd, 2) : 0;
                }

                evaluated[key] = known = (at, value, fit.Beta);
            }

            return known;
        }

        var best = Evaluate(new int[groups.Length], problem.Mean);
        for (var moved = true; moved;)
        {
            moved = false;
            for (var g = 0; g < groups.Length; g++)
            {
                foreach (var direction in groups[g].LogSd > 0 ? new[] { -1, 1 } : [])
                {
                    while (Math.Abs(best.At[g] + direction) <= MaxSteps)
                    {
                        var at = (int[])best.At.Clone();
                        at[g] += direction;
                        var tried = Evaluate(at, best.Beta);
                        if (tried.Value <= best.Value)
                        {
                            break;
                        }

                        (best, moved) = (tried, true);
                    }
                }
            }
        }

        var kept = evaluated.Values.Select(e => (e.At, Weight: Math.Exp(e.Value - best.Value))).Where(e => e.Weight > LeastWeight).OrderByDescending(e => e.Weight).Take(MaxPoints).ToList();
        var total = kept.Sum(k => k.Weight);

        // ∫ p(y | σ) p(ln σ) d ln σ by the grid: each cell has width Step under a normal density.
        var evidence = best.Value + Math.Log(evaluated.Values.Sum(e => Math.Exp(e.Value - best.Value))) + groups.Where(g => g.LogSd > 0).Sum(g => Math.Log(Step / (g.LogSd * Math.Sqrt(2 * Math.PI))));
        return new ScaleMixture([.. kept.Select(k => (ScalesAt(groups, k.At), k.Weight / total))], evidence);
    }

    private static double[] ScalesAt(ScaleGroup[] groups, int[] at) => [.. groups.Select((g, i) => g.Scale * Math.Exp(Step * at[i]))];
}
