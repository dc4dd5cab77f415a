using System.Net;
using System.Text;
using System.Text.Json;
using AIX.Core.Companies;
using AIX.Core.Enrichment;

namespace AIX.Infrastructure.Enrichment.Http;

/// <summary>A source that a <see cref="SourceDefinition"/> describes.</summary>
internal sealed class HttpSource(SourceDefinition definition, OutsideHttp http, TimeProvider time) : IEnrichmentSource
{
    private const int MaxBytes = 2_000_000;

    private const int MaxValue = 500;

    private readonly Dictionary<string, JsonPath> _values = definition.Values.ToDictionary(v => v.Key, v => new JsonPath(v.Value), StringComparer.Ordinal);
    private readonly JsonPath? _link = definition.Link is null ? null : new JsonPath(definition.Link);
    private readonly JsonPath? _name = definition.NamePath is null ? null : new JsonPath(definition.NamePath);

    public SourceDescription Description { get; } = new(
        definition.Name, definition.Title, definition.Kind, [.. definition.Values.Keys, .. definition.Articles is null ? [] : Articles.Attributes], definition.Price, definition.BilledOnMatch, definition.RatePerSecond,
        definition.HitRate, definition.Reliability, definition.NeedsKey, TimeSpan.FromDays(definition.TimeToLiveDays));

    public bool CanAsk(SourceQuestion question) => definition.Needs.All(n => n switch
    {
        "domain" => question.Domain is not null,
        "cin" => question.Cin is not null,
        _ => question.Name.Length > 2,
    });

    public async Task<SourceAnswer> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        var url = new Uri(Fill(definition.Url, question, Uri.EscapeDataString));
        var response = await http.SendAsync(to => Request(to, question), url, MaxBytes, follow: false, ct);
        return Read(response, question);
    }

    private HttpRequestMessage Request(Uri url, SourceQuestion question)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        foreach (var (name, value) in definition.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, Fill(value, question, OneLine));
        }

        if (definition.Basic is { } basic)
        {
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Fill(basic, question, OneLine))));
        }

        return request;
    }

    private SourceAnswer Read(OutsideResponse response, SourceQuestion question)
    {
        var text = Encoding.UTF8.GetString(response.Body);
        var isThrottled = response.Status == HttpStatusCode.TooManyRequests || definition.ThrottleWords.Any(w => text.Contains(w, StringComparison.OrdinalIgnoreCase));
        if (isThrottled)
        {
            return SourceAnswer.NotMeasured("The source asks for fewer requests.", OutsideHttp.RetryAfter(response.Headers, definition.ResetHeader, time.GetUtcNow()) ?? TimeSpan.FromSeconds(30));
        }

        if (definition.NothingStatuses.Contains((int)response.Status))
        {
            return SourceAnswer.Nothing;
        }

        if (response.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.PaymentRequired)
        {
            var note = response.Status == HttpStatusCode.PaymentRequired ? "The credits of this key are used up." : "The source does not accept the key.";
            return SourceAnswer.NotMeasured(note, TimeSpan.FromMinutes(10));
        }

        if ((int)response.Status is < 200 or > 299)
        {
            return SourceAnswer.NotMeasured($"The source answered with status {(int)response.Status}.");
        }

        try
        {
            using var json = JsonDocument.Parse(response.Body, new JsonDocumentOptions { MaxDepth = 64 });
            return Values(json.RootElement, question);
        }
        catch (JsonException)
        {
            return SourceAnswer.NotMeasured(response.IsCut ? $"The answer is larger than {MaxBytes / 1_000_000} MB." : "The answer is not JSON.");
        }
    }

    private SourceAnswer Values(JsonElement root, SourceQuestion question)
    {
        if (_name?.Text(root) is { } name && CompanyName.Key(name) != CompanyName.Key(question.Name))
        {
            return SourceAnswer.Nothing;
        }

        var link = _link?.Text(root);
        var found = new List<SourcedValue>();
        foreach (var (attribute, path) in _values)
        {
            if (path.Text(root) is { } value)
            {
                found.Add(new SourcedValue(attribute, value.Length <= MaxValue ? value : value[..MaxValue], link));
            }
        }

        if (definition.Articles is { } paths)
        {
            found.AddRange(Articles.Read(root, paths, question.Name, time.GetUtcNow()));
        }

        return SourceAnswer.Found(found);
    }

    private static string Fill(string template, SourceQuestion question, Func<string, string> escape) => template
        .Replace("{domain}", escape(question.Domain ?? ""), StringComparison.Ordinal)
        .Replace("{name}", escape(question.Name), StringComparison.Ordinal)
        .Replace("{cin}", escape(question.Cin ?? ""), StringComparison.Ordinal)
        .Replace("{key}", escape(question.Secret ?? ""), StringComparison.Ordinal);

    /// <summary>A line break would begin another header.</summary>
    private static string OneLine(string text) => string.Concat(text.Where(c => !char.IsControl(c)));
}
