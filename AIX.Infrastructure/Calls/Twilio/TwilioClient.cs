using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AIX.Core.Calls;

namespace AIX.Infrastructure.Calls.Twilio;

/// <summary>An answer of Twilio that is an error, in either of its shapes or in none.</summary>
internal sealed class TwilioException(ProviderError error) : Exception($"Twilio {error.Code}: {error.Message}")
{
    public ProviderError Error { get; } = error;
}

/// <summary>The part of Twilio's REST interface (2010-04-01) that calls need: forms in, JSON out, Basic authentication.</summary>
internal sealed class TwilioClient(HttpClient http, RouteOptions account, Func<string> own)
{
    private static readonly TimeSpan MediaTimeout = TimeSpan.FromMinutes(2);

    public RouteOptions Account => account;

    /// <summary>api[.edge][.region].twilio.com; an edge without a region is in us1.</summary>
    public static string BaseOf(RouteOptions account) => account.BaseUrl.Length > 0
        ? account.BaseUrl.TrimEnd('/')
        : "https://api" + (account.Edge.Length > 0 ? $".{account.Edge}.{(account.Region.Length > 0 ? account.Region : "us1")}" : account.Region.Length > 0 ? $".{account.Region}" : "") + ".twilio.com";

    public Task<JsonElement> CreateCallAsync(IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken ct) => SendAsync(HttpMethod.Post, "/Calls.json", form, ct);

    public Task<JsonElement> UpdateCallAsync(string sid, IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken ct) => SendAsync(HttpMethod.Post, $"/Calls/{Uri.EscapeDataString(sid)}.json", form, ct);

    public Task<JsonElement> FetchCallAsync(string sid, CancellationToken ct) => SendAsync(HttpMethod.Get, $"/Calls/{Uri.EscapeDataString(sid)}.json", null, ct);

    public Task<JsonElement> ListCallsAsync(string? to, string from, DateTimeOffset since, int pageSize, CancellationToken ct) =>
        SendAsync(HttpMethod.Get, $"/Calls.json?{(to is null ? "" : $"To={Uri.EscapeDataString(to)}&")}From={Uri.EscapeDataString(from)}&StartTime%3E={since.UtcDateTime:yyyy-MM-dd}&PageSize={pageSize}", null, ct);

    /// <summary>Follows a list's <c>next_page_uri</c>, a path on the same host.</summary>
    public Task<JsonElement> NextPageAsync(string path, CancellationToken ct)
    {
        var own = $"/2010-04-01/Accounts/{account.AccountSid}";
        return path.StartsWith(own, StringComparison.Ordinal) ? SendAsync(HttpMethod.Get, path[own.Length..], null, ct) : throw new HttpRequestException("The provider's list goes on at an address outside the account.");
    }

    public Task<JsonElement> StartRecordingAsync(string sid, IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken ct) => SendAsync(HttpMethod.Post, $"/Calls/{Uri.EscapeDataString(sid)}/Recordings.json", form, ct);

    public Task<JsonElement> UpdateRecordingAsync(string sid, string recording, IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, $"/Calls/{Uri.EscapeDataString(sid)}/Recordings/{Uri.EscapeDataString(recording)}.json", form, ct);

    public Task DeleteRecordingAsync(string recording, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"/Recordings/{Uri.EscapeDataString(recording)}.json", null, ct);

    public Task<JsonElement> SendMessageAsync(IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken ct) => SendAsync(HttpMethod.Post, "/Messages.json", form, ct);

    public async Task FetchMediaAsync(string recording, Func<Stream, CancellationToken, Task> take, CancellationToken ct)
    {
        // The client's own patience ends with the head of the answer.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(MediaTimeout);
        using var request = Request(HttpMethod.Get, $"/Recordings/{Uri.EscapeDataString(recording)}.wav", null);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        if (!response.IsSuccessStatusCode)
        {
            throw new TwilioException(ErrorOf(response.StatusCode, await response.Content.ReadAsStringAsync(patience.Token)));
        }

        await using var media = await response.Content.ReadAsStreamAsync(patience.Token);
        await take(media, patience.Token);
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, IReadOnlyList<KeyValuePair<string, string>>? form, CancellationToken ct)
    {
        using var request = Request(method, path, form);
        using var response = await http.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        if (!response.IsSuccessStatusCode)
        {
            throw new TwilioException(ErrorOf(response.StatusCode, text));
        }

        if (text.Length == 0)
        {
            return default;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // A proxy answered in Twilio's place: nobody knows what became of the request.
            throw new HttpRequestException($"Twilio answered {(int)response.StatusCode} without JSON.");
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, IReadOnlyList<KeyValuePair<string, string>>? form)
    {
        var (user, password) = account.ApiKey.Length > 0 ? (account.ApiKey, account.ApiSecret) : (account.AccountSid, account.AuthToken);
        var request = new HttpRequestMessage(method, Base() + path) { Content = form is null ? null : new FormUrlEncodedContent(form) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        request.Headers.Accept.ParseAdd("application/json");
        return request;
    }

    /// <summary>An address that begins with a slash lies in this program itself, whose port is known once it listens.</summary>
    private string Base() => (account.BaseUrl.StartsWith('/') ? own() : "") + BaseOf(account) + $"/2010-04-01/Accounts/{account.AccountSid}";

    /// <summary>Both shapes (<c>code, message, status</c> and RFC 9457), and what is neither.</summary>
    internal static ProviderError ErrorOf(HttpStatusCode status, string body)
    {
        var (code, message) = ((int)status * 100, $"The provider answered {(int)status}.");
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                code = json.RootElement.TryGetProperty("code", out var c) && (c.ValueKind == JsonValueKind.Number ? c.TryGetInt32(out var n) : int.TryParse(c.GetString(), CultureInfo.InvariantCulture, out n)) ? n : code;
                message = Text(json.RootElement, "message") ?? Text(json.RootElement, "detail") ?? Text(json.RootElement, "title") ?? message;
            }
        }
        catch (JsonException)
        {
            // Not from Twilio itself.
        }

        return new ProviderError(code, (int)status, message.Length > 500 ? message[..500] : message, FaultOf(code, status));
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ProviderFault FaultOf(int code, HttpStatusCode status) => (code, status) switch
    {
        (21211 or 21217, _) => ProviderFault.InvalidNumber,
        (21214 or 21216, _) => ProviderFault.Unreachable,
        (20429 or 10004 or 22005, _) or (_, HttpStatusCode.TooManyRequests) => ProviderFault.Busy,
        (20404, _) or (_, HttpStatusCode.NotFound) => ProviderFault.Gone,
        (20003 or 21201 or 21203 or 21205 or 21210 or 21212 or 21215 or 13227 or 32205, _) or (_, HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) => ProviderFault.Configuration,
        _ => ProviderFault.Other,
    };
}
