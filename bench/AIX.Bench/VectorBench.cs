using System.Diagnostics;
using System.Numerics.Tensors;
using System.Text.Json;
using AIX.Core.Scoring.Numerics;
using AIX.Core.Text;

namespace AIX.Bench;

/// <summary>Exact top ten of 100,000 vectors of 384 numbers, one core: the scan by bytes against the scan by floats in the same run.</summary>
internal static class VectorBench
{
    private const int Vectors = 100_000;
    private const int Queries = 1_000;

    public static int Run()
    {
        var measured = Measure();
        Console.WriteLine(JsonSerializer.Serialize(measured));
        return measured.vectorRecall10 == 1 ? 0 : 1;
    }

    public static VectorFigures Measure()
    {
        var rng = new Rng(3);
        using var index = new VectorIndex<int>(HashedEmbedder.Size);
        var centres = Enumerable.Range(0, 200).Select(_ => Near(rng, new float[HashedEmbedder.Size])).ToArray();
        for (var i = 0; i < Vectors; i++)
        {
            index.Set(i, Near(rng, centres[i % centres.Length]));
        }

        var queries = Enumerable.Range(0, Queries).Select(k => Near(rng, centres[k % centres.Length])).ToArray();
        var (times, scans) = (new List<double>(), new List<double>());
        var found = 0;
        foreach (var query in queries)
        {
            // In turn, so that a noisy minute meets both.
            var watch = Stopwatch.StartNew();
            var hits = index.Search(query, 10);
            times.Add(watch.Elapsed.TotalMilliseconds);
            watch.Restart();
            var truth = index.Scan(query, 10);
            scans.Add(watch.Elapsed.TotalMilliseconds);
            found += hits.Select(h => h.Key).Intersect(truth.Select(h => h.Key)).Count();
        }

        return new VectorFigures(
            "vectors", Math.Round(Statistics.Percentile(times, 0.95), 2), Math.Round(Statistics.Percentile(times, 0.5), 2), Math.Round(Statistics.Percentile(scans, 0.5), 2), found / (10.0 * Queries), Math.Round(times.Sum() / scans.Sum(), 3));
    }

    private static float[] Near(Rng rng, float[] centre)
    {
        var v = Array.ConvertAll(centre, c => c + (float)((rng.NextDouble() + rng.NextDouble() + rng.NextDouble() - 1.5) * 0.08));
        TensorPrimitives.Divide(v, TensorPrimitives.Norm<float>(v), v);
        return v;
    }
}

/// <summary>Named as they are printed.</summary>
internal sealed record VectorFigures(string bench, double vectorQueryP95Ms, double vectorQueryMedianMs, double floatScanMedianMs, double vectorRecall10, double vectorRatio);
