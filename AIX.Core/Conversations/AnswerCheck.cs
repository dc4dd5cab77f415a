using System.Text.RegularExpressions;
using AIX.Core.Text;

namespace AIX.Core.Conversations;

/// <summary>Whether a text that a language model wrote may be spoken in the place of an article's answer: nothing in it goes beyond the article.</summary>
public static partial class AnswerCheck
{
    /// <summary>Longest answer, in characters: about twenty seconds of speech.</summary>
    public const int MaxLength = 300;

    /// <summary>Share of the words with a meaning that have to stand in the article or in the question.</summary>
    private const double LeastGrounded = 0.6;

    private const int StemLength = 4;

    /// <summary>Beginnings of words that commit the company; the article may use them, a model may not add them.</summary>
    private static readonly string[] Promises =
    [
        "guarant", "warrant", "promis", "assur", "refund", "free", "discount", "cashback", "bonus", "lifetime", "unlimited", "always", "never", "100", "risk", "best", "cheapest", "lowest", "commit", "definitely", "certainly",
        "गारंटी", "वादा", "वायदा", "मुफ्त", "मुफ़्त", "फ्री", "छूट", "वापस", "रिफंड", "हमेशा", "पक्का", "सबसे", "वारंटी",
    ];

    /// <param name="spoken">What the model would have said.</param>
    /// <param name="language"><c>en</c> or <c>hi</c>.</param>
    /// <returns>Why it may not be said; null when it may.</returns>
    public static string? Refuse(string spoken, string article, string question, string language)
    {
        if (spoken.Trim().Length == 0 || spoken.Length > MaxLength)
        {
            return "length";
        }

        if (spoken.Any(char.IsControl) || spoken.Any("<>{}[]*#`".Contains))
        {
            return "markup";
        }

        if (spoken.Any(IsDevanagari) != (language == "hi"))
        {
            return "language";
        }

        // Another person's data: addresses, and every number, whoever it belongs to.
        if (Address().Matches(spoken).Any(m => !article.Contains(m.Value, StringComparison.OrdinalIgnoreCase)))
        {
            return "address";
        }

        var numbers = Number().Matches(article).Select(m => Digits(m.Value)).ToHashSet();
        if (Number().Matches(spoken).Any(m => !numbers.Contains(Digits(m.Value))))
        {
            return "number";
        }

        var known = WordsOf($"{article} {question}");
        var said = WordsOf(spoken);
        var written = WordsOf(article);
        if (said.Any(w => Promises.Any(p => w.StartsWith(p, StringComparison.Ordinal)) && !written.Contains(w)))
        {
            return "promise";
        }

        // Names that nobody gave it: capitals within a sentence.
        if (Name().Matches(spoken).Any(m => !known.Contains(m.Groups[1].Value.ToLowerInvariant())))
        {
            return "name";
        }

        var stems = known.Select(Stem).ToHashSet(StringComparer.Ordinal);
        var meaning = said.Where(w => w.Length > 2 && !StopWords.Contains(w)).ToList();
        return meaning.Count > 0 && meaning.Count(w => stems.Contains(Stem(w))) >= LeastGrounded * meaning.Count ? null : "grounding";
    }

    private static HashSet<string> WordsOf(string text) => [.. Tokenizer.Words(text).Select(w => w.ToLowerInvariant())];

    private static string Stem(string word) => word.Length > StemLength ? word[..StemLength] : word;

    private static string Digits(string number) => new([.. number.Where(char.IsDigit).Select(c => (char)('0' + (int)char.GetNumericValue(c)))]);

    private static bool IsDevanagari(char c) => c is >= '\u0900' and <= '\u097F';

    [GeneratedRegex(@"\S+@\S+|https?://\S+|www\.\S+|\b[\w-]+\.(?:com|in|org|net|io|test)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"\d[\d,. -]*", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<=[\p{L}\p{N},;]\s)(\p{Lu}\p{L}+)", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
