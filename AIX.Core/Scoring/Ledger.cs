using AIX.Core.Profiles;

namespace AIX.Core.Scoring;

/// <summary>One line of the ledger.</summary>
/// <param name="Feature">Stable name.</param>
/// <param name="Shown">The value that it was made from; null when unknown.</param>
/// <param name="Logit">What it adds to the log-odds.</param>
public sealed record Contribution(string Feature, string? Shown, double Logit, IReadOnlyList<Guid> FactIds);

/// <summary>Where a score comes from: the base rate and one line per feature; summed in order they are the score's logit, to the last bit.</summary>
public sealed record Ledger(double BaseLogit, IReadOnlyList<Contribution> Contributions)
{
    public double Logit => Contributions.Aggregate(BaseLogit, (sum, c) => sum + c.Logit);

    /// <summary>Computed when read, from the stored feature snapshot and the profile version of the score.</summary>
    public static Ledger Of(IReadOnlyList<Feature> features, IdealCustomerProfile icp)
    {
        var model = new ProfileModel(icp);
        var lines = new Contribution[features.Count];
        for (var k = 0; k < lines.Length; k++)
        {
            lines[k] = new Contribution(features[k].Name, features[k].Shown, model.Contribution(k, features[k].Value), features[k].FactIds);
        }

        return new Ledger(model.BaseLogit, lines);
    }
}
