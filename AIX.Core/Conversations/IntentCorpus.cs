namespace AIX.Core.Conversations;

/// <summary>An utterance of the shipped corpus.</summary>
/// <param name="Language"><c>en</c>, <c>hi</c> (Devanagari) or <c>hinglish</c> (Hindi in Latin letters, mixed with English).</param>
/// <param name="Template">Number of the template that it comes from, unique within intent and language.</param>
public sealed record CorpusRow(string Text, string Intent, string Language, int Template);

/// <summary>
/// The bilingual corpus that the shipped classifier learns from, written for this project: per language and intent some dozen templates with alternatives in brackets. Train and test never share a
/// template, so that a figure measured on it says something about sentences that were not seen.
/// </summary>
public static class IntentCorpus
{
    /// <summary>Utterances of one template at most; long lists of alternatives do not outweigh short ones.</summary>
    private const int MostOfATemplate = 9;

    /// <summary>Every fifth template tests.</summary>
    private const int TestEvery = 5;

    public static readonly IReadOnlyList<string> Languages = ["en", "hi", "hinglish"];

    private static readonly Lazy<IReadOnlyList<CorpusRow>> Rows = new(() => [.. Languages.SelectMany(Read)]);

    public static IReadOnlyList<CorpusRow> All => Rows.Value;

    public static bool IsTest(CorpusRow row) => IsTest(row, TestEvery - 1);

    /// <param name="fold">0 to 4; the last is the one that figures are given for.</param>
    public static bool IsTest(CorpusRow row, int fold) => row.Template % TestEvery == fold;

    /// <summary>Every sentence that a template stands for: <c>(a|b) c (d|)</c>.</summary>
    public static IEnumerable<string> Expand(string template)
    {
        var open = template.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return [string.Join(' ', template.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        }

        var close = template.IndexOf(')', open);
        return template[(open + 1)..close].Split('|').SelectMany(choice => Expand(template[..open] + choice + template[(close + 1)..]));
    }

    private static IEnumerable<CorpusRow> Read(string language)
    {
        using var stream = typeof(IntentCorpus).Assembly.GetManifestResourceStream($"intents-{language}.txt") ?? throw new InvalidOperationException($"The corpus of {language} is not in the program.");
        using var reader = new StreamReader(stream);
        var rows = new List<CorpusRow>();
        var (intent, template) = ("", 0);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                (intent, template) = (line[2..], 0);
            }
            else if (line.Length > 0)
            {
                // Spread over all alternatives, not only the first ones.
                var all = Expand(line).Distinct(StringComparer.Ordinal).ToList();
                var step = Math.Max(1, (double)all.Count / MostOfATemplate);
                rows.AddRange(Enumerable.Range(0, Math.Min(all.Count, MostOfATemplate)).Select(i => new CorpusRow(all[(int)(i * step)], intent, language, template)));
                template++;
            }
        }

        return rows;
    }
}
