using AIX.Core.Scoring;

namespace AIX.Core.Learning;

/// <summary>What tenants that opted in have learned about one sub-score, together: no lead, text or outcome, and no tenant's own number.</summary>
/// <param name="Feature">Name of the sub-score.</param>
/// <param name="Weight">Mean weight across tenants.</param>
/// <param name="Sd">How far a further tenant's weight may lie from it.</param>
/// <param name="Tenants">How many went in; never fewer than <see cref="PooledPrior.MinTenants"/>.</param>
public sealed record PooledWeight(string Feature, double Weight, double Sd, int Tenants);

public interface IPooledPriors
{
    Task<IReadOnlyList<PooledWeight>> LoadAsync(CancellationToken ct);

    /// <summary>Pools anew, from the champions of the tenants that opted in.</summary>
    Task<int> RefreshAsync(CancellationToken ct);
}

/// <summary>Random-effects pooling of weights (DerSimonian and Laird 1986), and its use as a prior.</summary>
public static class PooledPrior
{
    /// <summary>With fewer, a tenant could work out another's weight.</summary>
    public const int MinTenants = 3;

    /// <summary>N(μ, se² + τ²) for a tenant that is not among them; null with too few.</summary>
    public static PooledWeight? Of(string feature, IReadOnlyList<SubScoreWeight> weights)
    {
        if (weights.Count < MinTenants)
        {
            return null;
        }

        var precision = weights.Select(w => 1 / (w.Sd * w.Sd)).ToArray();
        var total = precision.Sum();
        var mean = weights.Zip(precision, (w, p) => w.Weight * p).Sum() / total;
        var q = weights.Zip(precision, (w, p) => p * (w.Weight - mean) * (w.Weight - mean)).Sum();
        var between = Math.Max(0, (q - (weights.Count - 1)) / (total - precision.Sum(p => p * p) / total));
        var random = weights.Select(w => 1 / (w.Sd * w.Sd + between)).ToArray();
        return new PooledWeight(feature, weights.Zip(random, (w, p) => w.Weight * p).Sum() / random.Sum(), Math.Sqrt(1 / random.Sum() + between), weights.Count);
    }

    /// <summary>The profile's prior times the pooled one: the product of two Gaussians.</summary>
    public static CoefficientPrior Combine(CoefficientPrior own, PooledWeight pooled)
    {
        var (a, b) = (1 / (own.Sd * own.Sd), 1 / (pooled.Sd * pooled.Sd));
        return new CoefficientPrior((a * own.Weight + b * pooled.Weight) / (a + b), 1 / Math.Sqrt(a + b));
    }
}
