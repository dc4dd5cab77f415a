namespace AIX.Core.Learning;

/// <summary>How a score moves and ages.</summary>
public static class Relevance
{
    /// <summary>V = dS/dt (41): slope of the least-squares line through the scores of a window, per day; null with fewer than two moments.</summary>
    public static double? Velocity(IReadOnlyList<(DateTimeOffset At, double Score)> history)
    {
        if (history.Count < 2)
        {
            return null;
        }

        var start = history[0].At;
        var days = history.Select(h => (h.At - start).TotalDays).ToArray();
        var (meanT, meanS) = (days.Average(), history.Average(h => h.Score));
        var spread = days.Sum(t => (t - meanT) * (t - meanT));
        return spread < 1e-12 ? null : days.Zip(history, (t, h) => (t - meanT) * (h.Score - meanS)).Sum() / spread;
    }

    /// <summary>q(t) = q₀·e^{−δt} (88).</summary>
    /// <param name="perDay">δ ≥ 0.</param>
    public static double Decay(double initial, double perDay, TimeSpan age) => initial * Math.Exp(-perDay * Math.Max(0, age.TotalDays));
}
