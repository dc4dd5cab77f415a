using System.Numerics.Tensors;
using AIX.Core.Text;

namespace AIX.Core.Conversations;

/// <summary>An article or an answer to an objection, in one language, with its embedding.</summary>
/// <param name="Keys">Words that it is to be found by, beside its own.</param>
public sealed record KnowledgeEntry(Guid Id, string Language, string Title, string Answer, string Keys, float[] Vector);

/// <summary>
/// Finds the article that answers a question: embedding and words together, in the caller's language first; below the threshold there is none, and the conversation says so.
/// </summary>
public sealed class KnowledgeIndex(IReadOnlyList<KnowledgeEntry> entries)
{
    /// <summary>Least score of an answer, in (0, 1).</summary>
    public const double Threshold = 0.25;

    private const double WordShare = 0.6;

    /// <summary>Words that ask and do not say what about: every article's title has some.</summary>
    private static readonly HashSet<string> QuestionWords = new(
        "how what which who when where why does do did can could will would much many please tell me about kya kaise kitna kitne kitni kab kahan kyun kaun batao bataiye क्या कैसे कितना कितने कितनी कब कहाँ कहां क्यों कौन बताइए बताओ".Split(' '), StringComparer.Ordinal);

    private readonly IReadOnlyList<(KnowledgeEntry Entry, HashSet<string> Words)> _entries = [.. entries.Select(e => (e, WordsOf($"{e.Title} {e.Keys} {e.Answer}")))];

    /// <param name="question">The question with its embedding.</param>
    public KnowledgeHit? Find(string question, float[] vector, string language)
    {
        var asked = WordsOf(question);
        if (asked.Count == 0)
        {
            return null;
        }

        (KnowledgeEntry Entry, double Score)? best = null;
        foreach (var (entry, words) in _entries.Where(e => e.Entry.Language == language))
        {
            var shared = asked.Count(words.Contains) / (double)asked.Count;
            var near = entry.Vector.Length == vector.Length ? Math.Max(0, TensorPrimitives.Dot<float>(entry.Vector, vector)) : 0;
            var score = (WordShare * shared) + ((1 - WordShare) * near);
            best = best is null || score > best.Value.Score ? (entry, score) : best;
        }

        return best is { Score: >= Threshold } found ? new KnowledgeHit(found.Entry.Id, found.Entry.Answer, found.Score) : null;
    }

    private static HashSet<string> WordsOf(string text) => [.. Tokenizer.Words(text).Where(w => w.Length > 1 && !StopWords.Contains(w) && !QuestionWords.Contains(w))];
}
