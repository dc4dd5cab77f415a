using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AIX.Core.Calls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AIX.Infrastructure.Calls.Simulation;

/// <summary>
/// The vendor's REST interface with people at the other end, for everything that runs offline: reached over HTTP, with the vendor's paths, forms, errors and magic numbers. It knows nothing of this program but what it is told in requests.
/// </summary>
internal sealed partial class TwilioSimulator(CallOptions options, TimeProvider time) : IDisposable
{
#pragma warning disable CA5394 // A play, no secrets.
    public const string AccountSid = "AC51000000000000000000000000000001";
    public const string Token = "simulated-token-of-nobody";

    private const int MaxForm = 200_000;

    /// <summary>Calls that the account places in a simulated second.</summary>
    private const double CallsPerSecond = 30;

    private readonly ConcurrentDictionary<string, SimulatedCall> _calls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _deleted = new(StringComparer.Ordinal);
    private readonly SimulatorFaults _faults = SimulatorFaults.Parse(options.SimulatorFaults);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 200 }) { Timeout = TimeSpan.FromSeconds(15) };
    /// <summary>Another one at every start: the ids of calls must not come again.</summary>
    private readonly Random _random = new((int)(time.GetTimestamp() & int.MaxValue));
    private readonly ConcurrentBag<double> _latencies = [];
    private readonly Speech _speech = new(options.EspeakProgram);
    private long _nextSlot;

    public void Map(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/sim/twilio/2010-04-01/Accounts/{account}").DisableAntiforgery().ExcludeFromDescription().AllowAnonymous();
        api.MapPost("/Calls.json", (HttpContext http, string account) => AnswerAsync(http, account, Create));
        api.MapPost("/Messages.json", (HttpContext http, string account) => AnswerAsync(http, account, (_, form, _) => Message(form)));
        api.MapGet("/Calls.json", (HttpContext http, string account) => AnswerAsync(http, account, (request, _, _) => List(request)));
        api.MapGet("/Calls/{sid}.json", (HttpContext http, string account, string sid) => AnswerAsync(http, account, (_, _, _) => Find(sid) is { } call ? Json(200, call.Json()) : NotFound(sid)));
        api.MapPost("/Calls/{sid}.json", (HttpContext http, string account, string sid) => AnswerAsync(http, account, (_, form, _) => Update(sid, form)));
        api.MapPost("/Calls/{sid}/Recordings.json", (HttpContext http, string account, string sid) => AnswerAsync(http, account, (_, _, _) => Record(sid)));
        api.MapPost("/Calls/{sid}/Recordings/{recording}.json", (HttpContext http, string account, string sid, string recording) => AnswerAsync(http, account, (_, _, _) => StopRecording(sid)));
        api.MapGet("/Recordings/{recording}.wav", (HttpContext http, string account, string recording) => LaterAsync(http, account, (_, _, _) => MediaAsync(recording)));
        api.MapDelete("/Recordings/{recording}.json", (HttpContext http, string account, string recording) => AnswerAsync(http, account, (_, _, _) => _deleted.TryAdd(recording, 0) ? Results.StatusCode(204) : NotFound(recording)));

        // Of the simulator alone: what a measurement asks it.
        app.MapGet("/sim/twilio/log", (int from) => Log(from)).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/sim/twilio/figures", () => Results.Json(new { calls = _calls.Values.Count(c => c.ParentSid is null), open = _calls.Values.Count(c => !c.IsOver), perAttempt = _calls.Values.Where(c => c.ParentSid is null).GroupBy(c => c.One("Url")).Max(g => (int?)g.Count()) ?? 0, latencies = _latencies.ToArray() })).AllowAnonymous().ExcludeFromDescription();
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What rang, one line each: simulated time and wall time in Unix milliseconds, number, address that tells the attempt.</summary>
    private IResult Log(int from) => Results.Text(string.Join('\n', _calls.Values.Where(c => c.RangAt is not null).OrderBy(c => c.RangWall).Skip(from).Select(c => $"{c.RangAt!.Value.ToUnixTimeMilliseconds()} {c.RangWall} {c.To} {c.One("Url")}")));

    private static Task<IResult> AnswerAsync(HttpContext http, string account, Func<HttpRequest, IReadOnlyDictionary<string, string[]>, HttpContext, IResult> answer) => LaterAsync(http, account, (request, form, context) => Task.FromResult(answer(request, form, context)));

    private static async Task<IResult> LaterAsync(HttpContext http, string account, Func<HttpRequest, IReadOnlyDictionary<string, string[]>, HttpContext, Task<IResult>> answer)
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{AccountSid}:{Token}"));
        if (account != AccountSid || http.Request.Headers.Authorization.ToString() != expected)
        {
            return Error(401, 20003, "Authenticate");
        }

        var form = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (HttpMethods.IsPost(http.Request.Method))
        {
            if (!http.Request.HasFormContentType || http.Request.ContentLength > MaxForm)
            {
                return Error(415, 20415, "Supported content types: application/x-www-form-urlencoded");
            }

            form = (await http.Request.ReadFormAsync()).ToDictionary(f => f.Key, f => f.Value.OfType<string>().ToArray(), StringComparer.Ordinal);
        }

        return await answer(http.Request, form, http);
    }

    private IResult Create(HttpRequest request, IReadOnlyDictionary<string, string[]> form, HttpContext http)
    {
        string One(string key) => form.TryGetValue(key, out var v) && v.Length > 0 ? v[0] : "";
        var (to, from) = (One("To"), One("From"));
        if (Refusal(to, from, One("Url")) is { } refused)
        {
            return refused;
        }

        SimulatedCall call;
        bool silent;
        int seed;
        lock (_random)
        {
            switch (_random.NextDouble())
            {
                case var luck when luck < _faults.TooMany:
                    return Error(429, 20429, "Too Many Requests");
                case var luck when luck < _faults.TooMany + _faults.Errors:
                    return Error(500, 20500, "Internal Server Error");
            }

            call = new SimulatedCall { Sid = "CA" + SimulatedLine.NewId(), AccountSid = AccountSid, To = to, From = from, Form = form, Created = time.GetUtcNow(), QueueSeconds = Queue() };
            silent = _random.NextDouble() < _faults.Timeouts;
            seed = _random.Next();
        }

        _calls[call.Sid] = call;

        // Who takes the phone depends on the number alone, so that a demo tells the same story twice.
        var persona = _faults.Answered is { } answered ? Persona.Plain(to, answered, new Random(seed)) : new Persona(int.Parse(to[^6..], CultureInfo.InvariantCulture));
        var random = new Random(seed);
        var callbacks = new SimulatedCallbacks(call, Token, _http, options.SimulatorSpeed, _faults, random, _latencies, leg => _calls[leg.Sid] = leg, time);
        var line = new SimulatedLine(call, persona, callbacks, options.SimulatorSpeed, _faults, random, time);
        _ = Task.Run(line.RunAsync);
        if (silent)
        {
            // Placed, and nobody ever hears of it.
            http.Abort();
            return Results.Empty;
        }

        return Json(201, call.Json());
    }

    /// <summary>Simulated seconds until the account may place the next call; what comes faster waits in its queue.</summary>
    private double Queue()
    {
        var now = time.GetTimestamp();
        var wait = Math.Max(0, time.GetElapsedTime(now, _nextSlot).TotalSeconds);
        _nextSlot = Math.Max(now, _nextSlot) + (long)(time.TimestampFrequency / (CallsPerSecond * options.SimulatorSpeed));
        return wait * options.SimulatorSpeed;
    }

    private static IResult? Refusal(string to, string from, string url) => (to, from) switch
    {
        _ when to.Length == 0 => Error(400, 21201, "No 'To' number is specified"),
        _ when from.Length == 0 => Error(400, 21603, "A 'From' phone number is required"),
        _ when !Uri.TryCreate(url, UriKind.Absolute, out _) => Error(400, 21205, "Url is not a valid URL"),
        ("+15005550001", _) => Error(400, 21217, "The phone number you are attempting to call is not valid."),
        ("+15005550002", _) => Error(400, 21214, "The number cannot be reached."),
        ("+15005550003", _) => Error(400, 21215, "Account not authorized to call this number; enable it in Voice Geo Permissions."),
        ("+15005550004", _) => Error(400, 21216, "Account not allowed to call this number."),
        (_, "+15005550001") => Error(400, 21212, "The 'From' number is not a valid phone number."),
        _ when !Number().IsMatch(to) => Error(400, 21211, $"Invalid 'To' Phone Number: {to}"),
        _ when from.StartsWith("+91", StringComparison.Ordinal) && !from.StartsWith("+91140", StringComparison.Ordinal) => Error(400, 21210, "The source phone number provided is not yet verified for your account."),
        _ => null,
    };

    private IResult Message(IReadOnlyDictionary<string, string[]> form)
    {
        string One(string key) => form.TryGetValue(key, out var v) && v.Length > 0 ? v[0] : "";
        if (!Number().IsMatch(One("To")) || One("Body").Length is 0 or > 1_600)
        {
            return One("Body").Length > 1_600 ? Error(400, 21617, "The concatenated message body exceeds the 1600 character limit") : Error(400, 21211, $"Invalid 'To' Phone Number: {One("To")}");
        }

        if (!Sender().IsMatch(One("From")))
        {
            return Error(400, 21212, $"Invalid From Number (caller ID): {One("From")}");
        }

        // Whoever opts out of calls has answered STOP to a message before.
        if (new Persona(int.Parse(One("To")[^6..], CultureInfo.InvariantCulture)).Kind == PersonaKind.OptsOut)
        {
            return Error(400, 21610, "Attempt to send to unsubscribed recipient");
        }

        lock (_random)
        {
            return Json(201, new { sid = "SM" + SimulatedLine.NewId(), account_sid = AccountSid, to = One("To"), from = One("From"), body = One("Body"), status = "queued", num_segments = "1", date_created = SimulatedCall.Rfc2822(time.GetUtcNow()) });
        }
    }

    private IResult List(HttpRequest request)
    {
        string One(string key) => request.Query[key].ToString();
        var (to, from) = (One("To"), One("From"));
        var since = DateTime.TryParseExact(One("StartTime>"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day) ? new DateTimeOffset(day) : DateTimeOffset.MinValue;
        var size = int.TryParse(One("PageSize"), CultureInfo.InvariantCulture, out var wanted) ? Math.Clamp(wanted, 1, 1_000) : 50;
        _ = int.TryParse(One("Page"), CultureInfo.InvariantCulture, out var page);
        var found = _calls.Values.Where(c => (to.Length == 0 || c.To == to) && (from.Length == 0 || c.From == from) && c.Created >= since).OrderByDescending(c => c.Created).ThenBy(c => c.Sid, StringComparer.Ordinal).Skip(page * size).Take(size + 1).ToList();
        var next = found.Count <= size ? null : $"/2010-04-01/Accounts/{AccountSid}/Calls.json{QueryString.Create(request.Query.Where(q => q.Key != "Page").Append(new("Page", (page + 1).ToString(CultureInfo.InvariantCulture))))}";
        return Json(200, new { calls = found.Take(size).Select(c => c.Json()), page, page_size = size, next_page_uri = next });
    }

    private IResult Update(string sid, IReadOnlyDictionary<string, string[]> form)
    {
        if (Find(sid) is not { } call)
        {
            return NotFound(sid);
        }

        if (call.IsOver)
        {
            return Error(400, 21220, "Call is not in-progress. Cannot redirect.");
        }

        if (form.TryGetValue("Status", out var status))
        {
            switch (status[0])
            {
                case "completed" or "canceled":
                    call.Ended.Cancel();
                    break;
                default:
                    return Error(400, 20001, "Status must be canceled or completed");
            }
        }
        else if (form.TryGetValue("Url", out var url))
        {
            call.Redirect = url[0];
        }

        return Json(200, call.Json());
    }

    private IResult Record(string sid)
    {
        if (Find(sid) is not { } call)
        {
            return NotFound(sid);
        }

        if (call.Status != "in-progress")
        {
            return Error(400, 21220, "Requested resource is not eligible for recording");
        }

        lock (_random)
        {
            call.RecordingSid ??= "RE" + SimulatedLine.NewId();
        }

        return Json(201, new { sid = call.RecordingSid, call_sid = sid, status = "in-progress", channels = 2, source = "StartCallRecordingAPI" });
    }

    private IResult StopRecording(string sid)
    {
        if (Find(sid) is not { RecordingSid: { } recording } call)
        {
            return NotFound(sid);
        }

        call.RecordedUntil = time.GetUtcNow();
        return Json(200, new { sid = recording, call_sid = sid, status = "stopped" });
    }

    private async Task<IResult> MediaAsync(string recording) => _deleted.ContainsKey(recording) || _calls.Values.FirstOrDefault(c => c.RecordingSid == recording) is not { } call
        ? NotFound(recording)
        : Results.Bytes(await _speech.WavAsync(call.Said(), call.RecordedSeconds(options.SimulatorSpeed)), "audio/x-wav");

    private SimulatedCall? Find(string sid) => _calls.GetValueOrDefault(sid);

    private static IResult NotFound(string what) => Error(404, 20404, $"The requested resource {what} was not found");

    private static IResult Error(int status, int code, string message) => Json(status, new { code, message, more_info = $"https://www.twilio.com/docs/errors/{code}", status });

    private static IResult Json(int status, object body) => Results.Json(body, statusCode: status);

    [GeneratedRegex(@"^\+[1-9]\d{7,14}$")]
    private static partial Regex Number();

    /// <summary>A number, or letters and digits with a letter among them.</summary>
    [GeneratedRegex(@"^(\+[1-9]\d{7,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$")]
    private static partial Regex Sender();
}
