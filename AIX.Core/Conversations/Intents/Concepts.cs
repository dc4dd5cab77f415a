namespace AIX.Core.Conversations.Intents;

/// <summary>Words of the three languages that say the same in a sales call, as concepts: what is learned of "price" holds for "kimat" and "कीमत". A word that ends in * stands for all that begin so.</summary>
internal sealed class Concepts
{
    private readonly Dictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private readonly List<(string Stem, int Concept)> _stems = [];

    private Concepts(IEnumerable<string> lines)
    {
        var found = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in lines.Where(l => l.Length > 0))
        {
            number++;
            foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(w => NGrams.Clean(w.TrimEnd('*')) + (w.EndsWith('*') ? "*" : "")))
            {
                if (word.EndsWith('*'))
                {
                    _stems.Add((word[..^1], number));
                }
                else
                {
                    (found.TryGetValue(word, out var set) ? set : found[word] = []).Add(number);
                }
            }
        }

        foreach (var (word, concepts) in found)
        {
            _words[word] = [.. concepts];
        }
    }

    /// <summary>The concepts of sales calls.</summary>
    public static Concepts OfCalls { get; } = Load();

    /// <param name="word">As <see cref="NGrams.Clean"/> leaves it.</param>
    public void Add(ReadOnlySpan<char> word, List<int> into)
    {
        if (_words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var known))
        {
            into.AddRange(known);
        }

        foreach (var (stem, concept) in _stems)
        {
            if (word.StartsWith(stem, StringComparison.Ordinal))
            {
                into.Add(concept);
            }
        }
    }

    private static Concepts Load()
    {
        using var stream = typeof(Concepts).Assembly.GetManifestResourceStream("concepts.txt") ?? throw new InvalidOperationException("The list of concepts is not in the program.");
        using var reader = new StreamReader(stream);
        return new Concepts(reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries));
    }
}
