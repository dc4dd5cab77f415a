using System.Text.Json;
using System.Text.Json.Serialization;
using AIX.Core.Enrichment;

namespace AIX.Infrastructure.Enrichment.Http;

/// <summary>An HTTP source as a file: what is sent, what it costs, where the values stand in the answer.</summary>
internal sealed record SourceDefinition
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    public required SourceCategory Kind { get; init; }

    /// <summary>Address with <c>{domain}</c>, <c>{name}</c>, <c>{cin}</c> and <c>{key}</c>, each escaped for an address.</summary>
    public required string Url { get; init; }

    /// <summary>Headers with the same place-holders.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>User name and password of HTTP Basic (RFC 7617), with place-holders, as <c>{key}:</c>.</summary>
    public string? Basic { get; init; }

    /// <summary>What the source looks companies up by: <c>domain</c>, <c>name</c>, <c>cin</c>.</summary>
    public IReadOnlyList<string> Needs { get; init; } = ["domain"];

    public bool NeedsKey { get; init; } = true;

    public decimal Price { get; init; }

    public bool BilledOnMatch { get; init; }

    public required double RatePerSecond { get; init; }

    public required double HitRate { get; init; }

    public required double Reliability { get; init; }

    public double TimeToLiveDays { get; init; } = 90;

    /// <summary>Attribute → path in the answer.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Path of an address where the record can be read.</summary>
    public string? Link { get; init; }

    /// <summary>Path of the company's name in the answer of a search: an answer about another company is "nothing".</summary>
    public string? NamePath { get; init; }

    /// <summary>Where articles stand, for sources of news.</summary>
    public ArticlePaths? Articles { get; init; }

    /// <summary>Statuses that mean "not known".</summary>
    public IReadOnlyList<int> NothingStatuses { get; init; } = [404];

    /// <summary>Words in a body that mean "too many requests", also with status 200.</summary>
    public IReadOnlyList<string> ThrottleWords { get; init; } = [];

    /// <summary>Header with the seconds, Unix time or date at which the window ends.</summary>
    public string? ResetHeader { get; init; }

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <exception cref="InvalidDataException">The file is no definition; the message names the file and what is wrong.</exception>
    public static SourceDefinition Read(string file, string json)
    {
        try
        {
            var definition = JsonSerializer.Deserialize<SourceDefinition>(json, Json) ?? throw new JsonException("The file is empty.");
            foreach (var path in definition.Values.Values.Concat([definition.Link, definition.NamePath, definition.Articles?.List]).OfType<string>())
            {
                _ = new JsonPath(path);
            }

            return definition switch
            {
                { RatePerSecond: not (> 0 and <= 10_000) } => throw new FormatException("ratePerSecond must lie between 0 and 10,000."),
                { HitRate: not (> 0 and <= 1) } => throw new FormatException("hitRate must lie between 0 and 1."),
                { Reliability: not (> 0 and < 1) } => throw new FormatException("reliability must lie between 0 and 1."),
                { Price: < 0 } => throw new FormatException("price must not be negative."),
                _ when !Uri.TryCreate(definition.Url.Split('{')[0], UriKind.Absolute, out _) => throw new FormatException("url must begin with a scheme and a host."),
                _ => definition,
            };
        }
        catch (Exception ex) when (ex is JsonException or FormatException)
        {
            throw new InvalidDataException($"{file} does not define a source: {ex.Message}", ex);
        }
    }
}

/// <summary>Where an article's parts stand, below each element of the list.</summary>
internal sealed record ArticlePaths(string List, string Title, string Url, string At);
