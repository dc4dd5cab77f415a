using AIX.Core.Scoring;

namespace AIX.Core.Learning;

/// <summary>What a decision is worth, in the tenant's currency: utility (81) is R for a won lead that was pursued and −c for a lost one; (76) weighs the errors.</summary>
/// <param name="Revenue">R.</param>
/// <param name="PursuitCost">c.</param>
public sealed record Utility(double Revenue = 10, double PursuitCost = 1)
{
    /// <summary>(82)–(83): pursuing pays where p·R &gt; (1 − p)·c, that is p &gt; c/(R + c).</summary>
    public double Threshold => PursuitCost / (Revenue + PursuitCost);
}

/// <summary>Counts at a threshold with (77)–(79).</summary>
public sealed record Confusion(double Threshold, int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives)
{
    public double Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    public double Recall => Ratio(TruePositives, TruePositives + FalseNegatives);

    public double F1 => Ratio(2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives);

    private static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;
}

/// <summary>A bin of the calibration plot.</summary>
/// <param name="Low">Wilson's 95 % band of the observed rate.</param>
public sealed record CalibrationBin(double Predicted, double Observed, double Low, double High, int Count);

public sealed record CurvePoint(double X, double Y);

/// <summary>How a model does on leads that it has not seen.</summary>
public sealed record Evaluation
{
    public required int Rows { get; init; }

    public required int Won { get; init; }

    public required double Auc { get; init; }

    public required double PrAuc { get; init; }

    public required double LogLoss { get; init; }

    public required double Brier { get; init; }

    public required double Ece { get; init; }

    public required double LiftTop10 { get; init; }

    /// <summary>(95) in nats over ten equal bins of the score: high when scores are spread, low when all leads look alike.</summary>
    public required double ScoreEntropy { get; init; }

    public required double MeanWidth { get; init; }

    /// <summary>Expected utility (82) per lead of pursuing all above the best threshold, and that threshold.</summary>
    public required double BestUtility { get; init; }

    public required double AdvisedThreshold { get; init; }

    public required IReadOnlyList<Confusion> Confusions { get; init; }

    public required IReadOnlyList<CalibrationBin> Calibration { get; init; }

    /// <summary>False positive rate → true positive rate.</summary>
    public required IReadOnlyList<CurvePoint> Roc { get; init; }

    /// <summary>Share of leads, best first → share of won leads among them (cumulative gain).</summary>
    public required IReadOnlyList<CurvePoint> Gain { get; init; }

    /// <param name="scores">One per lead.</param>
    /// <param name="labels">1 won, 0 lost; both must occur.</param>
    /// <param name="thresholds">Where confusion is counted: the tenant's own.</param>
    public static Evaluation Of(IReadOnlyList<ScoreResult> scores, double[] labels, IReadOnlyList<double> thresholds, Utility utility)
    {
        var p = scores.Select(s => s.Probability).ToArray();
        var order = Enumerable.Range(0, p.Length).OrderByDescending(i => p[i]).ToArray();
        var (best, advised) = BestThreshold(p, labels, order, utility);
        return new Evaluation
        {
            Rows = p.Length,
            Won = (int)labels.Sum(),
            Auc = Metrics.Auc(p, labels),
            PrAuc = Metrics.PrAuc(p, labels),
            LogLoss = Metrics.LogLoss(p, labels),
            Brier = Metrics.Brier(p, labels),
            Ece = Metrics.Ece(p, labels),
            LiftTop10 = Metrics.Lift(p, labels, 0.1),
            ScoreEntropy = Entropy(p),
            MeanWidth = scores.Average(s => s.High - s.Low),
            BestUtility = best,
            AdvisedThreshold = advised,
            Confusions = [.. thresholds.Append(advised).Select(t => Confuse(p, labels, t))],
            Calibration = Bins(p, labels, order),
            Roc = Curve(order, labels, i => 1 - labels[i]),
            Gain = Curve(order, labels, _ => 1),
        };
    }

    public static Confusion Confuse(double[] p, double[] labels, double threshold)
    {
        var counts = new int[4];
        for (var i = 0; i < p.Length; i++)
        {
            counts[(p[i] > threshold ? 0 : 2) + (labels[i] > 0.5 == p[i] > threshold ? 0 : 1)]++;
        }

        // Above and won, above and lost; below and lost, below and won.
        return new Confusion(threshold, counts[0], counts[1], counts[3], counts[2]);
    }

    private static (double Utility, double Threshold) BestThreshold(double[] p, double[] labels, int[] order, Utility utility)
    {
        var (sum, best, threshold) = (0.0, 0.0, 1.0);
        for (var k = 0; k < order.Length; k++)
        {
            sum += labels[order[k]] > 0.5 ? utility.Revenue : -utility.PursuitCost;
            var isLastOfItsScore = k + 1 == order.Length || p[order[k + 1]] < p[order[k]];
            if (isLastOfItsScore && sum > best)
            {
                (best, threshold) = (sum, k + 1 == order.Length ? 0 : (p[order[k]] + p[order[k + 1]]) / 2);
            }
        }

        return (best / p.Length, threshold);
    }

    private static double Entropy(double[] p)
    {
        var counts = new double[10];
        foreach (var value in p)
        {
            counts[Math.Min(9, (int)(value * 10))] += 1.0 / p.Length;
        }

        return -counts.Where(c => c > 0).Sum(c => c * Math.Log(c));
    }

    private static List<CalibrationBin> Bins(double[] p, double[] labels, int[] descending)
    {
        var ascending = descending.Reverse().ToArray();
        return [.. Enumerable.Range(0, 10).Select(b => ascending[(b * p.Length / 10)..((b + 1) * p.Length / 10)]).Where(rows => rows.Length > 0).Select(rows =>
        {
            var (n, won) = ((double)rows.Length, rows.Sum(i => labels[i]));
            // Wilson 1927.
            const double z2 = 1.959963984540054 * 1.959963984540054;
            var centre = (won + z2 / 2) / (n + z2);
            var half = Math.Sqrt(z2 * (won * (n - won) / n + z2 / 4)) / (n + z2);
            return new CalibrationBin(rows.Average(i => p[i]), won / n, centre - half, centre + half, rows.Length);
        })];
    }

    /// <summary>At most 101 points from (0, 0) to (1, 1).</summary>
    private static List<CurvePoint> Curve(int[] order, double[] labels, Func<int, double> along)
    {
        var (totalX, totalY) = (order.Sum(along), labels.Sum());
        var (x, y, points) = (0.0, 0.0, new List<CurvePoint> { new(0, 0) });
        for (var k = 0; k < order.Length; k++)
        {
            x += along(order[k]);
            y += labels[order[k]];
            if ((k + 1) * 100L / order.Length > k * 100L / order.Length || k + 1 == order.Length)
            {
                points.Add(new CurvePoint(totalX == 0 ? 1 : x / totalX, totalY == 0 ? 1 : y / totalY));
            }
        }

        return points;
    }
}
