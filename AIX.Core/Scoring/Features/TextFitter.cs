using System.Numerics.Tensors;
using AIX.Core.Text;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace AIX.Core.Scoring.Features;

/// <summary>Fits a <see cref="TextEncoder"/> to a column of free text.</summary>
internal static class TextFitter
{
    /// <summary>Texts that are read to fit; more add nothing to what the topics are.</summary>
    private const int MaxTexts = 3_000;

    /// <summary>A column whose values have fewer words on average is names or identifiers.</summary>
    private const double MinWords = 3;

    /// <summary>Texts per topic, and per direction, at least: fewer could not tell them from chance.</summary>
    private const int TextsPerTopic = 40;

    private const int MaxTopics = 8;
    private const int MaxDirections = 6;

    /// <returns>Null when the column is no free text, or there is too little of it.</returns>
    public static TextEncoder? Fit(TextColumn column, int minTexts, int seed)
    {
        var texts = Sample(column);
        var words = texts.Select(Tokenizer.Words).ToArray();
        var topics = Math.Min(MaxTopics, texts.Length / TextsPerTopic);
        if (topics < 2 || texts.Average(Spaced) < MinWords)
        {
            return null;
        }

        var frequency = words.SelectMany(w => w.Distinct(StringComparer.Ordinal)).CountBy(w => w, StringComparer.Ordinal).Where(w => w.Value >= 2).ToDictionary(StringComparer.Ordinal);
        var rarity = frequency.ToDictionary(f => f.Key, f => (float)Math.Log((1.0 + texts.Length) / (1 + f.Value)) + 0.05f, StringComparer.Ordinal);
        if (TopicModel.Fit(words, topics, minTexts, new Random(seed)) is not { } model)
        {
            return null;
        }

        var embedder = TextEncoder.EmbedderOf(rarity);
        var (centre, directions) = Principal([.. texts.Select(embedder.Embed)], Math.Min(MaxDirections, topics));
        var names = new List<string> { $"{column.Name}: length" };
        names.AddRange(Enumerable.Range(0, topics).Select(k => $"{column.Name}: {string.Join(", ", model.NameOf(k, 3))}"));
        names.AddRange(directions.Select(d => $"{column.Name}: {Poles(d, centre, model.Words, embedder)}"));
        return new TextEncoder(column.Name, Distinct(names), [.. model.Words], model.Shares, rarity, centre, directions);
    }

    /// <summary>Words between spaces: a domain or an address of the web is one.</summary>
    private static double Spaced(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static string[] Sample(TextColumn column)
    {
        var known = new List<int>();
        foreach (var code in column.Codes)
        {
            if (code >= 0)
            {
                known.Add(code);
            }
        }

        var step = Math.Max(1, (known.Count + MaxTexts - 1) / MaxTexts);
        return [.. known.Where((_, i) => i % step == 0).Select(c => column.Levels[c])];
    }

    /// <summary>Mean, and the eigenvectors of the covariance with the largest eigenvalues, the largest first; each with its largest number positive, so that a refit turns none around.</summary>
    private static (float[] Centre, float[][] Directions) Principal(float[][] vectors, int count)
    {
        var size = vectors[0].Length;
        var centre = new float[size];
        foreach (var vector in vectors)
        {
            TensorPrimitives.MultiplyAdd(vector, 1f / vectors.Length, centre, centre);
        }

        var covariance = new float[size * size];
        foreach (var vector in vectors)
        {
            TensorPrimitives.Subtract(vector, centre, vector);
            for (var r = 0; r < size; r++)
            {
                if (vector[r] != 0)
                {
                    var row = covariance.AsSpan(r * size, size);
                    TensorPrimitives.MultiplyAdd(vector, vector[r] / vectors.Length, row, row);
                }
            }
        }

        Evd<double> eigen = Matrix<double>.Build.Dense(size, size, (r, c) => covariance[r * size + c] / 2.0 + covariance[c * size + r] / 2.0).Evd(Symmetricity.Symmetric);
        return (centre, [.. Enumerable.Range(1, count).Select(k =>
        {
            var direction = eigen.EigenVectors.Column(size - k).Select(v => (float)v).ToArray();
            return direction[TensorPrimitives.IndexOfMaxMagnitude<float>(direction)] < 0 ? Array.ConvertAll(direction, v => -v) : direction;
        })]);
    }

    /// <summary>The two words at either end of a direction: "price, budget ↔ fees, student".</summary>
    private static string Poles(float[] direction, float[] centre, IReadOnlyList<string> words, HashedEmbedder embedder)
    {
        var along = words.Select(w => (Word: w, At: TensorPrimitives.Dot<float>(embedder.Embed(w), direction) - TensorPrimitives.Dot<float>(centre, direction))).OrderByDescending(w => w.At).ToList();
        return $"{along[0].Word}, {along[1].Word} ↔ {along[^1].Word}, {along[^2].Word}";
    }

    private static string[] Distinct(List<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. names.Select(n => Enumerable.Range(1, names.Count).Select(k => k == 1 ? n : $"{n} ({k})").First(seen.Add))];
    }
}
