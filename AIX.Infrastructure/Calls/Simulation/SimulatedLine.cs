using System.Globalization;
using System.Net.WebSockets;
using System.Xml.Linq;

namespace AIX.Infrastructure.Calls.Simulation;

/// <summary>Plays one call from the first ring to the last callback: rings, answers, fetches TwiML and does what it says, speaks for the persona.</summary>
internal sealed class SimulatedLine(SimulatedCall call, Persona persona, SimulatedCallbacks callbacks, double speed, SimulatorFaults faults, Random random, TimeProvider time)
{
#pragma warning disable CA5394 // A play.
    private const double AgentRings = 3;
    private const double AgentTalks = 6;

    public async Task RunAsync()
    {
        DateTimeOffset? answered = null;
        try
        {
            await WaitAsync(call.QueueSeconds);
            await callbacks.StatusAsync("initiated");
            await WaitAsync(0.8);
            (call.RangAt, call.RangWall) = (time.GetUtcNow(), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            await callbacks.StatusAsync("ringing");
            await WaitAsync(persona.Unanswered is { Status: "no-answer" } ? Number("Timeout", 60) : persona.AnswersAfter);
            if (persona.Unanswered is { } none)
            {
                await EndAsync(none.Status, null, none.SipCode);
                return;
            }

            answered = call.Answered = time.GetUtcNow();
            await callbacks.StatusAsync("in-progress");
            call.AnsweredBy = persona.AnsweredBy;
            if (call.One("MachineDetection") is not null && call.One("AsyncAmdStatusCallback") is { } amd)
            {
                callbacks.Later(3, () => callbacks.PostAsync(amd, [("AnsweredBy", call.One("MachineDetection") == "DetectMessageEnd" && persona.AnsweredBy == "machine_start" ? "machine_end_beep" : persona.AnsweredBy), ("MachineDetectionDuration", "2800")]));
            }

            await PlayAsync(await callbacks.PostAsync(call.One("Url")!, []));
            if (random.NextDouble() < faults.Endless)
            {
                // A line that nobody hangs up: only the other side can end it.
                await Task.Delay(Timeout.Infinite, call.Ended.Token);
            }
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

        await callbacks.DrainAsync();
    }

    private async Task EndAsync(string status, int? seconds, int? sip)
    {
        call.Duration = seconds ?? 0;
        await callbacks.StatusAsync(status, sip);
        if (call.RecordingSid is { } recording && call.One("StatusCallback") is not null && _recordingCallback is { } callback)
        {
            await callbacks.DeliverAsync(() => callbacks.PostAsync(callback, [("RecordingSid", recording), ("RecordingStatus", "completed"), ("RecordingDuration", SimulatedCallbacks.Text(call.RecordedSeconds(speed))), ("RecordingChannels", "2"), ("RecordingSource", "StartCallRecordingTwiML")]));
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
                        call.RecordingSid ??= "RE" + NewId();
                        _recordingCallback = (string?)recording.Attribute("recordingStatusCallback");
                        break;
                    case "Say":
                        call.Say(false, verb.Value, (string?)verb.Attribute("language"), time, speed);
                        await WaitAsync(verb.Value.Length * SimulatedCall.SecondsPerCharacter);
                        break;
                    case "Pause":
                        await WaitAsync(int.Parse((string?)verb.Attribute("length") ?? "1", CultureInfo.InvariantCulture));
                        break;
                    case "Gather":
                        next = await GatherAsync(verb);
                        break;
                    case "Redirect":
                        next = await callbacks.PostAsync(verb.Value, []);
                        break;
                    case "Dial":
                        next = await DialAsync(verb);
                        break;
                    case "Connect" when verb.Element("ConversationRelay") is { } relay:
                        var handoff = await new SimulatedRelay(call, persona, callbacks, speed, random, time).RunAsync(relay);
                        next = (string?)verb.Attribute("action") is { } ended ? await callbacks.PostAsync(ended, [("SessionId", "VX" + NewId()), ("SessionStatus", "completed"), ("SessionDuration", "20"), ("HandoffData", handoff ?? "")]) : null;
                        break;
                    case "Hangup" or "Reject":
                        return;
                }

                if (call.Redirect is { } url)
                {
                    call.Redirect = null;
                    next = await callbacks.PostAsync(url, []);
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

    /// <summary>The other leg: a colleague's phone rings, is taken, both talk, and the colleague hangs up.</summary>
    private async Task<string?> DialAsync(XElement dial)
    {
        var number = dial.Element("Number")?.Value ?? "";
        var leg = new SimulatedCall { Sid = "CA" + NewId(), ParentSid = call.Sid, AccountSid = call.AccountSid, To = number, From = (string?)dial.Attribute("callerId") ?? call.From, Form = new Dictionary<string, string[]>(), Created = time.GetUtcNow() };
        callbacks.Open(leg);
        leg.Status = "ringing";
        try
        {
            await WaitAsync(AgentRings);
            (leg.Status, leg.Answered, leg.AnsweredBy) = ("in-progress", time.GetUtcNow(), "human");
            call.Say(true, "Hello?", null, time, speed);
            await WaitAsync(AgentTalks);
        }
        finally
        {
            (leg.Duration, leg.Status) = (leg.Answered is { } since ? Math.Max(1, (int)((time.GetUtcNow() - since).TotalSeconds * speed)) : 0, leg.Answered is null ? "canceled" : "completed");
        }

        return (string?)dial.Attribute("action") is { } done
            ? await callbacks.PostAsync(done, [("DialCallStatus", leg.Status), ("DialCallSid", leg.Sid), ("DialCallDuration", SimulatedCallbacks.Text(leg.Duration ?? 0))])
            : null;
    }

    /// <returns>The next document; null when the callee has hung up.</returns>
    private async Task<string?> GatherAsync(XElement gather)
    {
        var said = string.Join(' ', gather.Elements("Say").Select(s => s.Value));
        call.Say(false, said, (string?)gather.Attribute("language"), time, speed);
        await WaitAsync(said.Length * SimulatedCall.SecondsPerCharacter);
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
            await WaitAsync(0.7);
            call.Say(true, answer, null, time, speed);
            await WaitAsync(answer.Length * SimulatedCall.SecondsPerCharacter);
        }

        (string, string)[] heard = answer.Length == 1 && char.IsDigit(answer[0]) ? [("Digits", answer)] : answer.Length == 0 ? [("SpeechResult", "")] : [("SpeechResult", answer), ("Confidence", "0.91")];
        return await callbacks.PostAsync((string)gather.Attribute("action")!, heard);
    }

    private Task WaitAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds / speed), call.Ended.Token);

    private int Number(string key, int fallback) => int.TryParse(call.One(key), CultureInfo.InvariantCulture, out var value) ? value : fallback;

    /// <summary>32 hex digits that never come again. Not of a line's own lot: of fifty thousand lines two have the same seed every second time, and two recordings had one id.</summary>
    public static string NewId() => System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true);
}
