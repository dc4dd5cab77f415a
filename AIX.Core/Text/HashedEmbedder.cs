using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace AIX.Core.Text;

/// <summary>
/// The offline embedder: words, pairs of words and character n-grams (3 to 5, with the word's edges), each weighed by its rarity, projected by a very sparse random matrix
/// (Li, Hastie and Church 2006) whose rows are made from the feature's own hash, so that nothing is learned or stored. Alike spelling means alike vectors, in any script.
/// </summary>
public sealed class HashedEmbedder : IEmbedder
{
    public const int Size = 384;

    /// <summary>Dimensions that a feature touches.</summary>
    private const int Touched = 12;

    private const int MaxWords = 2_000;

    private readonly Func<string, double>? _rarity;

    /// <param name="rarity">Inverse document frequency of a word, above 0; null for that of <see cref="WordRarity"/>.</param>
    public HashedEmbedder(Func<string, double>? rarity = null) => _rarity = rarity;

    public string Name => "hashed-2";

    public int Dimensions => Size;

    public Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken ct)
    {
        var vectors = new float[texts.Count][];
        for (var i = 0; i < vectors.Length; i++)
        {
            ct.ThrowIfCancellationRequested();
            vectors[i] = Embed(texts[i]);
        }

        return Task.FromResult<IReadOnlyList<float[]>>(vectors);
    }

    public float[] Embed(string text)
    {
        var counts = new Dictionary<ulong, float>();
        var words = Tokenizer.Words(text);
        for (var w = 0; w < Math.Min(words.Count, MaxWords); w++)
        {
            var weight = (float)Rarity(words[w]);
            Count(counts, Hash(words[w], 1), weight);
            if (w > 0)
            {
                Count(counts, Hash(words[w - 1], 2) * 31 + Hash(words[w], 3), 0.5f * MathF.Min(weight, (float)Rarity(words[w - 1])));
            }

            var edged = $"<{words[w]}>";
            for (var n = 3; n <= 5; n++)
            {
                for (var at = 0; at + n <= edged.Length; at++)
                {
                    // A word's n-grams together weigh about as much as the word.
                    Count(counts, Hash(edged.AsSpan(at, n), 4), weight / MathF.Sqrt(3 * edged.Length));
                }
            }
        }

        var vector = new float[Size];
        foreach (var (feature, count) in counts)
        {
            Project(feature, MathF.Sign(count) * MathF.Log(1 + count), vector);
        }

        var length = TensorPrimitives.Norm<float>(vector);
        if (length > 0)
        {
            TensorPrimitives.Divide(vector, length, vector);
        }

        return vector;
    }

    private double Rarity(string word) => _rarity?.Invoke(word) ?? WordRarity.Of(word);

    private static void Count(Dictionary<ulong, float> counts, ulong feature, float weight)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, feature, out _);
        count += weight;
    }

    private static void Project(ulong feature, float value, float[] vector)
    {
        var state = feature;
        for (var k = 0; k < Touched; k++)
        {
            // SplitMix64 (Steele, Lea and Flood 2014).
            state += 0x9E3779B97F4A7C15;
            var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            vector[(int)(((z >> 32) * Size) >> 32)] += (z & 1) == 0 ? value : -value;
        }
    }

    /// <summary>FNV-1a over UTF-16 units, 64 bits; the kind of feature goes in first.</summary>
    private static ulong Hash(ReadOnlySpan<char> text, byte kind)
    {
        var hash = (0xCBF29CE484222325 ^ kind) * 0x100000001B3;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 0x100000001B3;
        }

        return hash;
    }
}
