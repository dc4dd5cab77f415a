using System.Globalization;
using AIX.Core.Text;

namespace AIX.Core.Enrichment;

/// <summary>A headline about a company.</summary>
public sealed record Headline(string Title, string? Url, DateTimeOffset? At);

/// <summary>What headlines say: the newest of each kind of event, the mood, and the headlines themselves as facts to cite. Scraped text is data: nothing in it is obeyed.</summary>
public static class NewsEvents
{
    public const string News = "news";
    public const string Mood = "newsSentiment";

    private const int MaxHeadlines = 5;

    private const int MaxTitle = 200;

    /// <summary>Kind of event → words that tell it, in English and Hindi; the first kind that fits is taken.</summary>
    private static readonly (string Kind, string[] Words)[] Kinds =
    [
        ("insolvency", Split("bankruptcy bankrupt insolvency insolvent liquidation दिवालिया")),
        ("layoffs", Split("layoff layoffs retrench retrenches छंटनी")),
        ("legal", Split("lawsuit sued fraud probe raid fined penalty investigation घोटाला मुकदमा छापा जुर्माना")),
        ("funding", Split("funding raises raised investment invests invested ipo unicorn seed valuation निवेश फंडिंग आईपीओ")),
        ("acquisition", Split("acquires acquired acquisition merger merges buys takeover अधिग्रहण विलय")),
        ("leadership", Split("appoints appointed ceo cto cfo chairman resigns joins नियुक्त इस्तीफा")),
        ("hiring", Split("hiring hires recruit recruits recruitment jobs headcount भर्ती नौकरी")),
        ("expansion", Split("expands expansion opens plant factory office facility warehouse विस्तार कारखाना")),
        ("partnership", Split("partners partnership alliance collaborates tie साझेदारी")),
        ("product", Split("launches launched launch unveils introduces release लॉन्च")),
        ("results", Split("quarter results revenue profit earnings नतीजे मुनाफा तिमाही")),
    ];

    public static IReadOnlyList<string> Attributes { get; } = [News, Mood, .. Kinds.Select(k => AttributeOf(k.Kind))];

    public static string AttributeOf(string kind) => $"event.{kind}";

    /// <summary>Kind of event that a headline tells of; null when none.</summary>
    public static string? KindOf(string title)
    {
        var words = Tokenizer.Words(title);
        return Kinds.FirstOrDefault(k => words.Any(k.Words.Contains)).Kind;
    }

    /// <param name="company">Headlines that do not name it are left out: a search finds neighbours too.</param>
    public static IReadOnlyList<SourcedValue> Read(IEnumerable<Headline> headlines, string company, DateTimeOffset now)
    {
        var name = Companies.CompanyName.Key(company)?.Split(' ') ?? [];
        var about = headlines.Where(h => name.Length > 0 && IsAbout(Tokenizer.Words(h.Title), name)).DistinctBy(h => h.Title).OrderByDescending(h => h.At).Take(20).ToList();
        if (about.Count == 0)
        {
            return [];
        }

        var values = about.Take(MaxHeadlines).Select(h => new SourcedValue(News, Cut(h.Title), h.Url)).ToList();
        values.Add(new SourcedValue(Mood, about.Average(h => new Sentiment().Of(h.Title)).ToString("0.###", CultureInfo.InvariantCulture)));
        foreach (var kind in about.Where(h => h.At <= now).Select(h => (Kind: KindOf(h.Title), Headline: h)).Where(h => h.Kind is not null).GroupBy(h => h.Kind!))
        {
            var newest = kind.MaxBy(h => h.Headline.At).Headline;
            values.Add(new SourcedValue(AttributeOf(kind.Key), newest.At!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), newest.Url));
        }

        return values;
    }

    private static bool IsAbout(IReadOnlyList<string> words, string[] name) =>
        Enumerable.Range(0, Math.Max(0, words.Count - name.Length + 1)).Any(at => name.Index().All(n => words[at + n.Index] == n.Item));

    private static string Cut(string title) => title.Length <= MaxTitle ? title : title[..MaxTitle];

    private static string[] Split(string words) => [.. words.Split(' ').Select(w => string.Join(' ', Tokenizer.Words(w)))];
}
