using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace AIX.Infrastructure.Calls.Simulation;

/// <summary>Plays one call from the first ring to the last callback: rings, answers, fetches TwiML and does what it says, speaks for the persona.</summary>
internal sealed class SimulatedLine(SimulatedCall call, Persona persona, string token, HttpClient http, double speed, SimulatorFaults faults, Random random, ConcurrentBag<double> latencies, TimeProvider time)
{
#pragma warning disable CA5394, CA5350 // A play; the protocol prescribes HMAC-SHA1.
    private const double SecondsPerCharacter = 0.06;

    private readonly List<Task> _late = [];

    public async Task RunAsync()
    {
        DateTimeOffset? answered = null;
        try
        {
            await StatusAsync("initiated");
            await WaitAsync(0.8);
            (call.RangAt, call.RangWall) = (time.GetUtcNow(), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            await StatusAsync("ringing");
            await WaitAsync(persona.Unanswered is { Status: "no-answer" } ? Number("Timeout", 60) : persona.AnswersAfter);
            if (persona.Unanswered is { } none)
            {
                await EndAsync(none.Status, null, none.SipCode);
                return;
            }

            answered = call.Answered = time.GetUtcNow();
            await StatusAsync("in-progress");
            call.AnsweredBy = persona.AnsweredBy;
            if (call.One("MachineDetection") is not null && call.One("AsyncAmdStatusCallback") is { } amd)
            {
                _late.Add(LaterAsync(3, () => PostAsync(amd, [("AnsweredBy", call.One("MachineDetection") == "DetectMessageEnd" && persona.AnsweredBy == "machine_start" ? "machine_end_beep" : persona.AnsweredBy), ("MachineDetectionDuration", "2800")])));
            }

            await PlayAsync(await PostAsync(call.One("Url")!, []));
        }
        catch (OperationCanceledException)
        {
            // Ended over REST.
        }
        catch (Exception ex) when (ex is HttpRequestException or System.Xml.XmlException or WebSocketException)
        {
            // The program at the other end is gone or talks nonsense: the network hangs up.
        }

        if (!call.IsOver)
        {
            await EndAsync("completed", answered is { } since ? Math.Max(1, (int)((time.GetUtcNow() - since).TotalSeconds * speed)) : null, null);
        }

        await Task.WhenAll(_late);
    }

    private async Task EndAsync(string status, int? seconds, int? sip)
    {
        call.Duration = seconds ?? 0;
        await StatusAsync(status, sip);
        if (call.RecordingSid is { } recording && call.One("StatusCallback") is not null && _recordingCallback is { } callback)
        {
            await DeliverAsync(() => PostAsync(callback, [("RecordingSid", recording), ("RecordingStatus", "completed"), ("RecordingDuration", Text(call.RecordedSeconds(speed))), ("RecordingChannels", "2"), ("RecordingSource", "StartCallRecordingTwiML")]));
        }
    }

    private string? _recordingCallback;

    /// <summary>Does what a TwiML document says, and those that it leads to.</summary>
    private async Task PlayAsync(string xml)
    {
        for (var documents = 0; documents < 60; documents++)
        {
            string? next = null;
            foreach (var verb in XDocument.Parse(xml).Root!.Elements())
            {
                switch (verb.Name.LocalName)
                {
                    case "Start" when verb.Element("Recording") is { } recording:
                        call.RecordingSid ??= "RE" + Hex(random);
                        _recordingCallback = (string?)recording.Attribute("recordingStatusCallback");
                        break;
                    case "Say":
                        await WaitAsync(verb.Value.Length * SecondsPerCharacter);
                        break;
                    case "Pause":
                        await WaitAsync(int.Parse((string?)verb.Attribute("length") ?? "1", CultureInfo.InvariantCulture));
                        break;
                    case "Gather":
                        next = await GatherAsync(verb);
                        break;
                    case "Redirect":
                        next = await PostAsync(verb.Value, []);
                        break;
                    case "Dial":
                        await WaitAsync(8);
                        next = (string?)verb.Attribute("action") is { } done ? await PostAsync(done, [("DialCallStatus", "completed"), ("DialCallSid", "CA" + Hex(random)), ("DialCallDuration", "6")]) : null;
                        break;
                    case "Connect" when verb.Element("ConversationRelay") is { } relay:
                        var handoff = await RelayAsync(relay);
                        next = (string?)verb.Attribute("action") is { } ended ? await PostAsync(ended, [("SessionId", "VX" + Hex(random)), ("SessionStatus", "completed"), ("SessionDuration", "20"), ("HandoffData", handoff ?? "")]) : null;
                        break;
                    case "Hangup" or "Reject":
                        return;
                }

                if (call.Redirect is { } url)
                {
                    call.Redirect = null;
                    next = await PostAsync(url, []);
                }

                if (next is not null)
                {
                    break;
                }
            }

            if (next is null)
            {
                return;
            }

            xml = next;
        }
    }

    /// <returns>The next document; null when the callee has hung up.</returns>
    private async Task<string?> GatherAsync(XElement gather)
    {
        var said = string.Join(' ', gather.Elements("Say").Select(s => s.Value));
        await WaitAsync(said.Length * SecondsPerCharacter);
        if (persona.HangsUpEarly || persona.Answer(said) is not { } answer)
        {
            throw new OperationCanceledException();
        }

        if (answer.Length == 0)
        {
            await WaitAsync(int.Parse((string?)gather.Attribute("timeout") ?? "5", CultureInfo.InvariantCulture));
        }
        else
        {
            await WaitAsync(0.7 + (answer.Length * SecondsPerCharacter));
        }

        (string, string)[] heard = answer.Length == 1 && char.IsDigit(answer[0]) ? [("Digits", answer)] : answer.Length == 0 ? [("SpeechResult", "")] : [("SpeechResult", answer), ("Confidence", "0.91")];
        return await PostAsync((string)gather.Attribute("action")!, heard);
    }

    /// <returns>What the session hands over; null when it just ended.</returns>
    private async Task<string?> RelayAsync(XElement relay)
    {
        var url = (string)relay.Attribute("url")!;
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-Twilio-Signature", Sign(url, []));
        await socket.ConnectAsync(new Uri(url), call.Ended.Token);
        var parameters = new JsonObject();
        foreach (var parameter in relay.Elements("Parameter"))
        {
            parameters[(string)parameter.Attribute("name")!] = (string)parameter.Attribute("value")!;
        }

        await SendAsync(socket, new JsonObject { ["type"] = "setup", ["sessionId"] = "VX" + Hex(random), ["accountSid"] = call.AccountSid, ["callSid"] = call.Sid, ["from"] = call.From, ["to"] = call.To, ["direction"] = "outbound-api", ["callStatus"] = "RINGING", ["customParameters"] = parameters });
        var said = new StringBuilder();
        while (await ReceiveAsync(socket) is { } message)
        {
            switch (message["type"]?.GetValue<string>())
            {
                case "text":
                    said.Append(message["token"]!.GetValue<string>());
                    if (message["last"]?.GetValue<bool>() == true)
                    {
                        var text = said.ToString();
                        said.Clear();
                        if (!await SpeakAsync(socket, text))
                        {
                            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                            return null;
                        }
                    }

                    break;
                case "end":
                    var handoff = message["handoffData"]?.GetValue<string>();
                    await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    return handoff;
            }
        }

        return null;
    }

    /// <summary>Listens to what is said, sometimes talks over it, and answers.</summary>
    /// <returns>False when the callee hangs up.</returns>
    private async Task<bool> SpeakAsync(ClientWebSocket socket, string said)
    {
        var interrupts = said.Length > 60 && random.NextDouble() < 0.15;
        await WaitAsync(said.Length * SecondsPerCharacter * (interrupts ? 0.5 : 1));
        if (interrupts)
        {
            await SendAsync(socket, new JsonObject { ["type"] = "interrupt", ["utteranceUntilInterrupt"] = said[..(said.Length / 2)], ["durationUntilInterruptMs"] = "460" });
        }

        if (persona.HangsUpEarly || persona.Answer(said) is not { } answer)
        {
            return false;
        }

        await WaitAsync(answer.Length == 0 ? 5 : 0.7 + (answer.Length * SecondsPerCharacter));
        await SendAsync(socket, answer.Length == 1 && char.IsDigit(answer[0]) ? new JsonObject { ["type"] = "dtmf", ["digit"] = answer } : new JsonObject { ["type"] = "prompt", ["voicePrompt"] = answer, ["lang"] = "en-IN", ["last"] = true });
        return true;
    }

    private async Task StatusAsync(string status, int? sip = null)
    {
        var rest = status == "initiated" ? "queued" : status;
        call.Status = rest;
        var wanted = status switch { "initiated" => "initiated", "ringing" => "ringing", "in-progress" => "answered", _ => "completed" };
        var events = call.Form.GetValueOrDefault("StatusCallbackEvent") ?? ["completed"];
        if (call.One("StatusCallback") is not { } url || !events.Contains(wanted))
        {
            return;
        }

        List<(string, string)> fields = [("CallStatus", status), ("SequenceNumber", Text(call.Sequence++)), ("CallbackSource", "call-progress-events"), ("Timestamp", SimulatedCall.Rfc2822(time.GetUtcNow()))];
        if (call.IsOver)
        {
            fields.AddRange([("CallDuration", Text(call.Duration ?? 0)), ("Duration", Text((int)Math.Ceiling((call.Duration ?? 0) / 60.0)))]);
        }

        if (sip is { } code)
        {
            fields.Add(("SipResponseCode", Text(code)));
        }

        await DeliverAsync(() => PostAsync(url, [.. fields]));
    }

    /// <summary>Once; or never, twice, or later than what comes after it.</summary>
    private async Task DeliverAsync(Func<Task> deliver)
    {
        var luck = random.NextDouble();
        if (luck < faults.Lost)
        {
            return;
        }

        if (luck < faults.Lost + faults.Reordered)
        {
            _late.Add(LaterAsync(4, deliver));
            return;
        }

        await SafelyAsync(deliver);
        if (random.NextDouble() < faults.Duplicated)
        {
            await SafelyAsync(deliver);
        }
    }

    private async Task LaterAsync(double seconds, Func<Task> act)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds / speed));
        await SafelyAsync(act);
    }

    private static async Task SafelyAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception ex) when (ex is HttpRequestException or TaskCanceledException)
        {
            // Best effort, like the vendor's.
        }
    }

    private async Task<string> PostAsync(string url, IReadOnlyList<(string Key, string Value)> fields)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("CallSid", call.Sid), new("AccountSid", call.AccountSid), new("From", call.From), new("To", call.To), new("Caller", call.From), new("Called", call.To), new("Direction", "outbound-api"), new("ApiVersion", "2010-04-01"),
            .. fields.Any(f => f.Key == "CallStatus") ? [] : (KeyValuePair<string, string>[])[new("CallStatus", call.Status)],
            .. fields.Select(f => new KeyValuePair<string, string>(f.Key, f.Value)),
        ];
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(form) };
        request.Headers.TryAddWithoutValidation("X-Twilio-Signature", Sign(url, form));
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        using var response = await http.SendAsync(request, CancellationToken.None);
        var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
        latencies.Add(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        response.EnsureSuccessStatusCode();
        return text;
    }

    /// <summary>The vendor's side of the signature, written apart from the side that checks it.</summary>
    private string Sign(string url, IReadOnlyList<KeyValuePair<string, string>> form)
    {
        var message = new StringBuilder(url);
        foreach (var key in form.Select(f => f.Key).Distinct().OrderBy(k => k, StringComparer.Ordinal))
        {
            foreach (var value in form.Where(f => f.Key == key).Select(f => f.Value).Distinct().OrderBy(v => v, StringComparer.Ordinal))
            {
                message.Append(key).Append(value);
            }
        }

        using var hmac = new HMACSHA1(Encoding.UTF8.GetBytes(token));
        return Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(message.ToString())));
    }

    private Task WaitAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds / speed), call.Ended.Token);

    private int Number(string key, int fallback) => int.TryParse(call.One(key), CultureInfo.InvariantCulture, out var value) ? value : fallback;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Hex(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static Task SendAsync(ClientWebSocket socket, JsonObject message) => socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, CancellationToken.None);

    private async Task<JsonObject?> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[16_384];
        using var message = new MemoryStream();
        while (socket.State == WebSocketState.Open)
        {
            var part = await socket.ReceiveAsync(buffer, call.Ended.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(message.ToArray())!.AsObject();
            }
        }

        return null;
    }
}
