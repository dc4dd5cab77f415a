using AIX.Core.Profiles;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring;

/// <summary>An unknown feature and what not knowing it costs.</summary>
/// <param name="HalfWidth">How much narrower the 95 % interval would be on each side, in probability, if the feature were known to be what it is imputed with.</param>
public sealed record UnknownFeature(string Feature, double HalfWidth);

/// <summary>Unknown features are imputed with the tenant's average, and the interval is widened by what the feature's contribution varies by among leads where it is known.</summary>
public static class Imputation
{
    /// <summary>Less is not worth a line.</summary>
    private const double Least = 0.005;

    public static IReadOnlyList<UnknownFeature> Of(IReadOnlyList<Feature> features, IdealCustomerProfile icp, ScoreResult score)
    {
        var model = new ProfileModel(icp);
        return Of(score, FeatureExtractor.Names.Select((name, k) => (Name: name, K: k)).Where(f => FeatureExtractor.Find(features, f.K)?.Value is null).Select(f => (f.Name, model.UnknownVariance(f.K))));
    }

    /// <param name="at">When the score was made.</param>
    public static IReadOnlyList<UnknownFeature> Of(IReadOnlyList<Feature> features, TrainedModel model, DateTimeOffset at, ScoreResult score) =>
        Of(score, model.Unknown(FeatureTable.Of([features], [(at - DateTimeOffset.UnixEpoch).TotalDays])));

    private static List<UnknownFeature> Of(ScoreResult score, IEnumerable<(string Name, double Variance)> unknown)
    {
        var (low, high) = (Logistic.Logit(score.Low), Logistic.Logit(score.High));
        var (centre, half) = ((low + high) / 2, (high - low) / 2);
        return [.. unknown.Select(u =>
        {
            var known = Math.Sqrt(Math.Max(0, half * half - Logistic.Z95 * Logistic.Z95 * u.Variance));
            return new UnknownFeature(u.Name, (Width(centre, half) - Width(centre, known)) / 2);
        }).Where(u => u.HalfWidth >= Least).OrderByDescending(u => u.HalfWidth)];
    }

    private static double Width(double centre, double half) => Logistic.Sigmoid(centre + half) - Logistic.Sigmoid(centre - half);
}
