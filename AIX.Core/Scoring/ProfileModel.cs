using AIX.Core.Profiles;

namespace AIX.Core.Scoring;

/// <summary>A score with its doubt.</summary>
/// <param name="Logit">Log-odds.</param>
/// <param name="Probability">In the open (0, 1).</param>
/// <param name="Low">2.5 % bound, in (0, Probability].</param>
/// <param name="High">97.5 % bound, in [Probability, 1).</param>
public readonly record struct ScoreResult(double Logit, double Probability, double Low, double High);

/// <summary>
/// Logistic regression on profile sub-scores, equations (14)–(18): P = σ(β₀ + Σ βₖ (sₖ − μₖ)). The coefficients are the mean of a Gaussian
/// prior given by the profile's weights, and the interval is Laplace's (24): Var(logit) = τ₀² + Σ (sₖ − μₖ)² τₖ², where an unknown
/// sub-score adds what it could have added, βₖ² σ². Immutable and thread-safe.
/// </summary>
public sealed class ProfileModel
{
    /// <summary>Version under which scores of this model are stored.</summary>
    public const int ModelVersion = 1;

    /// <summary>Standard normal 97.5 % quantile.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>Mean and standard deviation of a sub-score over all leads, before anything is known.</summary>
    private const double MeanSubScore = 0.5;
    private const double SdSubScore = 0.15;

    /// <summary>Prior standard deviation of the base rate's logit, and of a coefficient relative to its size.</summary>
    private const double BaseSd = 0.12;
    private const double RelativeSd = 0.12;

    /// <summary>Logits beyond are cut, so that σ stays inside (0, 1) in double precision.</summary>
    private const double MaxLogit = 30;

    private readonly double[] _beta;

    public ProfileModel(IdealCustomerProfile icp)
    {
        IcpVersion = icp.Version;
        BaseLogit = Math.Log(icp.BaseRate / (1 - icp.BaseRate));
        _beta = [.. FeatureExtractor.Names.Select(n => Asks(icp, n) ? icp.Weights.GetValueOrDefault(n) : 0)];
    }

    public int IcpVersion { get; }

    /// <summary>A profile that says nothing of a respect does not wait to know it.</summary>
    private static bool Asks(IdealCustomerProfile icp, string subScore) => subScore switch
    {
        "revenue" => icp is { RevenueMin: > 0, RevenueMax: > 0 },
        "function" => icp.Functions.Count > 0,
        "relevance" => icp.Topics.Count > 0,
        "events" => icp.Events.Count > 0,
        _ => true,
    };

    /// <summary>Log-odds of the base rate.</summary>
    public double BaseLogit { get; }

    /// <summary>What feature k adds to the logit; 0 when unknown. Summed in order after <see cref="BaseLogit"/> they give the score's logit exactly.</summary>
    public double Contribution(int k, double? value) => value is { } s ? _beta[k] * (s - MeanSubScore) : 0;

    public ScoreResult Score(ReadOnlySpan<double?> features)
    {
        var logit = BaseLogit;
        var variance = BaseSd * BaseSd;
        for (var k = 0; k < features.Length; k++)
        {
            logit += Contribution(k, features[k]);
            var spread = features[k] is { } s ? (s - MeanSubScore) * RelativeSd * _beta[k] : SdSubScore * _beta[k];
            variance += spread * spread;
        }

        var half = Z * Math.Sqrt(variance);
        return new ScoreResult(logit, Sigmoid(logit), Sigmoid(logit - half), Sigmoid(logit + half));
    }

    /// <summary>Variance of the logit that the unknown feature k adds.</summary>
    public double UnknownVariance(int k) => SdSubScore * _beta[k] * (SdSubScore * _beta[k]);

    /// <summary>(15), cut at ±30 so that the result lies in the open (0, 1).</summary>
    public static double Sigmoid(double z) => 1 / (1 + Math.Exp(-Math.Clamp(z, -MaxLogit, MaxLogit)));
}
