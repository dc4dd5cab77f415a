using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using AIX.Core.Text;

namespace AIX.Core.Scoring.Features;

/// <summary>
/// How a free text becomes numbers: its length in words, its share of each topic (21)–(22), and where it lies along the directions in which the tenant's texts differ most in meaning (principal
/// components of their embeddings). Fitted without the outcomes; stored with the model.
/// </summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="Columns">Names of the numbers, in order: length, topics, directions.</param>
/// <param name="Vocabulary">Words of the topics; empty when there are none.</param>
/// <param name="Topics">P(word | topic).</param>
/// <param name="RareWords">Inverse document frequency of the known words; an unknown one is as rare as the rarest.</param>
/// <param name="Centre">Mean embedding.</param>
/// <param name="Directions">Unit vectors in the space of embeddings.</param>
internal sealed record TextEncoder(string Name, string[] Columns, string[] Vocabulary, double[][] Topics, Dictionary<string, float> RareWords, float[] Centre, float[][] Directions)
{
    private readonly Lazy<TopicModel> _topics = new(() => new TopicModel(Vocabulary, Topics));
    private readonly Lazy<HashedEmbedder> _embedder = new(() => EmbedderOf(RareWords));

    [JsonIgnore]
    public TopicModel TopicModel => _topics.Value;

    public static HashedEmbedder EmbedderOf(Dictionary<string, float> rarity)
    {
        var rarest = rarity.Count == 0 ? 1 : rarity.Values.Max();
        return new HashedEmbedder(w => rarity.GetValueOrDefault(w, rarest));
    }

    /// <summary>The numbers of every row; a text that several rows share is read once. NaN where there is no text.</summary>
    public IEnumerable<NumberColumn> Encode(TextColumn text)
    {
        var values = new double[Columns.Length][];
        for (var c = 0; c < values.Length; c++)
        {
            values[c] = new double[text.Count];
            Array.Fill(values[c], double.NaN);
        }

        var read = new double[text.Levels.Count][];
        for (var i = 0; i < text.Count; i++)
        {
            if (text.Codes[i] is >= 0 and var code)
            {
                read[code] ??= Read(text.Levels[code]);
                for (var c = 0; c < values.Length; c++)
                {
                    values[c][i] = read[code][c];
                }
            }
        }

        return values.Select((v, c) => new NumberColumn(Columns[c], v, c == 0 ? "words" : null));
    }

    private double[] Read(string text)
    {
        var words = Tokenizer.Words(text);
        var numbers = new double[Columns.Length];
        numbers[0] = words.Count;
        if (Topics.Length > 0)
        {
            TopicModel.Infer(words).CopyTo(numbers, 1);
        }

        if (Directions.Length > 0)
        {
            var vector = _embedder.Value.Embed(text);
            TensorPrimitives.Subtract(vector, Centre, vector);
            for (var k = 0; k < Directions.Length; k++)
            {
                numbers[1 + Topics.Length + k] = TensorPrimitives.Dot<float>(vector, Directions[k]);
            }
        }

        return numbers;
    }
}
