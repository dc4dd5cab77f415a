using System.Security.Cryptography;
using System.Text;
using AIX.Core.Scoring;
using AIX.Core.Tenancy;

namespace AIX.Core.Learning;

/// <summary>A lead with its outcome, as it was known before the outcome.</summary>
/// <param name="Features">Snapshot of its last score before the outcome; of its first score when there is none before (<paramref name="SeenBefore"/> false).</param>
/// <param name="Label">1 won, 0 lost.</param>
/// <param name="Weight">1; less for a reviewer's judgement of a lead that was neither won nor lost yet.</param>
/// <param name="ScoredAt">Time of the snapshot.</param>
public sealed record TrainingRow(Guid LeadId, IReadOnlyList<Feature> Features, double Label, double Weight, DateTimeOffset OccurredAt, DateTimeOffset ScoredAt, bool SeenBefore, bool IsJudgement = false);

/// <summary>Reads what became of leads.</summary>
public interface ITrainingSets
{
    /// <summary>One row per lead with an outcome recorded at or before <paramref name="asOf"/>, the last one counting, or else with a reviewer's label, in the order of time.</summary>
    Task<IReadOnlyList<TrainingRow>> LoadAsync(TenantId tenant, DateTimeOffset asOf, int limit, CancellationToken ct);

    /// <summary>Snapshots of the newest scores made after <paramref name="since"/>, at most <paramref name="limit"/>, with their times.</summary>
    Task<IReadOnlyList<(IReadOnlyList<Feature> Features, DateTimeOffset At)>> RecentAsync(TenantId tenant, DateTimeOffset since, int limit, CancellationToken ct);
}

/// <summary>Training rows as a table, with what the snapshots say about features that are known too late.</summary>
public static class TrainingSet
{
    /// <summary>Leads seen before, and seen after, their outcome, from which on the two are compared.</summary>
    private const int MinSeen = 50;

    public static TrainingData ToData(IReadOnlyList<TrainingRow> rows) =>
        new(FeatureTable.Of([.. rows.Select(r => r.Features)], [.. rows.Select(r => (r.ScoredAt - DateTimeOffset.UnixEpoch).TotalDays)]), [.. rows.Select(r => r.Label)], [.. rows.Select(r => r.Weight)]);

    /// <summary>Features that leads have after their outcome and next to never before it.</summary>
    public static Dictionary<string, string> KnownTooLate(IReadOnlyList<TrainingRow> rows)
    {
        var (before, after) = (rows.Where(r => r.SeenBefore).ToList(), rows.Where(r => !r.SeenBefore).ToList());
        var late = new Dictionary<string, string>(StringComparer.Ordinal);
        if (before.Count < MinSeen || after.Count < MinSeen)
        {
            return late;
        }

        Dictionary<string, int> Count(List<TrainingRow> side) => side.SelectMany(r => r.Features.Where(f => f.Shown is not null || f.Value is not null).Select(f => f.Name)).CountBy(n => n).ToDictionary();
        var early = Count(before);
        foreach (var (name, count) in Count(after))
        {
            var (shareBefore, shareAfter) = ((double)early.GetValueOrDefault(name) / before.Count, (double)count / after.Count);
            if (shareAfter >= 0.2 && shareBefore <= 0.01)
            {
                late[name] = FormattableString.Invariant($"{100 * shareAfter:0} % of the leads seen after their outcome have it, and {100 * shareBefore:0} % of those seen before: it comes with the outcome");
            }
        }

        return late;
    }

    /// <summary>SHA-256 over leads, labels, times and features: the same set gives the same hash.</summary>
    public static string Hash(IReadOnlyList<TrainingRow> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in rows)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{row.LeadId}|{row.Label}|{row.Weight}|{row.OccurredAt.UtcTicks}|")));
            foreach (var feature in row.Features)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{feature.Name}={feature.Value}:{feature.Shown};")));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
