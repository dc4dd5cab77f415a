using AIX.Core.Scoring;

namespace AIX.Core.Learning;

/// <summary>How a model treats the leads of one segment.</summary>
/// <param name="Feature">What divides them; <paramref name="Level"/> is the segment.</param>
/// <param name="Converted">Share won; <paramref name="Predicted"/> is the mean score.</param>
/// <param name="Gap">(Σy − Σp)/√Σp(1 − p): beyond ±3 the segment is scored too low or too high.</param>
/// <param name="PickRatio">Share above the warm threshold over that of the segment picked most; below 0.8 is the four-fifths rule's flag.</param>
public sealed record Segment(string Feature, string Level, int Leads, double Converted, double Predicted, double Gap, double PickRatio)
{
    public bool IsMiscalibrated => Math.Abs(Gap) > 3;

    /// <summary>Picked far less often although its leads convert about as well as the average lead.</summary>
    public bool IsPassedOver { get; init; }
}

/// <summary>Bias detection: measures by segment on held-out leads.</summary>
public static class Fairness
{
    private const int MinLeads = 30;
    private const int MaxLevels = 12;

    public static IReadOnlyList<Segment> Of(DataTable table, double[] labels, IReadOnlyList<ScoreResult> scores, double threshold, IReadOnlySet<string>? leaks = null)
    {
        var overall = labels.Average();
        var segments = new List<Segment>();
        foreach (var column in table.Columns.OfType<TextColumn>().Where(c => c.Levels.Count is > 1 and <= MaxLevels && leaks?.Contains(c.Name) != true))
        {
            var rows = Enumerable.Range(0, table.Rows).Where(i => column.Codes[i] >= 0).ToLookup(i => column.Codes[i]);
            var known = rows.Where(r => r.Count() >= MinLeads).Select(r => (Level: column.Levels[r.Key], Rows: r.ToArray())).ToList();
            var most = known.Select(k => Picked(k.Rows, scores, threshold)).DefaultIfEmpty(0).Max();
            segments.AddRange(known.Select(k =>
            {
                var (won, predicted) = (k.Rows.Sum(i => labels[i]), k.Rows.Sum(i => scores[i].Probability));
                var variance = k.Rows.Sum(i => scores[i].Probability * (1 - scores[i].Probability));
                var ratio = most > 0 ? Picked(k.Rows, scores, threshold) / most : 1;
                return new Segment(column.Name, k.Level, k.Rows.Length, won / k.Rows.Length, predicted / k.Rows.Length, (won - predicted) / Math.Sqrt(variance), ratio) { IsPassedOver = ratio < 0.8 && won / k.Rows.Length >= 0.9 * overall };
            }));
        }

        return segments;
    }

    private static double Picked(int[] rows, IReadOnlyList<ScoreResult> scores, double threshold) => rows.Count(i => scores[i].Probability > threshold) / (double)rows.Length;
}
