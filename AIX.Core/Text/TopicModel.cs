namespace AIX.Core.Text;

/// <summary>
/// Latent Dirichlet allocation (Blei, Ng and Jordan 2003), equations (21)–(22) of the scoring note, fitted by collapsed Gibbs sampling (Griffiths and Steyvers 2004). Immutable; what is stored is the
/// vocabulary and the words' shares in each topic.
/// </summary>
public sealed class TopicModel
{
    private const int Sweeps = 120;

    /// <summary>Steps of the fold-in of a new text; the shares settle long before.</summary>
    private const int FoldIn = 20;

    /// <summary>Words of a text that count; a longer one says what it is about by then.</summary>
    private const int MaxWords = 200;

    private const int MaxVocabulary = 1_000;

    /// <summary>Prior of a topic in a text, and of a word in a topic.</summary>
    private const double Alpha = 0.3;
    private const double Beta = 0.05;

    private readonly Dictionary<string, int> _index;

    /// <param name="words">The vocabulary.</param>
    /// <param name="shares">Topics × words: P(word | topic).</param>
    public TopicModel(IReadOnlyList<string> words, double[][] shares)
    {
        (Words, Shares) = (words, shares);
        _index = Enumerable.Range(0, words.Count).ToDictionary(k => words[k], StringComparer.Ordinal);
    }

    public IReadOnlyList<string> Words { get; }

    public double[][] Shares { get; }

    public int Topics => Shares.Length;

    /// <param name="texts">Words of each text, as <see cref="Tokenizer.Words"/> gives them.</param>
    /// <param name="topics">At least 2.</param>
    /// <param name="minTexts">Words in fewer texts are left out, as are those in more than half of them.</param>
    /// <returns>Null when fewer than ten words are shared by the texts.</returns>
    public static TopicModel? Fit(IReadOnlyList<IReadOnlyList<string>> texts, int topics, int minTexts, Random random)
    {
        var vocabulary = texts.SelectMany(t => t.Where(w => w.Length > 1 && !char.IsDigit(w[0]) && !StopWords.Contains(w)).Distinct(StringComparer.Ordinal))
            .CountBy(w => w, StringComparer.Ordinal)
            .Where(w => w.Value >= minTexts && w.Value <= Math.Max(minTexts, texts.Count / 2))
            .OrderByDescending(w => w.Value).ThenBy(w => w.Key, StringComparer.Ordinal)
            .Take(MaxVocabulary).Select(w => w.Key).ToArray();
        if (vocabulary.Length < 10)
        {
            return null;
        }

        var index = Enumerable.Range(0, vocabulary.Length).ToDictionary(k => vocabulary[k], StringComparer.Ordinal);
        return new TopicModel(vocabulary, Sample([.. texts.Select(t => Known(index, t))], topics, vocabulary.Length, random));
    }

    /// <summary>Share of each topic in a text, adding up to 1: expectation steps with the words' shares held fast. Every topic alike for a text without a known word.</summary>
    public double[] Infer(IReadOnlyList<string> text)
    {
        var (words, theta, next) = (Known(_index, text), new double[Topics], new double[Topics]);
        Array.Fill(theta, 1.0 / Topics);
        for (var step = 0; step < FoldIn && words.Length > 0; step++)
        {
            Array.Fill(next, Alpha);
            foreach (var word in words)
            {
                var sum = 0.0;
                for (var k = 0; k < theta.Length; k++)
                {
                    sum += theta[k] * Shares[k][word];
                }

                for (var k = 0; k < theta.Length; k++)
                {
                    next[k] += theta[k] * Shares[k][word] / sum;
                }
            }

            for (var k = 0; k < theta.Length; k++)
            {
                theta[k] = next[k] / (words.Length + Alpha * theta.Length);
            }
        }

        return theta;
    }

    /// <summary>The words that tell a topic: common in it and rarer in the others (relevance with λ = 0.6, Sievert and Shirley 2014).</summary>
    public IReadOnlyList<string> NameOf(int topic, int words)
    {
        double Relevance(int word)
        {
            var everywhere = Shares.Average(s => s[word]);
            return 0.6 * Math.Log(Shares[topic][word]) + 0.4 * Math.Log(Shares[topic][word] / everywhere);
        }

        return [.. Enumerable.Range(0, Words.Count).OrderByDescending(Relevance).ThenBy(w => w).Take(words).Select(w => Words[w])];
    }

    private static int[] Known(Dictionary<string, int> index, IReadOnlyList<string> text) =>
        [.. text.Take(4 * MaxWords).Select(w => index.GetValueOrDefault(w, -1)).Where(w => w >= 0).Take(MaxWords)];

    /// <summary>P(word | topic), averaged over the second half of the sweeps.</summary>
    private static double[][] Sample(int[][] texts, int topics, int words, Random random)
    {
        var (ofWord, ofTopic, ofText) = (new int[words * topics], new int[topics], new int[topics]);
        var (state, cumulative) = (new int[texts.Length][], new double[topics]);
        var shares = new double[topics][];
        for (var k = 0; k < topics; k++)
        {
            shares[k] = new double[words];
        }

        for (var d = 0; d < texts.Length; d++)
        {
            state[d] = new int[texts[d].Length];
            for (var i = 0; i < state[d].Length; i++)
            {
                state[d][i] = random.Next(topics);
                ofWord[texts[d][i] * topics + state[d][i]]++;
                ofTopic[state[d][i]]++;
            }
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var d = 0; d < texts.Length; d++)
            {
                Array.Clear(ofText);
                foreach (var topic in state[d])
                {
                    ofText[topic]++;
                }

                for (var i = 0; i < state[d].Length; i++)
                {
                    var (row, old, sum) = (texts[d][i] * topics, state[d][i], 0.0);
                    ofWord[row + old]--;
                    ofTopic[old]--;
                    ofText[old]--;
                    for (var k = 0; k < topics; k++)
                    {
                        sum += (ofText[k] + Alpha) * (ofWord[row + k] + Beta) / (ofTopic[k] + Beta * words);
                        cumulative[k] = sum;
                    }

                    var at = random.NextDouble() * sum;
                    var chosen = 0;
                    while (chosen < topics - 1 && cumulative[chosen] < at)
                    {
                        chosen++;
                    }

                    state[d][i] = chosen;
                    ofWord[row + chosen]++;
                    ofTopic[chosen]++;
                    ofText[chosen]++;
                }
            }

            if (sweep >= Sweeps / 2)
            {
                for (var k = 0; k < topics; k++)
                {
                    for (var w = 0; w < words; w++)
                    {
                        shares[k][w] += (ofWord[w * topics + k] + Beta) / (ofTopic[k] + Beta * words) / (Sweeps - Sweeps / 2);
                    }
                }
            }
        }

        return shares;
    }
}
