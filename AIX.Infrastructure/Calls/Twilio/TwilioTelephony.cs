using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using AIX.Core.Calls;

namespace AIX.Infrastructure.Calls.Twilio;

/// <summary>Where this program is reached from outside.</summary>
public interface IPublicAddress
{
    /// <summary>Scheme, host and port, without a slash at the end.</summary>
    string Base { get; }
}

/// <summary>Calls through Twilio, or through anything that speaks its protocol.</summary>
internal sealed class TwilioTelephony : ITelephony
{
    private const int PageSize = 200;
    private const int MostPages = 50;

    private readonly Dictionary<string, TwilioClient> _clients;
    private readonly IPublicAddress _address;
    private readonly CallOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, CircuitBreaker> _breakers = new(StringComparer.Ordinal);

    public TwilioTelephony(IReadOnlyList<RouteOptions> routes, HttpClient http, IPublicAddress address, CallOptions options, TimeProvider time)
    {
        if (routes.FirstOrDefault(r => r.CallerIdKind == "International" && r.CallerId.StartsWith("+91", StringComparison.Ordinal)) is { } wrong)
        {
            throw new InvalidOperationException($"Route “{wrong.Name}”: the caller id {wrong.CallerId} is Indian, but this provider reaches India from abroad only. Use a number of another country, or an operator with 140 or 1600 numbers.");
        }

        (_address, _options, _time) = (address, options, time);
        _clients = routes.ToDictionary(r => r.Name, r => new TwilioClient(http, r, () => address.Base), StringComparer.Ordinal);
        Routes = [.. routes.Select(r => new CallRoute(r.Name, r.CallerId, r.CallsPerSecond, r.MaxConcurrent, new RouteCapability(r.CallerIdKind, ["en", "hi"], true, true)) { Owners = r.Owners.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Account = r.AccountSid })];
    }

    public IReadOnlyList<CallRoute> Routes { get; }

    /// <summary>Accounts by their names, for checking what they send.</summary>
    public IReadOnlyDictionary<string, RouteOptions> Accounts => _clients.ToDictionary(c => c.Key, c => c.Value.Account);

    public string UrlOf(string path) => _address.Base + path;

    public TimeSpan? RestsFor(string route) => _breakers.TryGetValue(route, out var breaker) && breaker.Until is var until && until > _time.GetUtcNow() ? until - _time.GetUtcNow() : null;

    public async Task<PlaceResult> PlaceAsync(Call call, int ringSeconds, int maxSeconds, CancellationToken ct)
    {
        var breaker = _breakers.GetOrAdd(call.Route, _ => new CircuitBreaker());
        if (breaker.IsOpen(_time.GetUtcNow()))
        {
            return new PlaceResult.Refused(new ProviderError(0, 503, "The provider has been failing; the route rests for a minute.", ProviderFault.Busy), false);
        }

        KeyValuePair<string, string>[] form =
        [
            new("To", call.ToNumber), new("From", call.FromNumber), new("Url", UrlOf($"/twilio/voice/{call.Id}")), new("Method", "POST"),
            new("StatusCallback", UrlOf($"/twilio/status/{call.Id}")), new("StatusCallbackMethod", "POST"), new("StatusCallbackEvent", "ringing"), new("StatusCallbackEvent", "answered"), new("StatusCallbackEvent", "completed"),
            new("Timeout", TwimlWriter.Number(ringSeconds)), new("TimeLimit", TwimlWriter.Number(maxSeconds)),
            new("MachineDetection", call.LeavesMessage ? "DetectMessageEnd" : "Enable"), new("AsyncAmd", "true"), new("AsyncAmdStatusCallback", UrlOf($"/twilio/amd/{call.Id}")), new("AsyncAmdStatusCallbackMethod", "POST"),
        ];
        try
        {
            var answer = await _clients[call.Route].CreateCallAsync(form, ct);
            breaker.Succeeded();
            return new PlaceResult.Placed(answer.GetProperty("sid").GetString()!);
        }
        catch (TwilioException ex) when (ex.Error.HttpStatus < 500)
        {
            // Words of Twilio itself: the call was looked at, or by its own word was not. Wrong settings will be wrong for the next call, too.
            if (ex.Error.Fault == ProviderFault.Configuration)
            {
                breaker.Trip(_time.GetUtcNow());
            }

            return new PlaceResult.Refused(ex.Error, ex.Error.HttpStatus == 429);
        }
        catch (HttpRequestException ex) when (ex.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound })
        {
            breaker.Failed(_time.GetUtcNow());
            return new PlaceResult.Refused(new ProviderError(0, 0, "The provider cannot be reached; nothing was placed.", ProviderFault.Other), false);
        }
        catch (Exception ex) when (ex is HttpRequestException or TwilioException or TaskCanceledException or JsonException or KeyNotFoundException or InvalidOperationException && !ct.IsCancellationRequested)
        {
            breaker.Failed(_time.GetUtcNow());
            return new PlaceResult.Unknown($"The provider's answer was lost ({ex.GetType().Name}); the call is looked for.");
        }
    }

    /// <summary>"Attempt to send to unsubscribed recipient": who answered STOP, to Twilio itself.</summary>
    private const int OptedOut = 21610;

    public async Task<ProviderCall?> FindAsync(string route, string sid, CancellationToken ct)
    {
        try
        {
            return Read(await _clients[route].FetchCallAsync(sid, ct));
        }
        catch (TwilioException ex) when (ex.Error.Fault == ProviderFault.Gone)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<ProviderCall>> ListAsync(string route, string to, string from, DateTimeOffset since, CancellationToken ct) =>
        [.. (await _clients[route].ListCallsAsync(to, from, since, 50, ct)).GetProperty("calls").EnumerateArray().Select(Read).Where(c => c.Created is null || c.Created >= since.AddSeconds(-1))];

    public async Task<IReadOnlyList<ProviderCall>> SinceAsync(CallRoute route, DateTimeOffset since, CancellationToken ct)
    {
        List<ProviderCall> calls = [];
        string? next = null;
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await (next is null ? _clients[route.Name].ListCallsAsync(null, route.CallerId, since, PageSize, ct) : _clients[route.Name].NextPageAsync(next, ct));
            var read = answer.GetProperty("calls").EnumerateArray().Select(Read).ToList();

            // The filter knows days only. Those of a page are the newest first.
            calls.AddRange(read.Where(c => c.Created is null || c.Created >= since));
            next = Text(answer, "next_page_uri");
            if (next is null || read.Count == 0 || read[^1].Created < since)
            {
                break;
            }
        }

        return calls;
    }

    public async Task HangUpAsync(string route, string sid, CallState state, CancellationToken ct)
    {
        try
        {
            // "completed" ends what rings as well; "canceled" is refused once it was answered.
            await _clients[route].UpdateCallAsync(sid, [new("Status", "completed")], ct);
        }
        catch (TwilioException ex) when (ex.Error.Fault == ProviderFault.Gone || ex.Error.Code == 21220)
        {
            // Gone already.
        }
    }

    /// <summary>Sends an SMS once.</summary>
    /// <param name="from">A number, or a sender id of letters.</param>
    internal async Task<Core.Outreach.SendResult> SendSmsAsync(CallRoute route, string from, string to, string body, CancellationToken ct)
    {
        try
        {
            var answer = await _clients[route.Name].SendMessageAsync([new("To", to), new("From", from), new("Body", body)], ct);
            return new Core.Outreach.SendResult(true, answer.GetProperty("sid").GetString(), null);
        }
        catch (TwilioException ex)
        {
            return new Core.Outreach.SendResult(false, null, $"{ex.Error.Message} ({ex.Error.Code})", ex.Error.HttpStatus == 429, ex.Error.Code == OptedOut);
        }
        catch (Exception ex) when (ex is HttpRequestException or TaskCanceledException or KeyNotFoundException && !ct.IsCancellationRequested)
        {
            // It may have been sent: never again by itself.
            return new Core.Outreach.SendResult(false, null, "The provider's answer was lost; the message may have been sent.");
        }
    }

    public Task TransferAsync(Call call, CancellationToken ct) => _clients[call.Route].UpdateCallAsync(call.ProviderSid!, [new("Url", UrlOf($"/twilio/handover/{call.Id}")), new("Method", "POST")], ct);

    public Task LeaveMessageAsync(Call call, CancellationToken ct) => _clients[call.Route].UpdateCallAsync(call.ProviderSid!, [new("Url", UrlOf($"/twilio/voicemail/{call.Id}")), new("Method", "POST")], ct);

    public async Task<string?> StartRecordingAsync(Call call, CancellationToken ct)
    {
        try
        {
            return (await _clients[call.Route].StartRecordingAsync(call.ProviderSid!, [new("RecordingStatusCallback", UrlOf($"/twilio/recording/{call.Id}")), new("RecordingStatusCallbackEvent", "completed"), new("RecordingChannels", "dual")], ct)).GetProperty("sid").GetString();
        }
        catch (TwilioException ex) when (ex.Error.Fault == ProviderFault.Gone || ex.Error.Code == 21220)
        {
            return null;
        }
    }

    public async Task StopRecordingAsync(Call call, CancellationToken ct)
    {
        try
        {
            await _clients[call.Route].UpdateRecordingAsync(call.ProviderSid!, "Twilio.CURRENT", [new("Status", "stopped")], ct);
        }
        catch (TwilioException ex) when (ex.Error.Fault == ProviderFault.Gone || ex.Error.Code is 21220 or 404_00)
        {
            // Nothing is being recorded.
        }
    }

    public async Task<bool> FetchRecordingAsync(string route, string sid, Func<Stream, CancellationToken, Task> take, CancellationToken ct)
    {
        try
        {
            await _clients[route].FetchMediaAsync(sid, take, ct);
            return true;
        }
        catch (TwilioException ex) when (ex.Error.Fault == ProviderFault.Gone)
        {
            return false;
        }
    }

    public async Task DeleteRecordingAsync(string route, string sid, CancellationToken ct)
    {
        try
        {
            await _clients[route].DeleteRecordingAsync(sid, ct);
        }
        catch (TwilioException ex) when (ex.Error.Fault == ProviderFault.Gone)
        {
            // Deleted already.
        }
    }

    /// <summary>Numbers are strings and dates RFC 2822.</summary>
    private static ProviderCall Read(JsonElement json) => new(
        json.GetProperty("sid").GetString()!, Text(json, "to") ?? "", Text(json, "from") ?? "", Text(json, "status") ?? "",
        DateTimeOffset.TryParseExact(Text(json, "date_created"), "ddd, dd MMM yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null,
        int.TryParse(Text(json, "duration"), CultureInfo.InvariantCulture, out var seconds) ? seconds : null, Text(json, "answered_by"))
    {
        ParentSid = Text(json, "parent_call_sid"),
        Outbound = Text(json, "direction") is not "inbound",
    };

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null } : null;
}

/// <summary>Rests for a minute after five failures in a row of the provider itself; busy lines and unanswered calls are no failures.</summary>
internal sealed class CircuitBreaker
{
    private const int Most = 5;

    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private int _failures;
    private DateTimeOffset _until;

    public DateTimeOffset Until
    {
        get
        {
            lock (_gate)
            {
                return _until;
            }
        }
    }

    public bool IsOpen(DateTimeOffset now) => now < Until;

    public void Trip(DateTimeOffset now)
    {
        lock (_gate)
        {
            (_failures, _until) = (0, now + Rest);
        }
    }

    public void Failed(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (++_failures >= Most)
            {
                (_failures, _until) = (0, now + Rest);
            }
        }
    }

    public void Succeeded()
    {
        lock (_gate)
        {
            _failures = 0;
        }
    }
}
