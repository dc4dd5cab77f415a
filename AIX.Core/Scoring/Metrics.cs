namespace AIX.Core.Scoring;

/// <summary>Measures of probabilistic predictions. Labels are 0 or 1; scores may be logits or probabilities where only their order counts.</summary>
public static class Metrics
{
    /// <summary>Area under the ROC curve (80): probability that a won lead outranks a lost one, ties half. NaN when one label is missing.</summary>
    public static double Auc(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels)
    {
        var (keys, y) = (scores.ToArray(), labels.ToArray());
        Array.Sort(keys, y);
        var (rankSum, positives) = (0.0, 0.0);
        for (var i = 0; i < keys.Length;)
        {
            var from = i;
            var won = 0.0;
            for (; i < keys.Length && keys[i] == keys[from]; i++)
            {
                won += y[i];
            }

            rankSum += won * (from + 1 + i) / 2.0;
            positives += won;
        }

        return (rankSum - positives * (positives + 1) / 2) / (positives * (keys.Length - positives));
    }

    /// <summary>Average precision: Σ (Rₙ − Rₙ₋₁) Pₙ over the distinct thresholds, as scikit-learn defines it.</summary>
    public static double PrAuc(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels)
    {
        var (keys, y) = (scores.ToArray(), labels.ToArray());
        Array.Sort(keys, y);
        var total = y.Sum();
        var (seen, won, area) = (0, 0.0, 0.0);
        for (var i = keys.Length - 1; i >= 0;)
        {
            var (at, before) = (keys[i], won);
            for (; i >= 0 && keys[i] == at; i--)
            {
                won += y[i];
                seen++;
            }

            area += (won - before) / total * (won / seen);
        }

        return area;
    }

    /// <summary>Mean cross-entropy (28) in nats; probabilities cut to [1e-15, 1 − 1e-15].</summary>
    public static double LogLoss(ReadOnlySpan<double> p, ReadOnlySpan<double> labels)
    {
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            var q = Math.Clamp(p[i], 1e-15, 1 - 1e-15);
            sum -= labels[i] * Math.Log(q) + (1 - labels[i]) * Math.Log(1 - q);
        }

        return sum / p.Length;
    }

    /// <summary>Mean of (p − y)².</summary>
    public static double Brier(ReadOnlySpan<double> p, ReadOnlySpan<double> labels)
    {
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            sum += (p[i] - labels[i]) * (p[i] - labels[i]);
        }

        return sum / p.Length;
    }

    /// <summary>Expected calibration error: Σ share of the bin · |mean label − mean p| over equal-width bins.</summary>
    public static double Ece(ReadOnlySpan<double> p, ReadOnlySpan<double> labels, int bins = 15)
    {
        var (sumP, sumY) = (new double[bins], new double[bins]);
        for (var i = 0; i < p.Length; i++)
        {
            var bin = Math.Clamp((int)(p[i] * bins), 0, bins - 1);
            sumP[bin] += p[i];
            sumY[bin] += labels[i];
        }

        var error = 0.0;
        for (var b = 0; b < bins; b++)
        {
            error += Math.Abs(sumY[b] - sumP[b]) / p.Length;
        }

        return error;
    }

    /// <summary>Conversion among the best-scored <paramref name="share"/> over conversion of all: 1 + the lift (75).</summary>
    public static double Lift(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels, double share)
    {
        var (keys, y) = (scores.ToArray(), labels.ToArray());
        Array.Sort(keys, y);
        var top = Math.Max(1, (int)(share * y.Length));
        return y.TakeLast(top).Average() / y.Average();
    }
}
