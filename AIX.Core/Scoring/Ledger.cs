using AIX.Core.Profiles;

namespace AIX.Core.Scoring;

/// <summary>One line of the ledger.</summary>
/// <param name="Feature">Stable name; <c>calibration</c> and <c>remainder</c> are lines of their own.</param>
/// <param name="Shown">The value that it was made from; null when unknown.</param>
/// <param name="Logit">What it adds to the log-odds.</param>
public sealed record Contribution(string Feature, string? Shown, double Logit, IReadOnlyList<Guid> FactIds)
{
    /// <summary>Sub-score that the line belongs to.</summary>
    public string Group => SubScores.GroupOf(Feature);
}

/// <summary>Where a score comes from: the base rate and one line per feature; added up they are the score's logit to 1e-9.</summary>
public sealed record Ledger(double BaseLogit, IReadOnlyList<Contribution> Contributions)
{
    public const string Calibration = "calibration";
    public const string Remainder = "remainder";

    public double Logit => Contributions.Aggregate(BaseLogit, (sum, c) => sum + c.Logit);

    /// <summary>The lines added up by sub-score, the loudest first.</summary>
    public IReadOnlyList<(string Group, double Logit)> Groups =>
        [.. Contributions.GroupBy(c => c.Group).Select(g => (g.Key, g.Sum(c => c.Logit))).OrderByDescending(g => Math.Abs(g.Item2))];

    /// <summary>Computed when read, from the stored feature snapshot and the profile version of the score.</summary>
    public static Ledger Of(IReadOnlyList<Feature> features, IdealCustomerProfile icp)
    {
        var model = new ProfileModel(icp);
        var lines = new Contribution[FeatureExtractor.Names.Count];
        for (var k = 0; k < lines.Length; k++)
        {
            var feature = FeatureExtractor.Find(features, k);
            lines[k] = new Contribution(FeatureExtractor.Names[k], feature?.Shown, model.Contribution(k, feature?.Value), feature?.FactIds ?? []);
        }

        return new Ledger(model.BaseLogit, lines);
    }

    /// <summary>The same for a trained model.</summary>
    /// <param name="at">When the score was made: ages of dates count from it.</param>
    public static Ledger Of(IReadOnlyList<Feature> features, TrainedModel model, DateTimeOffset at)
    {
        var parts = model.Explain(FeatureTable.Of([features], [(at - DateTimeOffset.UnixEpoch).TotalDays]));
        var known = features.ToDictionary(f => f.Name, StringComparer.Ordinal);
        var lines = new List<Contribution>();
        var (names, sources) = (model.Features, model.Sources);
        for (var f = 0; f < parts.Features.Length; f++)
        {
            var name = names[f];
            var feature = known.GetValueOrDefault(sources[f]);
            var unit = sources[f] == name && feature?.Kind != FeatureKind.Date ? model.UnitOf(f) : null;
            lines.Add(new Contribution(name, feature?.Shown is { } shown ? (unit is null ? shown.Replace("\n", ", ", StringComparison.Ordinal) : $"{shown} {unit}") : null, parts.Features[f], feature?.FactIds ?? []));
        }

        AddUnless0(lines, Remainder, parts.Remainder);
        AddUnless0(lines, Calibration, parts.Calibration);
        return new Ledger(parts.Base, lines);
    }

    private static void AddUnless0(List<Contribution> lines, string name, double logit)
    {
        if (logit != 0)
        {
            lines.Add(new Contribution(name, null, logit, []));
        }
    }
}
