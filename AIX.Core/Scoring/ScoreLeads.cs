using AIX.Core.Profiles;

namespace AIX.Core.Scoring;

/// <summary>Scores a batch of leads against the tenant's profile.</summary>
public static class ScoreLeads
{
    public static ScoredLead[] Execute(IReadOnlyList<LeadForScoring> leads, IdealCustomerProfile icp)
    {
        var model = new ProfileModel(icp);
        var scored = new ScoredLead[leads.Count];
        Span<double?> values = stackalloc double?[FeatureExtractor.Names.Count];
        for (var i = 0; i < leads.Count; i++)
        {
            var features = FeatureExtractor.Extract(leads[i], icp);
            for (var k = 0; k < features.Length; k++)
            {
                values[k] = features[k].Value;
            }

            scored[i] = new ScoredLead(leads[i].Id, leads[i].HasScore ? null : leads[i].SourceId, model.Score(values), features, Top(features, model), ProfileModel.ModelVersion, icp.Version);
        }

        return scored;
    }

    /// <summary>The feature that speaks loudest, as <c>name|shown value|+</c>.</summary>
    private static string? Top(Feature[] features, ProfileModel model)
    {
        var (best, top) = (0.0, (string?)null);
        for (var k = 0; k < features.Length; k++)
        {
            var contribution = model.Contribution(k, features[k].Value);
            if (Math.Abs(contribution) > best)
            {
                best = Math.Abs(contribution);
                top = $"{features[k].Name}|{features[k].Shown}|{(contribution > 0 ? '+' : '-')}";
            }
        }

        return top;
    }
}
