using System.Text;
using System.Text.Json;
using AIX.Core.Enrichment;
using AIX.Infrastructure.Enrichment.Http;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace AIX.Infrastructure.Enrichment.Public;

/// <summary>A home page taken apart: evidence for fingerprints, and what its schema.org markup says of the organisation.</summary>
internal static class PageReader
{
    private const int MaxText = 20_000;

    private const int MaxScripts = 300;

    private static readonly HtmlParser Parser = new(new HtmlParserOptions { IsScripting = false });

    public static async Task<(PageEvidence Evidence, IReadOnlyList<SourcedValue> Values)> ReadAsync(OutsideResponse response, string robots, CancellationToken ct)
    {
        var html = Encoding.UTF8.GetString(response.Body);
        using var document = await Parser.ParseDocumentAsync(html, ct);
        var evidence = new PageEvidence
        {
            Url = response.Url.AbsoluteUri,
            Html = html,
            Text = Cut(document.Body?.TextContent ?? "", MaxText),
            Headers = response.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.Ordinal),
            ScriptSources = [.. document.Scripts.Select(s => s.Source).OfType<string>().Where(s => s.Length > 0).Take(MaxScripts)],
            Scripts = [.. document.Scripts.Where(s => string.IsNullOrEmpty(s.Source) && s.Type is not "application/ld+json").Select(s => s.Text).Take(MaxScripts)],
            Meta = document.QuerySelectorAll("meta[name],meta[property]").GroupBy(m => (m.GetAttribute("name") ?? m.GetAttribute("property")!).ToLowerInvariant(), StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Select(m => m.GetAttribute("content") ?? "").ToArray(), StringComparer.Ordinal),
            Cookies = Cookies(response),
            Robots = robots,
        };
        return (evidence, [.. Organisation(document, evidence).DistinctBy(v => v.Attribute).Select(v => v with { Url = response.Url.AbsoluteUri })]);
    }

    private static Dictionary<string, string> Cookies(OutsideResponse response) =>
        (response.Headers.GetValueOrDefault("set-cookie") ?? []).Select(c => c.Split(';')[0].Split('=', 2)).Where(c => c.Length == 2).DistinctBy(c => c[0].Trim()).ToDictionary(c => c[0].Trim(), c => c[1], StringComparer.Ordinal);

    private static IEnumerable<SourcedValue> Organisation(IHtmlDocument document, PageEvidence evidence)
    {
        foreach (var script in document.QuerySelectorAll("script[type='application/ld+json']").Take(20))
        {
            foreach (var value in Markup(script.TextContent))
            {
                yield return value;
            }
        }

        foreach (var name in new[] { "description", "og:description" })
        {
            if (evidence.Meta.GetValueOrDefault(name)?[0] is { Length: > 20 } description)
            {
                yield return new SourcedValue("description", Cut(description.Trim(), 500));
            }
        }

        if (document.DocumentElement.GetAttribute("lang") is { Length: >= 2 and <= 10 } language)
        {
            yield return new SourcedValue("siteLanguage", language[..2].ToLowerInvariant());
        }
    }

    private static List<SourcedValue> Markup(string json)
    {
        try
        {
            using var markup = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return [.. Organisations(markup.RootElement).SelectMany(Values)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<JsonElement> Organisations(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Organisations),
        JsonValueKind.Object when element.TryGetProperty("@graph", out var graph) => Organisations(graph),
        JsonValueKind.Object when new JsonPath("$.@type").Text(element) is { } type && (type.Contains("Organization", StringComparison.Ordinal) || type.Contains("Corporation", StringComparison.Ordinal) || type.Contains("Business", StringComparison.Ordinal)) => [element],
        _ => [],
    };

    /// <summary>Properties of schema.org/Organization.</summary>
    private static IEnumerable<SourcedValue> Values(JsonElement organisation)
    {
        foreach (var (attribute, path) in new[]
        {
            ("companyName", "$.name"), ("description", "$.description"), ("foundedIn", "$.foundingDate"), ("employees", "$.numberOfEmployees.value"), ("employees", "$.numberOfEmployees"), ("city", "$.address.addressLocality"),
            ("region", "$.address.addressRegion"), ("country", "$.address.addressCountry.name"), ("country", "$.address.addressCountry"), ("industry", "$.industry"), ("naics", "$.naics"),
        })
        {
            if (new JsonPath(path).Text(organisation) is { } value)
            {
                yield return new SourcedValue(attribute, Cut(value.Trim(), 500));
            }
        }
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
