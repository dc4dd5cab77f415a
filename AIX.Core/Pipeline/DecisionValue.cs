using AIX.Core.Enrichment;
using AIX.Core.Profiles;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Pipeline;

/// <summary>Scores leads as they stand, and says how much hangs on knowing more: the chance, by the score's interval, that the truth lies on the other side of the nearest threshold, doubled.</summary>
internal sealed class DecisionValue(IUnitOfWorkFactory works, IPipelineStore store, ITenantStore tenants, IProfileStore profiles, IServingModels models, TimeProvider time) : IDecisionValue
{
    /// <summary>Half a 95 % interval in standard deviations.</summary>
    private const double HalfWidth = 1.959964;

    public async Task<Undecided> OfAsync(TenantId tenant, Guid[] leads, CancellationToken ct)
    {
        var icp = await profiles.CurrentAsync(tenant, ct);
        var settings = (await tenants.GetAsync(tenant, ct)).Settings;
        await using var work = await works.BeginAsync(tenant, ct);
        var loaded = await store.LoadForScoringAsync(work, leads, time.GetUtcNow(), ct);
        var scored = ScoreLeads.Execute(loaded, icp, await models.ChampionAsync(tenant, ct), time.GetUtcNow());
        return new Undecided(scored.ToDictionary(s => s.LeadId, s => Math.Max(Straddle(s.Score, settings.HotThreshold), Straddle(s.Score, settings.WarmThreshold))), WeightsOf(icp));
    }

    internal static double Straddle(ScoreResult score, double threshold)
    {
        var sd = (Logit(score.High) - Logit(score.Low)) / (2 * HalfWidth);
        var z = sd > 0 ? Math.Abs(Logit(threshold) - score.Logit) / sd : double.PositiveInfinity;
        return 2 * (1 - MathNet.Numerics.Distributions.Normal.CDF(0, 1, Math.Min(z, 10)));
    }

    /// <summary>An attribute counts what its sub-score counts in the profile.</summary>
    private static Dictionary<string, double> WeightsOf(IdealCustomerProfile icp)
    {
        var total = icp.Weights.Values.Sum(Math.Abs);
        double Share(string subScore) => total > 0 && icp.Weights.TryGetValue(subScore, out var weight) ? Math.Abs(weight) / total : 0;
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["employees"] = Share("companySize"),
            ["industry"] = Share("industry"),
            ["country"] = Share("territory"),
            ["countryCode"] = Share("territory"),
            ["region"] = Share("territory"),
            ["technologies"] = Share("technologies"),
            ["title"] = Share("seniority"),
        };
    }

    private static double Logit(double p) => Math.Log(p / (1 - p));
}
