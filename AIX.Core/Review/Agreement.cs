namespace AIX.Core.Review;

/// <summary>How well two reviewers agree beyond chance.</summary>
/// <param name="Kappa">In [−1, 1]; null where chance alone explains everything (both always say the same one thing) or nothing was looked at twice.</param>
/// <param name="Observed">Share of leads on which they said the same.</param>
/// <param name="Expected">Share that chance would give.</param>
public sealed record KappaResult(int Count, double Observed, double Expected, double? Kappa);

/// <summary>Agreement of one pair on one field.</summary>
public sealed record PairAgreement(string First, string Second, string Field, KappaResult Result);

/// <summary>Cohen's kappa (Cohen 1960, “A coefficient of agreement for nominal scales”): κ = (p_o − p_e) / (1 − p_e).</summary>
public static class Agreement
{
    /// <param name="answers">What the two said of each lead; any number.</param>
    public static KappaResult Kappa<T>(IReadOnlyList<(T First, T Second)> answers)
        where T : notnull
    {
        if (answers.Count == 0)
        {
            return new KappaResult(0, 0, 0, null);
        }

        double n = answers.Count;
        var observed = answers.Count(a => a.First.Equals(a.Second)) / n;
        var second = answers.CountBy(a => a.Second).ToDictionary(c => c.Key, c => c.Value);
        var expected = answers.CountBy(a => a.First).Sum(c => c.Value / n * (second.GetValueOrDefault(c.Key) / n));
        return new KappaResult(answers.Count, observed, expected, 1 - expected < 1e-12 ? null : (observed - expected) / (1 - expected));
    }

    /// <summary>Every pair of reviewers, for the band and for whether a fact was flagged; the busiest pairs first. A pair is one whichever of the two came first.</summary>
    public static IReadOnlyList<PairAgreement> ByPair(IReadOnlyList<DoubleReview> reviews) =>
    [
        .. reviews.Select(r => r.First.CompareTo(r.Second) <= 0 ? r : r with { First = r.Second, FirstName = r.SecondName, Second = r.First, SecondName = r.FirstName, FirstBand = r.SecondBand, SecondBand = r.FirstBand, FirstFlagged = r.SecondFlagged, SecondFlagged = r.FirstFlagged })
            .GroupBy(r => (r.First, r.Second))
            .OrderByDescending(g => g.Count())
            .SelectMany(g => new[]
            {
                new PairAgreement(g.First().FirstName, g.First().SecondName, "band", Kappa([.. g.Where(r => !r.FirstFlagged && !r.SecondFlagged).Select(r => (r.FirstBand, r.SecondBand))])),
                new PairAgreement(g.First().FirstName, g.First().SecondName, "flag", Kappa([.. g.Select(r => (r.FirstFlagged, r.SecondFlagged))])),
            }),
    ];
}
