using System.Text;

namespace AIX.Core.Conversations.Intents;

/// <summary>
/// Sparse features of short texts: word 1- to 3-grams with gaps and the character 2- to 5-grams inside words, and pairs of concepts, each weighted by (1 + ln tf)·idf, each kind of length 1 before it is weighed. A text's last feature is the constant.
/// </summary>
internal sealed class NGrams
{
    private const float CharShare = 1.4f;
    private const float MeaningShare = 1.8f;
    private const int MaxText = 2_000;
    private const ulong Whole = 1;
    private const ulong Meaning = 2;

    private readonly Dictionary<ulong, int> _index;
    private readonly float[] _idf;
    private readonly float _unseen;

    private readonly Concepts? _concepts;

    private readonly float _wordShare;

    private NGrams(Dictionary<ulong, int> index, float[] idf, float unseen, Concepts? concepts, float wordShare) => (_index, _idf, _unseen, _concepts, _wordShare) = (index, idf, unseen, concepts, wordShare);

    /// <summary>Features without the constant, which has this index.</summary>
    public int Count => _idf.Length;

    public static NGrams Learn(IEnumerable<string> texts, Concepts? concepts, float wordShare)
    {
        var index = new Dictionary<ulong, int>();
        var documents = new List<int>();
        var n = 0;
        foreach (var text in texts)
        {
            n++;
            foreach (var hash in Hashes(text, concepts).Distinct())
            {
                if (index.TryGetValue(hash, out var at))
                {
                    documents[at]++;
                }
                else
                {
                    index[hash] = documents.Count;
                    documents.Add(1);
                }
            }
        }

        return new NGrams(index, [.. documents.Select(d => (float)(Math.Log((1.0 + n) / (1 + d)) + 1))], (float)(Math.Log(1.0 + n) + 1), concepts, wordShare);
    }

    public (int Index, float Value)[] Encode(string text)
    {
        var hashes = Hashes(text, _concepts);
        hashes.Sort();
        var found = new (int Index, float Value, int Kind)[hashes.Count];
        var count = 0;
        Span<float> squares = stackalloc float[3];
        squares.Clear();
        for (var i = 0; i < hashes.Count;)
        {
            var from = i;
            while (i < hashes.Count && hashes[i] == hashes[from])
            {
                i++;
            }

            var tf = i - from == 1 ? 1 : 1 + MathF.Log(i - from);
            var kind = (int)(hashes[from] & 3);
            var known = _index.TryGetValue(hashes[from], out var at);
            var value = tf * (known ? _idf[at] : _unseen);
            squares[kind] += value * value;
            if (known)
            {
                found[count++] = (at, value, kind);
            }
        }

        Span<float> scale = [CharShare / MathF.Sqrt(Math.Max(squares[0], 1)), _wordShare / MathF.Sqrt(Math.Max(squares[1], 1)), MeaningShare / MathF.Sqrt(Math.Max(squares[2], 1))];
        var features = new (int, float)[count + 1];
        for (var i = 0; i < count; i++)
        {
            features[i] = (found[i].Index, found[i].Value * scale[found[i].Kind]);
        }

        features[count] = (Count, 0.3f);
        return features;
    }

    /// <summary>Hashes of all features; the last two bits tell their kind: characters 0, words 1, concepts 2.</summary>
    private static List<ulong> Hashes(string text, Concepts? concepts)
    {
        var clean = Clean(text);
        var hashes = new List<ulong>(clean.Length * 5);
        var words = new List<ulong>();
        var meanings = new List<int>();
        for (var start = 0; start < clean.Length;)
        {
            var end = clean.AsSpan(start).IndexOf(' ');
            end = end < 0 ? clean.Length : start + end;
            Word(clean.AsSpan(start, end - start), hashes, words);
            concepts?.Add(clean.AsSpan(start, end - start), meanings);
            start = end + 1;
        }

        AcrossWords(clean, hashes);
        for (var i = 0; i < words.Count; i++)
        {
            hashes.Add((words[i] & ~3UL) | Whole);
            if (i + 1 < words.Count)
            {
                hashes.Add((Mix(words[i], words[i + 1], 2) & ~3UL) | Whole);
            }

            if (i + 2 < words.Count)
            {
                hashes.Add((Mix(words[i], words[i + 2], 3) & ~3UL) | Whole);
            }
        }

        if (words.Count > 0)
        {
            // How a text begins and ends says much.
            hashes.Add((Mix(words[0], 0x51ED, 5) & ~3UL) | Whole);
            hashes.Add((Mix(words[^1], 0xA11E, 6) & ~3UL) | Whole);
        }

        for (var i = 0; i < meanings.Count; i++)
        {
            hashes.Add(Of(meanings[i], 0));
            for (var j = i + 1; j < Math.Min(meanings.Count, i + 4); j++)
            {
                hashes.Add(Of(meanings[i], meanings[j]));
            }
        }

        return hashes;
    }

    /// <summary>Character 4- and 5-grams that reach over a gap.</summary>
    private static void AcrossWords(string clean, List<ulong> hashes)
    {
        for (var from = 0; from < clean.Length; from++)
        {
            var hash = 0x84222325CBF29CE4UL;
            for (var n = 1; n <= 5 && from + n <= clean.Length; n++)
            {
                hash = (hash ^ clean[from + n - 1]) * 0x100000001B3UL;
                if (n >= 4 && clean.AsSpan(from, n)[1..^1].Contains(' '))
                {
                    hashes.Add(Finish(hash + (ulong)n) & ~3UL);
                }
            }
        }
    }

    private static ulong Of(int first, int second) => (Mix((ulong)first, (ulong)second, 11) & ~3UL) | Meaning;

    private static void Word(ReadOnlySpan<char> word, List<ulong> hashes, List<ulong> words)
    {
        if (word.Length == 0)
        {
            return;
        }

        Span<char> edged = stackalloc char[word.Length + 2];
        edged[0] = edged[^1] = ' ';
        word.CopyTo(edged[1..]);
        for (var from = 0; from < edged.Length; from++)
        {
            var hash = 0xCBF29CE484222325UL;
            for (var n = 1; n <= 5 && from + n <= edged.Length; n++)
            {
                hash = (hash ^ edged[from + n - 1]) * 0x100000001B3UL;
                if (n >= 2)
                {
                    hashes.Add(Finish(hash + (ulong)n) & ~3UL);
                }
            }
        }

        var whole = 0x9E3779B97F4A7C15UL;
        foreach (var c in word)
        {
            whole = (whole ^ c) * 0x100000001B3UL;
        }

        words.Add(Finish(whole));
    }

    private static ulong Mix(ulong a, ulong b, ulong kind) => Finish((a * 0x9E3779B97F4A7C15UL) ^ (b + kind));

    /// <summary>Last steps of MurmurHash3.</summary>
    private static ulong Finish(ulong h)
    {
        h ^= h >> 33;
        h *= 0xFF51AFD7ED558CCDUL;
        h ^= h >> 33;
        h *= 0xC4CEB9FE1A85EC53UL;
        return h ^ (h >> 33);
    }

    /// <summary>Lower case, digits as one sign, letters and their marks; everything else is a gap.</summary>
    internal static string Clean(string text)
    {
        var normal = (text.Length > MaxText ? text[..MaxText] : text).Normalize(NormalizationForm.FormC);
        var clean = new StringBuilder(normal.Length);
        foreach (var c in normal)
        {
            if (char.IsDigit(c))
            {
                clean.Append('0');
            }
            else if (char.IsLetter(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark)
            {
                clean.Append(char.ToLowerInvariant(c));
            }
            else if (c is not ('\'' or '’') && clean.Length > 0 && clean[^1] != ' ')
            {
                clean.Append(' ');
            }
        }

        return clean.ToString().TrimEnd();
    }
}
