using System.Numerics;
using System.Runtime.InteropServices;
using AIX.Core.Conversations.Intents;

namespace AIX.Core.Conversations;

/// <summary>What a text is taken to mean.</summary>
/// <param name="Label">The most probable intent; <see cref="IntentModel.OutOfScope"/> where none is probable enough.</param>
/// <param name="Probability">Calibrated probability of the best intent, in (0, 1).</param>
/// <param name="Best">The best intent, also where it lies under the threshold.</param>
public sealed record IntentGuess(string Label, double Probability, string Best);

/// <summary>Settings of the training.</summary>
/// <param name="Epochs">Passes over the texts, 1 to 200.</param>
/// <param name="Rate">First step of AdaGrad, above 0.</param>
/// <param name="L2">Pull of the weights towards 0, per pass.</param>
/// <param name="InScopeKept">Share of texts with an intent that the threshold lets pass, in (0, 1).</param>
/// <param name="Dropout">Share of a text's features that a step leaves out, in [0, 1): what one word alone says is not relied on (Wager, Wang, Liang 2013). The last passes see everything.</param>
/// <param name="Margin">Score by which the true intent has to lead before a text stops teaching, 0 or more (additive margin softmax: Wang et al. 2018, eq. 6).</param>
/// <param name="WordShare">Length of a text's words beside its characters, which have 1.4; above 0.</param>
/// <param name="Concepts">Also learns from the concepts of sales calls.</param>
public sealed record IntentTraining(int Epochs = 60, float Rate = 0.5f, float L2 = 1e-5f, int Seed = 7, double InScopeKept = 0.97, float Dropout = 0.5f, float Margin = 4, float WordShare = 1.4f, bool Concepts = false)
{
    /// <summary>For the shipped corpus: its texts are short and written with care, so that leaving words out costs more than it teaches (mean over five folds of templates .876 without, .874 with).</summary>
    public static IntentTraining OfCalls { get; } = new(Epochs: 30, Dropout: 0, Margin: 0, WordShare: 0.9f, Concepts: true);
}

/// <summary>
/// Multinomial logistic regression on TF-IDF of character and word n-grams, trained with AdaGrad (Duchi, Hazan, Singer 2011) under dropout and a margin, its probabilities calibrated by temperature on texts that were held out
/// (Guo et al. 2017, eq. 9). n-grams that training never saw count towards a text's length, so that a text of unknown words is near to nothing and falls out of scope.
/// </summary>
public sealed class IntentModel
{
    public const string OutOfScope = "oos";

    private readonly NGrams _grams;
    private readonly string[] _labels;
    private readonly float[] _weights;
    private readonly int _stride;
    private readonly double _temperature;

    private IntentModel(NGrams grams, string[] labels, float[] weights, int stride, double temperature, double threshold)
    {
        (_grams, _labels, _weights, _stride, _temperature, Threshold) = (grams, labels, weights, stride, temperature, threshold);
    }

    public IReadOnlyList<string> Labels => _labels;

    /// <summary>Least probability of an intent that counts, in (0, 1).</summary>
    public double Threshold { get; }

    /// <param name="rows">Texts with their labels; rows of <see cref="OutOfScope"/> teach what belongs to no intent.</param>
    /// <exception cref="ArgumentException">There are fewer than two labels.</exception>
    public static IntentModel Train(IReadOnlyList<(string Text, string Label)> rows, IntentTraining? options = null)
    {
        var training = options ?? new IntentTraining();
        string[] labels = [.. rows.Select(r => r.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (labels.Length < 2)
        {
            throw new ArgumentException($"Training an intent model needs at least two labels; there are {labels.Length}.", nameof(rows));
        }

        // Every tenth text, in an order of its own, is held out to find the temperature and the threshold; then all are learned from.
        var order = Enumerable.Range(0, rows.Count).ToArray();
        new Random(training.Seed).Shuffle(order);
        var held = order.Take(Math.Max(1, rows.Count / 10)).Select(i => rows[i]).ToList();
        var first = Fit([.. order.Skip(held.Count).Select(i => rows[i])], labels, training, 1, 0);
        var (temperature, threshold) = first.Calibrate(held, training);
        return Fit(rows, labels, training, temperature, threshold);
    }

    public IntentGuess Classify(string text)
    {
        Span<float> scores = stackalloc float[_stride];
        Score(text, scores);
        var (best, probability) = Softmax(scores);
        return new IntentGuess(_labels[best] == OutOfScope || probability < Threshold ? OutOfScope : _labels[best], probability, _labels[best]);
    }

    /// <summary>How far a text is from every intent: 1 − the greatest probability of one, in (0, 1).</summary>
    public double Strangeness(string text)
    {
        var scores = new float[_stride];
        Score(text, scores);
        var p = Probabilities(scores);
        var most = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            most = _labels[i] == OutOfScope ? most : Math.Max(most, p[i]);
        }

        return 1 - most;
    }

    private static IntentModel Fit(IReadOnlyList<(string Text, string Label)> rows, string[] labels, IntentTraining training, double temperature, double threshold)
    {
        var grams = NGrams.Learn(rows.Select(r => r.Text), training.Concepts ? Intents.Concepts.OfCalls : null, training.WordShare);
        var stride = (labels.Length + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        var weights = new float[(grams.Count + 1) * stride];
        var trainer = new SoftmaxTrainer(grams, weights, labels.Length, stride, training);
        trainer.Run([.. rows.Select(r => grams.Encode(r.Text))], [.. rows.Select(r => Array.BinarySearch(labels, r.Label, StringComparer.Ordinal))]);
        return new IntentModel(grams, labels, weights, stride, temperature, threshold);
    }

    private (double Temperature, double Threshold) Calibrate(List<(string Text, string Label)> held, IntentTraining training)
    {
        var scores = held.ConvertAll(h =>
        {
            var s = new float[_stride];
            Score(h.Text, s);
            return s;
        });
        var truth = held.ConvertAll(h => Array.BinarySearch(_labels, h.Label, StringComparer.Ordinal));
        var temperature = Temperature.Fit(scores, truth, _labels.Length);

        // The threshold that keeps nearly all texts that do have an intent.
        var inScope = new List<double>();
        for (var i = 0; i < held.Count; i++)
        {
            if (held[i].Label != OutOfScope)
            {
                inScope.Add(Temperature.Softmax(scores[i], _labels.Length, temperature).Max());
            }
        }

        inScope.Sort();
        return (temperature, inScope.Count == 0 ? 0 : Math.Min(0.5, inScope[(int)((1 - training.InScopeKept) * (inScope.Count - 1))]));
    }

    private void Score(string text, Span<float> scores)
    {
        scores.Clear();
        var sum = MemoryMarshal.Cast<float, Vector<float>>(scores);
        var weights = MemoryMarshal.Cast<float, Vector<float>>(_weights);
        var wide = sum.Length;
        foreach (var (index, value) in _grams.Encode(text))
        {
            var row = weights.Slice(index * wide, wide);
            for (var i = 0; i < wide; i++)
            {
                sum[i] += row[i] * value;
            }
        }
    }

    private double[] Probabilities(float[] scores) => Temperature.Softmax(scores, _labels.Length, _temperature);

    private (int Best, double Probability) Softmax(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < _labels.Length; i++)
        {
            best = scores[i] > scores[best] ? i : best;
        }

        var sum = 0.0;
        for (var i = 0; i < _labels.Length; i++)
        {
            sum += Math.Exp((scores[i] - scores[best]) / _temperature);
        }

        return (best, 1 / sum);
    }
}
