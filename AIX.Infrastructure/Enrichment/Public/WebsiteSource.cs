using System.Text;
using AIX.Core.Enrichment;
using AIX.Infrastructure.Enrichment.Http;

namespace AIX.Infrastructure.Enrichment.Public;

/// <summary>The company's own home page: its technologies by their fingerprints, and what it says of itself. One page, only where robots.txt lets it be read.</summary>
internal sealed class WebsiteSource(OutsideHttp http) : IEnrichmentSource
{
    private const int MaxPage = 1_000_000;

    private const int MaxRobots = 100_000;

    public SourceDescription Description { get; } = new(
        "website", "Own website", SourceCategory.Technographic, ["technologies", "description", "employees", "foundedIn", "city", "region", "country", "industry", "siteLanguage"], 0, false, 20, 0.85, 0.85, NeedsKey: false, TimeSpan.FromDays(30));

    public bool CanAsk(SourceQuestion question) => question.Domain is not null;

    public async Task<SourceAnswer> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        try
        {
            return await ReadAsync(new Uri($"https://{question.Domain}/"), ct);
        }
        catch (HttpRequestException)
        {
            // Not every firm has a certificate.
            return await ReadAsync(new Uri($"http://{question.Domain}/"), ct);
        }
    }

    internal async Task<SourceAnswer> ReadAsync(Uri url, CancellationToken ct)
    {
        try
        {
            var robots = await http.SendAsync(Get, new Uri(url, "/robots.txt"), MaxRobots, follow: true, ct);
            var rules = (int)robots.Status == 200 ? Encoding.UTF8.GetString(robots.Body) : "";
            if (!RobotsFile.Allows(rules, url.PathAndQuery))
            {
                return SourceAnswer.Nothing with { Note = "The site's robots.txt asks not to be read." };
            }

            var page = await http.SendAsync(Get, url, MaxPage, follow: true, ct);
            return (int)page.Status is >= 200 and < 300 ? await ReadAsync(page, rules, ct) : SourceAnswer.NotMeasured($"The site answered with status {(int)page.Status}.", (int)page.Status == 429 ? TimeSpan.FromSeconds(1) : null);
        }
        catch (OutsideRefusedException refused)
        {
            return SourceAnswer.Nothing with { Note = refused.Message };
        }
    }

    private static async Task<SourceAnswer> ReadAsync(OutsideResponse page, string robots, CancellationToken ct)
    {
        if (page.Headers.GetValueOrDefault("content-type")?[0] is { } type && !type.Contains("html", StringComparison.OrdinalIgnoreCase))
        {
            return SourceAnswer.Nothing with { Note = "The site's address is not a page." };
        }

        var (evidence, values) = await PageReader.ReadAsync(page, robots, ct);
        var technologies = TechnologyDetector.Default.Detect(evidence).Where(t => t.Confidence >= 50).Select(t => t.Name).ToList();
        return SourceAnswer.Found(technologies.Count == 0 ? values : [new SourcedValue("technologies", string.Join(", ", technologies), page.Url.AbsoluteUri), .. values]) with { Note = page.IsCut ? $"The page is larger than {MaxPage / 1_000_000} MB; its beginning was read." : null };
    }

    private static HttpRequestMessage Get(Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,text/plain;q=0.5");
        return request;
    }
}
