using AIX.Core.Enrichment;
using AIX.Core.Scoring.Numerics;

namespace AIX.Bench;

/// <summary>A planted truth and five sources that know it more or less well: how often fusion, the first answer and the majority find it. Nobody tells fusion how good the sources are; it learns from their agreement.</summary>
internal static class FusionTrial
{
    private const int Companies = 3_000;

    private const int Values = 12;

    /// <summary>Chance to be right, chance to say anything.</summary>
    private static readonly (double Right, double Speaks)[] Sources = [(0.55, 0.95), (0.95, 0.8), (0.6, 0.9), (0.5, 0.95), (0.85, 0.8)];

    public static (double Fusion, double First, double Majority) Run()
    {
        var (rng, now) = (new Rng(11), DateTimeOffset.UnixEpoch.AddYears(50));
        var learned = Enumerable.Range(0, Sources.Length).Select(_ => SourceReliability.Seeded(0.7)).ToArray();
        var (fused, first, majority, judged) = (0, 0, 0, 0);
        for (var company = 0; company < Companies; company++)
        {
            var truth = rng.Next(Values);
            var said = new List<(int Source, Claim Claim)>();
            for (var s = 0; s < Sources.Length; s++)
            {
                if (rng.NextDouble() < Sources[s].Speaks)
                {
                    var value = rng.NextDouble() < Sources[s].Right ? truth : (truth + 1 + rng.Next(Values - 1)) % Values;
                    said.Add((s, new Claim(Guid.CreateVersion7(), $"source {s}", $"value {value}", now, learned[s].Mean)));
                }
            }

            Claim[] claims = [.. said.Select(c => c.Claim)];
            if (claims.Length == 0)
            {
                continue;
            }

            // The first third only teaches.
            if (company > Companies / 3)
            {
                var right = $"value {truth}";
                judged++;
                fused += Fusion.Of("industry", claims, now).Value == right ? 1 : 0;
                first += claims[0].Value == right ? 1 : 0;
                majority += claims.GroupBy(c => c.Value).OrderByDescending(g => g.Count()).First().Key == right ? 1 : 0;
            }

            foreach (var ((source, _), agreement) in said.Zip(Fusion.Agreement("industry", claims, now)))
            {
                learned[source] = agreement is { } p ? learned[source].Observe(p) : learned[source];
            }
        }

        return (fused / (double)judged, first / (double)judged, majority / (double)judged);
    }
}
