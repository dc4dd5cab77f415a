using System.Globalization;

namespace AIX.Core.Scoring;

/// <summary>How far a lead as a whole lies from the profile: two features for models, made of the sub-scores (match degrees in [0, 1], where 1 is the profile's own).</summary>
public static class ProfileDistance
{
    public const string Distance = "icp.distance";
    public const string Divergence = "icp.divergence";

    /// <summary>Standard deviation of a good customer's sub-score around the profile's mean of 1.</summary>
    private const double Spread = 0.35;

    /// <summary>P_I: how often an ideal customer matches in one respect.</summary>
    private const double Match = 0.9;

    private const double Edge = 1e-3;

    /// <summary>Empty when fewer than two sub-scores are known: one alone says nothing that it does not say itself.</summary>
    public static IEnumerable<Feature> Of(IReadOnlyList<Feature> subScores)
    {
        var known = subScores.Where(f => f is { Kind: FeatureKind.SubScore, Value: not null }).ToList();
        if (known.Count < 2)
        {
            return [];
        }

        Guid[] facts = [.. known.SelectMany(f => f.FactIds).Distinct()];
        return [Make(Distance, Mahalanobis([.. known.Select(f => f.Value!.Value)]), facts), Make(Divergence, KullbackLeibler([.. known.Select(f => f.Value!.Value)]), facts)];
    }

    /// <summary>(71) with mean 1 and Σ = spread²·I, per known sub-score (so that a lead of whom less is known is not the nearer for it), as the similarity (72): 1/(1 + D).</summary>
    /// <returns>In (0, 1]; 1 is the profile itself.</returns>
    internal static double Mahalanobis(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            var z = (1 - value) / Spread;
            sum += z * z;
        }

        return 1 / (1 + Math.Sqrt(sum / values.Length));
    }

    /// <summary>(44): Σ Pₗ log(Pₗ/P_I) in nats, each sub-score read as the chance that the lead matches in that respect; the mean over those known.</summary>
    /// <returns>At least 0; 0 is a lead that matches as often as an ideal customer does.</returns>
    internal static double KullbackLeibler(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            var p = Math.Clamp(value, Edge, 1 - Edge);
            sum += p * Math.Log(p / Match) + (1 - p) * Math.Log((1 - p) / (1 - Match));
        }

        return Math.Max(0, sum / values.Length);
    }

    private static Feature Make(string name, double value, Guid[] facts) => new(name, value, value.ToString("0.00", CultureInfo.InvariantCulture), facts, FeatureKind.Number);
}
