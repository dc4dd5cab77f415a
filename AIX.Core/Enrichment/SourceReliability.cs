namespace AIX.Core.Enrichment;

/// <summary>How often a source is right about an attribute: a Beta posterior, moved by agreement with other sources and by people's corrections.</summary>
/// <param name="Alpha">Times right, above 0, the seed included.</param>
/// <param name="Beta">Times wrong, above 0, the seed included.</param>
public readonly record struct SourceReliability(double Alpha, double Beta)
{
    /// <summary>Claims that a seed is worth.</summary>
    private const double SeedStrength = 10;

    /// <summary>What a person's word counts, in claims: one correction moves a seeded source visibly, ten settle it.</summary>
    public const double CorrectionWeight = 4;

    /// <summary>α/(α + β).</summary>
    public double Mean => Alpha / (Alpha + Beta);

    /// <param name="reliability">In (0, 1): what the source is thought to be worth before anything was seen.</param>
    public static SourceReliability Seeded(double reliability)
    {
        var p = Math.Clamp(reliability, 0.05, 0.99);
        return new SourceReliability(SeedStrength * p, SeedStrength * (1 - p));
    }

    /// <param name="right">Probability that the claim was right, in [0, 1].</param>
    public SourceReliability Observe(double right, double weight = 1) => new(Alpha + weight * right, Beta + weight * (1 - right));
}
