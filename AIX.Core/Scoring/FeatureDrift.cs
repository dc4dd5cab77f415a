namespace AIX.Core.Scoring;

/// <summary>How far recent leads have moved away from those that a model learned from.</summary>
/// <param name="Psi">Population stability index Σ (a − e)·ln(a/e); below 0.1 is noise, above 0.25 a shift.</param>
/// <param name="Kl">Kullback–Leibler divergence (44) of recent from training, nats.</param>
public sealed record FeatureDrift(string Name, double Psi, double Kl)
{
    /// <param name="expected">Training shares, summing to 1.</param>
    /// <param name="counts">Recent leads per group, in the same order.</param>
    public static FeatureDrift Of(string name, ReadOnlySpan<double> expected, ReadOnlySpan<int> counts)
    {
        var total = 0;
        foreach (var count in counts)
        {
            total += count;
        }

        // Half a lead in every group keeps empty groups finite.
        var (psi, kl, groups) = (0.0, 0.0, counts.Length);
        for (var k = 0; k < groups; k++)
        {
            var e = (expected[k] * total + 0.5) / (total + 0.5 * groups);
            var a = (counts[k] + 0.5) / (total + 0.5 * groups);
            psi += (a - e) * Math.Log(a / e);
            kl += a * Math.Log(a / e);
        }

        return new FeatureDrift(name, psi, kl);
    }
}
