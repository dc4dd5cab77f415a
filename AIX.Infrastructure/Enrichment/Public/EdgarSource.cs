using System.Globalization;
using System.Text.Json;
using AIX.Core.Companies;
using AIX.Core.Enrichment;
using AIX.Infrastructure.Enrichment.Http;

namespace AIX.Infrastructure.Enrichment.Public;

/// <summary>Filings with the US Securities and Exchange Commission: industry by SIC, place, newest 8-K. The list of companies is read once a day; one name that two companies bear is not asked for.</summary>
/// <param name="files">Where the list lies; <paramref name="data"/>: where the submissions lie.</param>
internal sealed class EdgarSource(OutsideHttp http, TimeProvider time, Uri? files = null, Uri? data = null) : IEnrichmentSource
{
    private const int MaxList = 8_000_000;

    private const int MaxSubmissions = 6_000_000;

    private readonly Uri _files = files ?? new Uri("https://www.sec.gov");
    private readonly Uri _data = data ?? new Uri("https://data.sec.gov");
    private readonly Lock _lock = new();
    private Task<IReadOnlyDictionary<string, int?>>? _list;
    private DateTimeOffset _until;

    public SourceDescription Description { get; } = new(
        "sec-edgar", "SEC EDGAR", SourceCategory.Firmographic, ["sic", "industry", "region", "city", "cik", "event.filing"], 0, false, 8, 0.05, 0.95, NeedsKey: false, TimeSpan.FromDays(7));

    public bool CanAsk(SourceQuestion question) => CompanyName.Key(question.Name) is not null;

    public async Task<SourceAnswer> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        if ((await CiksAsync(ct)).GetValueOrDefault(CompanyName.Key(question.Name)!) is not { } cik)
        {
            return SourceAnswer.Nothing;
        }

        var response = await GetAsync(new Uri(_data, $"/submissions/CIK{cik:D10}.json"), MaxSubmissions, ct);
        using var json = JsonDocument.Parse(response);
        string? Text(string path) => new JsonPath(path).Text(json.RootElement);
        var url = $"https://www.sec.gov/edgar/browse/?CIK={cik}";
        var values = new[] { ("sic", "$.sic"), ("industry", "$.sicDescription"), ("region", "$.addresses.business.stateOrCountryDescription"), ("city", "$.addresses.business.city") }
            .Select(p => (p.Item1, Value: Text(p.Item2))).Where(p => p.Value is not null).Select(p => new SourcedValue(p.Item1, p.Value!, url)).Append(new SourcedValue("cik", cik.ToString(CultureInfo.InvariantCulture), url)).ToList();
        var forms = new JsonPath("$.filings.recent.form[*]").Read(json.RootElement).Select(f => f.GetString()).ToList();
        if (forms.IndexOf("8-K") is >= 0 and var newest && Text($"$.filings.recent.filingDate[{newest}]") is { } date)
        {
            values.Add(new SourcedValue("event.filing", date, url));
        }

        return SourceAnswer.Found(values);
    }

    /// <summary>Many ask at once, one reads; a list that could not be read is tried again by the next.</summary>
    private Task<IReadOnlyDictionary<string, int?>> CiksAsync(CancellationToken ct)
    {
        lock (_lock)
        {
            if (_until < time.GetUtcNow() || _list is null or { IsFaulted: true } or { IsCanceled: true })
            {
                (_list, _until) = (LoadAsync(ct), time.GetUtcNow().AddDays(1));
            }

            return _list.WaitAsync(ct);
        }
    }

    private async Task<IReadOnlyDictionary<string, int?>> LoadAsync(CancellationToken ct)
    {
        using var json = JsonDocument.Parse(await GetAsync(new Uri(_files, "/files/company_tickers.json"), MaxList, ct));
        var companies = json.RootElement.EnumerateObject().Select(c => (Key: CompanyName.Key(new JsonPath("$.title").Text(c.Value)), Cik: c.Value.GetProperty("cik_str").GetInt32())).Where(c => c.Key is not null);
        return companies.GroupBy(c => c.Key!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.DistinctBy(c => c.Cik).Skip(1).Any() ? (int?)null : g.First().Cik, StringComparer.Ordinal);
    }

    private async Task<byte[]> GetAsync(Uri url, int maxBytes, CancellationToken ct)
    {
        var response = await http.SendAsync(to => new HttpRequestMessage(HttpMethod.Get, to), url, maxBytes, follow: false, ct);
        return (int)response.Status == 200 ? response.Body : throw new HttpRequestException($"SEC answered with status {(int)response.Status}.");
    }
}
