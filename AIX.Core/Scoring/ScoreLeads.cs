using System.Globalization;
using AIX.Core.Enrichment;
using AIX.Core.Profiles;

namespace AIX.Core.Scoring;

/// <summary>Scores a batch of leads: with the champion where there is one, else against the tenant's profile alone.</summary>
public static class ScoreLeads
{
    private static readonly string[] SeenIn = ["industry", "technologies", "description"];

    /// <summary>How like the customers that were won.</summary>
    public const string LikeWon = "similarity.won";

    /// <param name="likeWon">Per lead, see <see cref="SimilarLeads.LikeWonAsync"/>; null where it was not asked.</param>
    public static ScoredLead[] Execute(IReadOnlyList<LeadForScoring> leads, IdealCustomerProfile icp, ServedModel? champion, DateTimeOffset now, double?[]? likeWon = null, ServedModel? challenger = null)
    {
        var features = leads.Select((l, i) =>
        {
            var subScores = FeatureExtractor.Extract(l, icp);
            IEnumerable<Feature> likeness = likeWon?[i] is { } like ? [new Feature(LikeWon, like, like.ToString("0.00", CultureInfo.InvariantCulture), LeadFacts(l), FeatureKind.Number)] : [];
            return (Feature[])[.. subScores, .. ProfileDistance.Of(subScores), .. likeness, .. RawFeatures.Extract(l)];
        }).ToArray();
        if (leads.Count == 0)
        {
            return [];
        }

        if (champion is null)
        {
            var profile = new ProfileModel(icp);
            return Challenged([.. leads.Select((l, i) => Make(l, ByProfile(profile, features[i]), features[i], Top(Lines(profile, features[i])), ProfileModel.ModelVersion, icp))], features, challenger, now);
        }

        var (scores, tops) = champion.Model.ScoreWithLoudest(FeatureTable.Of(features, Days(now, leads.Count)));
        return Challenged([.. leads.Select((l, i) => Make(l, scores[i], features[i], Top(tops[i] is var (name, logit) ? [(Array.Find(features[i], f => f.Name == name), logit)] : []), champion.Version, icp))], features, challenger, now);
    }

    /// <summary>Scores stored snapshots anew.</summary>
    /// <param name="icp">Scores where <paramref name="model"/> is null; must be the version that the snapshots' sub-scores were made with.</param>
    public static RescoredLead[] Again(IReadOnlyList<LeadSnapshot> leads, IdealCustomerProfile icp, TrainedModel? model, DateTimeOffset now)
    {
        if (model is null)
        {
            var profile = new ProfileModel(icp);
            return [.. leads.Select(l =>
            {
                var features = SnapshotCodec.Read(l.Features);
                return new RescoredLead(l.LeadId, l.Snapshot, ByProfile(profile, features), Top(Lines(profile, features)));
            })];
        }

        var (scores, tops) = model.ScoreWithLoudest(FeatureTable.OfSnapshots([.. leads.Select(l => l.Features)], Days(now, leads.Count), model.Sources));
        return [.. leads.Select((l, i) => new RescoredLead(l.LeadId, l.Snapshot, scores[i], Top(tops[i] is var (name, logit) ? [(SnapshotCodec.Find(l.Features, name), logit)] : [])))];
    }

    /// <summary>With what the challenger says of the same features.</summary>
    private static ScoredLead[] Challenged(ScoredLead[] scored, Feature[][] features, ServedModel? challenger, DateTimeOffset now)
    {
        if (challenger is null)
        {
            return scored;
        }

        var others = challenger.Model.ScoreWithLoudest(FeatureTable.Of(features, Days(now, features.Length))).Item1;
        return [.. scored.Select((s, i) => s with { Challenger = others[i].Probability })];
    }

    /// <summary>What the likeness was seen in.</summary>
    private static List<Guid> LeadFacts(LeadForScoring lead)
    {
        var facts = new List<Guid>();
        if (lead.Title is not null)
        {
            facts.Add(FactId.Of(lead.Id, "title", lead.OriginOf("title")));
        }

        facts.AddRange(SeenIn.SelectMany(a => lead.ClaimsOf(a)).Select(c => c.FactId).Take(2));
        return facts;
    }

    private static double[] Days(DateTimeOffset now, int count)
    {
        var days = new double[count];
        Array.Fill(days, (now - DateTimeOffset.UnixEpoch).TotalDays);
        return days;
    }

    private static ScoredLead Make(LeadForScoring lead, ScoreResult score, Feature[] features, string? top, int model, IdealCustomerProfile icp) =>
        new(lead.Id, lead.HasScore ? null : lead.SourceId, score, features, top, model, icp.Version) { Conflict = lead.Conflict() };

    private static ScoreResult ByProfile(ProfileModel model, IReadOnlyList<Feature> features)
    {
        Span<double?> values = stackalloc double?[FeatureExtractor.Names.Count];
        FeatureExtractor.Fill(features, values);
        return model.Score(values);
    }

    private static IEnumerable<(Feature?, double)> Lines(ProfileModel profile, IReadOnlyList<Feature> features) =>
        Enumerable.Range(0, FeatureExtractor.Names.Count).Select(k => FeatureExtractor.Find(features, k) is { } feature ? (feature, profile.Contribution(k, feature.Value)) : ((Feature?)null, 0.0));

    /// <summary>The known feature that speaks loudest, as <c>name|shown value|+</c>.</summary>
    private static string? Top(IEnumerable<(Feature? Feature, double Logit)> lines)
    {
        var (best, top) = (0.0, (string?)null);
        foreach (var (feature, logit) in lines)
        {
            if (feature is not null && Math.Abs(logit) > best)
            {
                best = Math.Abs(logit);
                top = string.Create(CultureInfo.InvariantCulture, $"{feature.Name}|{(feature.Shown is { } shown ? RationaleWriter.Abbreviate(shown.Split('\n')[0]) : null)}|{(logit > 0 ? '+' : '-')}");
            }
        }

        return top;
    }
}
