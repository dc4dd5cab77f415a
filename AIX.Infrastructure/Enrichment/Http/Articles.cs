using System.Globalization;
using System.Text.Json;
using AIX.Core.Enrichment;

namespace AIX.Infrastructure.Enrichment.Http;

/// <summary>Reads lists of articles.</summary>
internal static class Articles
{
    public static IReadOnlyList<string> Attributes => NewsEvents.Attributes;

    public static IReadOnlyList<SourcedValue> Read(JsonElement root, ArticlePaths paths, string company, DateTimeOffset now)
    {
        var headlines = new JsonPath(paths.List + "[*]").Read(root).Take(250).Select(article => new Headline(Text(article, paths.Title) ?? "", Address(Text(article, paths.Url)), At(Text(article, paths.At)))).Where(h => h.Title.Length > 0);
        return NewsEvents.Read(headlines, company, now);
    }

    private static string? Text(JsonElement article, string name) => article.ValueKind == JsonValueKind.Object && article.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Only an address that a browser may follow is shown as a link.</summary>
    private static string? Address(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url.AbsoluteUri : null;

    /// <summary>ISO 8601, and GDELT's <c>20261119T081500Z</c>.</summary>
    private static DateTimeOffset? At(string? text) =>
        DateTimeOffset.TryParseExact(text, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var compact) ? compact
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
