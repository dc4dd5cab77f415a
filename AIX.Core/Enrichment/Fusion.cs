using System.Globalization;

namespace AIX.Core.Enrichment;

/// <summary>What one source says about one attribute of one lead.</summary>
/// <param name="Reliability">Chance that the source is right about it, in (0, 1).</param>
public sealed record Claim(Guid FactId, string Source, string Value, DateTimeOffset FetchedAt, double Reliability)
{
    /// <summary>How sure it is that the claim is about this lead's company, in (0, 1]; part of <see cref="Reliability"/>.</summary>
    public double Confidence { get; init; } = 1;
}

/// <summary>A value that lost.</summary>
public sealed record RunnerUp(string Value, string Source, double Confidence);

/// <summary>What the sources together say.</summary>
/// <param name="FactIds">Facts that say so, the most reliable first.</param>
/// <param name="Confidence">Probability that it is right, if the sources' reliabilities are, in (0, 1).</param>
/// <param name="Conflict">Another value is likely enough for a person to look.</param>
public sealed record FusedValue(string Attribute, string Value, IReadOnlyList<Guid> FactIds, double Confidence, RunnerUp? RunnerUp, bool Conflict);

/// <summary>
/// Makes one value of what several sources say. Categories: with reliability r a source names the true one of n possible values with probability r and each wrong one with (1 − r)/(n − 1), so its
/// vote is worth ln(r(n − 1)/(1 − r)) (the naive Bayes vote of Dong, Berti-Equille and Srivastava 2009). Sizes: the weighted median on a logarithmic scale. Facts age: what a source is worth above
/// guessing halves with every time to live.
/// </summary>
public static class Fusion
{
    /// <summary>Values thought possible beside those named.</summary>
    private const int Unnamed = 8;

    /// <summary>Sizes within this factor say the same.</summary>
    private const double SameSize = 1.25;

    /// <summary>A loser at least this likely is a conflict.</summary>
    private const double ConflictShare = 0.15;

    private static readonly HashSet<string> Sizes = new(["employees", "revenue", "annualRevenue", "headcount"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Technologies = new(["technologies", "emailProvider", "crm"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Events = new(["news", NewsEvents.Mood, "event", "funding"], StringComparer.OrdinalIgnoreCase);

    /// <summary>After so long a fact is asked for again, and counts half.</summary>
    public static TimeSpan TimeToLive(string attribute) => TimeSpan.FromDays(Technologies.Contains(attribute) ? 30 : Events.Contains(attribute) || attribute.StartsWith("event.", StringComparison.Ordinal) ? 1 : 90);

    /// <summary>Two spellings of one value are one value: case, accents' composition and punctuation at the ends do not count.</summary>
    public static string Key(string value) => value.Normalize(System.Text.NormalizationForm.FormKC).Trim(' ', '.', ',', ';').ToLowerInvariant();

    /// <param name="claims">At least one; a source's newest claim counts, its older ones do not.</param>
    public static FusedValue Of(string attribute, IReadOnlyList<Claim> claims, DateTimeOffset now)
    {
        var newest = claims.GroupBy(c => c.Source, StringComparer.Ordinal).Select(g => g.MaxBy(c => (c.FetchedAt, c.FactId))!).ToList();
        var sizes = Sizes.Contains(attribute) ? newest.Select(c => (Claim: c, Size: SizeOf(c.Value))).ToList() : [];
        return sizes.Count > 0 && sizes.TrueForAll(s => s.Size is > 0) ? BySize(attribute, [.. sizes.Select(s => (s.Claim, s.Size!.Value))], now) : ByVote(attribute, newest, now);
    }

    /// <summary>Two values that count as one: the same text, or sizes within a quarter of each other.</summary>
    public static bool SaysTheSame(string attribute, string a, string b) =>
        Sizes.Contains(attribute) && SizeOf(a) is { } x && SizeOf(b) is { } y ? Math.Abs(Math.Log(x / y)) <= Math.Log(SameSize) : Key(a) == Key(b);

    /// <summary>Probability that each claim is right, given what all say (the E step of Dawid and Skene 1979): what the sources' reliabilities learn from.</summary>
    /// <returns>In the order of the claims; null where nobody else says anything.</returns>
    public static double?[] Agreement(string attribute, IReadOnlyList<Claim> claims, DateTimeOffset now)
    {
        if (claims.Select(c => c.Source).Distinct(StringComparer.Ordinal).Count() < 2)
        {
            return new double?[claims.Count];
        }

        if (Sizes.Contains(attribute))
        {
            var fused = Of(attribute, claims, now);
            return [.. claims.Select(c => (double?)(SaysTheSame(attribute, c.Value, fused.Value) ? fused.Confidence : 1 - Math.Max(0.5, fused.Confidence)))];
        }

        var votes = Votes(attribute, claims, now);
        var total = votes.Sum(v => Math.Exp(v.Vote)) + Unnamed;
        return [.. claims.Select(c => (double?)Math.Exp(votes.First(v => v.Key == Key(c.Value)).Vote) / total)];
    }

    internal static double? SizeOf(string value) => double.TryParse(value.Replace(",", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var size) && size is > 0 and < 1e15 ? size : null;

    private static FusedValue ByVote(string attribute, List<Claim> claims, DateTimeOffset now)
    {
        var votes = Votes(attribute, claims, now);

        // Values that nobody named have the vote 0 each.
        var total = votes.Sum(v => Math.Exp(v.Vote)) + Unnamed;
        var (best, confidence) = (votes[0].Claims, Math.Exp(votes[0].Vote) / total);
        var runner = votes.Count > 1 ? new RunnerUp(votes[1].Claims[0].Value, votes[1].Claims[0].Source, Math.Exp(votes[1].Vote) / total) : null;
        return new FusedValue(attribute, best[0].Value, [.. best.Select(c => c.FactId)], confidence, runner, runner?.Confidence >= ConflictShare || (runner is not null && confidence < 0.5));
    }

    /// <summary>The largest first; among equals, the one named first.</summary>
    private static List<(string Key, List<Claim> Claims, double Vote)> Votes(string attribute, IReadOnlyList<Claim> claims, DateTimeOffset now)
    {
        var groups = claims.GroupBy(c => Key(c.Value), StringComparer.Ordinal).ToList();
        var n = groups.Count + Unnamed;
        return [.. groups.Select(g => (g.Key, g.OrderByDescending(c => c.Reliability).ToList(), g.Sum(c => Vote(Aged(attribute, c, now, n), n)))).OrderByDescending(g => g.Item3)];
    }

    /// <summary>The claim at the weighted median of the logarithms stands for the value, so that it can be cited.</summary>
    private static FusedValue BySize(string attribute, (Claim Claim, double Size)[] claims, DateTimeOffset now)
    {
        var sorted = claims.OrderBy(c => c.Size).Select(c => (c.Claim, c.Size, Weight: Math.Max(1e-3, Vote(Aged(attribute, c.Claim, now, 2), 2)))).ToArray();
        var total = sorted.Sum(c => c.Weight);
        var (sum, at) = (0.0, 0);
        while ((sum += sorted[at].Weight) < total / 2)
        {
            at++;
        }

        bool Same(double size) => Math.Abs(Math.Log(size / sorted[at].Size)) <= Math.Log(SameSize);
        var share = sorted.Where(c => Same(c.Size)).Sum(c => c.Weight) / total;
        var best = sorted.Where(c => Same(c.Size)).OrderBy(c => Math.Abs(Math.Log(c.Size / sorted[at].Size))).ThenByDescending(c => c.Weight).Select(c => c.Claim).ToList();
        var reliability = 1 - best.Aggregate(1.0, (wrong, c) => wrong * (1 - Aged(attribute, c, now, 2)));
        var loser = sorted.Where(c => !Same(c.Size)).OrderByDescending(c => c.Weight).FirstOrDefault();
        var runner = loser.Claim is null ? null : new RunnerUp(loser.Claim.Value, loser.Claim.Source, (1 - share) * loser.Weight / Math.Max(1e-9, total - sorted.Where(c => Same(c.Size)).Sum(c => c.Weight)));
        return new FusedValue(attribute, sorted[at].Claim.Value, [.. best.Select(c => c.FactId)], share * reliability, runner, runner?.Confidence >= ConflictShare);
    }

    private static double Vote(double reliability, int n) => Math.Log(reliability * (n - 1) / (1 - reliability));

    private static double Aged(string attribute, Claim claim, DateTimeOffset now, int n)
    {
        var guess = 1.0 / n;
        var halves = Math.Max(0, (now - claim.FetchedAt).TotalDays) / TimeToLive(attribute).TotalDays;
        return Math.Clamp(guess + (claim.Reliability - guess) * Math.Pow(0.5, halves), 0.001, 0.999);
    }
}
