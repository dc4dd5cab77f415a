using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AIX.Core.Calls;
using AIX.Core.Conversations;
using AIX.Core.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace AIX.Infrastructure.Calls.Twilio;

/// <summary>A request of Twilio whose signature holds, with the call that it is about.</summary>
internal sealed record TwilioRequest(Guid Id, CallOwner Owner, IReadOnlyDictionary<string, string> Form, string Sid);

/// <summary>What Twilio calls: answers with TwiML, takes events. Nothing is believed before its signature has been checked, and nothing about a call that is not this one.</summary>
internal sealed partial class TwilioWebhooks(ICallStore store, HearCall hear, TakeCallEvent events, IRecordings recordings, TwilioForms forms, TwimlReplies replies, RelayTokens tokens, RelaySocket relay, ILogger<TwilioWebhooks> logger)
{
    public void Map(IEndpointRouteBuilder app)
    {
        var twilio = app.MapGroup("/twilio").DisableAntiforgery().ExcludeFromDescription().AllowAnonymous();
        twilio.MapPost("/voice/{call:guid}", (HttpContext http, Guid call) => AnswerForAsync(http, call, VoiceAsync));
        twilio.MapPost("/turn/{call:guid}", (HttpContext http, Guid call) => AnswerForAsync(http, call, TurnAsync));
        twilio.MapPost("/handover/{call:guid}", (HttpContext http, Guid call) => AnswerForAsync(http, call, (_, _, known, _) => Task.FromResult<IResult>(Xml(replies.HandOver(known)))));
        twilio.MapPost("/voicemail/{call:guid}", (HttpContext http, Guid call) => AnswerAsync(http, call, VoicemailAsync));
        twilio.MapPost("/relay-ended/{call:guid}", (HttpContext http, Guid call) => AnswerForAsync(http, call, (_, r, known, _) => Task.FromResult<IResult>(Xml(r.Form.GetValueOrDefault("HandoffData") is { Length: > 0 } ? replies.HandOver(known) : TwimlReplies.Hangup()))));
        twilio.MapPost("/dial-done/{call:guid}", (HttpContext http, Guid call) => AnswerForAsync(http, call, DialDoneAsync));
        twilio.MapPost("/status/{call:guid}", (HttpContext http, Guid call) => AnswerAsync(http, call, StatusAsync));
        twilio.MapPost("/amd/{call:guid}", (HttpContext http, Guid call) => AnswerAsync(http, call, AmdAsync));
        twilio.MapPost("/recording/{call:guid}", (HttpContext http, Guid call) => AnswerForAsync(http, call, RecordingAsync));
        twilio.MapGet("/relay/{call:guid}", RelayAsync);
    }

    private async Task<IResult> AnswerAsync(HttpContext http, Guid call, Func<HttpContext, TwilioRequest, CancellationToken, Task<IResult>> answer)
    {
        var ct = http.RequestAborted;
        if (await ReadAsync(http, call, ct) is not { } request)
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        return await answer(http, request, ct);
    }

    /// <summary>For answers that need to know how the call stands.</summary>
    private Task<IResult> AnswerForAsync(HttpContext http, Guid call, Func<HttpContext, TwilioRequest, Call, CancellationToken, Task<IResult>> answer) => AnswerAsync(
        http, call, async (context, request, ct) => await store.FindAsync(request.Owner.Tenant, call, ct) is { } known ? await answer(context, request, known, ct) : Results.StatusCode(StatusCodes.Status403Forbidden));

    private async Task<IResult> VoiceAsync(HttpContext http, TwilioRequest request, Call call, CancellationToken ct)
    {
        if (call.ProviderSid is { } bound && bound != request.Sid)
        {
            return Xml(TwimlReplies.Hangup());
        }

        if (call.Transport == CallTransport.Relay)
        {
            await events.ExecuteAsync(request.Owner, call.Id, new ProviderEvent(request.Sid, "voice", "in-progress"), ct);
            return Xml(replies.Relay(call, tokens.Make(call.Id)));
        }

        return await hear.ExecuteAsync(call, new Heard(request.Sid, null), ct) is { } reply ? Xml(replies.Turn(reply, true)) : Xml(TwimlReplies.Hangup());
    }

    /// <summary>The opening words once more, to a machine that records now.</summary>
    private async Task<IResult> VoicemailAsync(HttpContext http, TwilioRequest request, CancellationToken ct)
    {
        var opening = (await store.TurnsAsync(request.Owner.Tenant, request.Id, ct)).FirstOrDefault(t => !t.FromCallee);
        return Xml(opening is null ? TwimlReplies.Hangup() : TwimlReplies.Message(new Utterance(opening.Text, opening.Language, false)));
    }

    private async Task<IResult> TurnAsync(HttpContext http, TwilioRequest request, Call call, CancellationToken ct)
    {
        var text = request.Form.GetValueOrDefault("Digits") is { Length: > 0 } digits ? digits : request.Form.GetValueOrDefault("SpeechResult") ?? "";
        int? step = int.TryParse(http.Request.Query["step"], CultureInfo.InvariantCulture, out var n) ? n : null;
        return await hear.ExecuteAsync(call, new Heard(request.Sid, text, step), ct) is { } reply ? Xml(replies.Turn(reply, false)) : Xml(TwimlReplies.Hangup());
    }

    /// <summary>The colleague's leg is over.</summary>
    private async Task<IResult> DialDoneAsync(HttpContext http, TwilioRequest request, Call call, CancellationToken ct)
    {
        int? seconds = int.TryParse(request.Form.GetValueOrDefault("DialCallDuration"), CultureInfo.InvariantCulture, out var s) ? s : null;
        await events.HandedOverAsync(call, request.Form.GetValueOrDefault("DialCallStatus") is { Length: > 0 and < 30 } status ? status : "", seconds, ct);
        return Xml(TwimlReplies.Hangup());
    }

    private async Task<IResult> StatusAsync(HttpContext http, TwilioRequest request, CancellationToken ct)
    {
        var status = request.Form.GetValueOrDefault("CallStatus") ?? "";
        var key = request.Form.GetValueOrDefault("SequenceNumber") is { Length: > 0 and < 12 } sequence ? $"{sequence}:{status}" : status;

        // Seconds of talk; "Duration" would be billed minutes.
        int? seconds = int.TryParse(request.Form.GetValueOrDefault("CallDuration"), CultureInfo.InvariantCulture, out var s) ? s : null;
        var known = status.Length < 30 && await events.ExecuteAsync(request.Owner, request.Id, new ProviderEvent(request.Sid, key, status, seconds, request.Form.GetValueOrDefault("AnsweredBy")), ct);
        return known ? Results.NoContent() : Results.StatusCode(StatusCodes.Status403Forbidden);
    }

    private async Task<IResult> AmdAsync(HttpContext http, TwilioRequest request, CancellationToken ct)
    {
        if (request.Form.GetValueOrDefault("AnsweredBy") is { Length: > 0 and < 30 } by)
        {
            await events.AnsweredAsync(request.Owner.Tenant, request.Id, request.Sid, by, ct);
        }

        return Results.NoContent();
    }

    private async Task<IResult> RecordingAsync(HttpContext http, TwilioRequest request, Call call, CancellationToken ct)
    {
        if (request.Form.GetValueOrDefault("RecordingSid") is { Length: 34 } sid)
        {
            int? seconds = int.TryParse(request.Form.GetValueOrDefault("RecordingDuration"), CultureInfo.InvariantCulture, out var s) ? s : null;

            // Written down and no more: Twilio waits for the answer, and the sweep fetches the media, again and again if need be.
            await recordings.NoteAsync(call, sid, request.Form.GetValueOrDefault("RecordingStatus") is { Length: > 0 and < 30 } status ? status : "", seconds, ct);
        }

        return Results.NoContent();
    }

    /// <summary>The socket of a call: its handshake is signed like a request, and the one-time token comes with the first message.</summary>
    private async Task RelayAsync(HttpContext http, Guid call)
    {
        if (!http.WebSockets.IsWebSocketRequest || await store.OwnerAsync(call, http.RequestAborted) is not { } owner || !forms.IsSigned(http, owner.Route, []) || await store.FindAsync(owner.Tenant, call, http.RequestAborted) is not { } known)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        await relay.RunAsync(socket, known, http.RequestAborted);
    }

    private async Task<TwilioRequest?> ReadAsync(HttpContext http, Guid id, CancellationToken ct)
    {
        if (await TwilioForms.ReadAsync(http, ct) is not { } form || await store.OwnerAsync(id, ct) is not { } owner)
        {
            return null;
        }

        if (forms.Trusted(http, owner.Route, form) is not { } fields)
        {
            Forged(id);
            return null;
        }

        return fields.GetValueOrDefault("CallSid") is { Length: 34 } sid ? new TwilioRequest(id, owner, fields, sid) : null;
    }

    private static IResult Xml(string xml) => Results.Text(xml, "text/xml", Encoding.UTF8);

    [LoggerMessage(LogLevel.Warning, "A request for call {Call} was not signed by the provider")]
    private partial void Forged(Guid call);
}

/// <summary>Proofs, good for five minutes, that a socket belongs to a call: an HMAC of the call's id, its minute and a key of the process's data protection.</summary>
internal sealed class RelayTokens(Microsoft.AspNetCore.DataProtection.IDataProtectionProvider protection, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Microsoft.AspNetCore.DataProtection.IDataProtector _protector = protection.CreateProtector("AIX.Relay.v1");

    public string Make(Guid call) => Convert.ToBase64String(_protector.Protect(Encoding.ASCII.GetBytes($"{call:N}{time.GetUtcNow().UtcTicks.ToString(CultureInfo.InvariantCulture)}")));

    public bool Holds(Guid call, string? token)
    {
        try
        {
            var text = token is { Length: < 2_000 } ? Encoding.ASCII.GetString(_protector.Unprotect(Convert.FromBase64String(token))) : "";
            return text.StartsWith(call.ToString("N"), StringComparison.Ordinal) && long.TryParse(text[32..], CultureInfo.InvariantCulture, out var ticks) && time.GetUtcNow().UtcTicks - ticks < Lifetime.Ticks;
        }
        catch (Exception ex) when (ex is FormatException or CryptographicException)
        {
            return false;
        }
    }
}
