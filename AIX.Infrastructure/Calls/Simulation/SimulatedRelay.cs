using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace AIX.Infrastructure.Calls.Simulation;

/// <summary>The vendor's side of a conversation over a WebSocket: says what it is told, hears the persona, sometimes interrupts.</summary>
internal sealed class SimulatedRelay(SimulatedCall call, Persona persona, SimulatedCallbacks callbacks, double speed, Random random, TimeProvider time)
{
#pragma warning disable CA5394 // A play.
    /// <returns>What the session hands over; null when it just ended.</returns>
    public async Task<string?> RunAsync(XElement relay)
    {
        var url = (string)relay.Attribute("url")!;
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-Twilio-Signature", callbacks.Sign(url, []));
        await socket.ConnectAsync(new Uri(url), call.Ended.Token);
        var parameters = new JsonObject();
        foreach (var parameter in relay.Elements("Parameter"))
        {
            parameters[(string)parameter.Attribute("name")!] = (string)parameter.Attribute("value")!;
        }

        await SendAsync(socket, new JsonObject { ["type"] = "setup", ["sessionId"] = "VX" + SimulatedLine.NewId(), ["accountSid"] = call.AccountSid, ["callSid"] = call.Sid, ["from"] = call.From, ["to"] = call.To, ["direction"] = "outbound-api", ["callStatus"] = "RINGING", ["customParameters"] = parameters });
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
        call.Say(false, said, null, time, speed);
        var interrupts = said.Length > 60 && random.NextDouble() < 0.15;
        await WaitAsync(said.Length * SimulatedCall.SecondsPerCharacter * (interrupts ? 0.5 : 1));
        if (interrupts)
        {
            await SendAsync(socket, new JsonObject { ["type"] = "interrupt", ["utteranceUntilInterrupt"] = said[..(said.Length / 2)], ["durationUntilInterruptMs"] = "460" });
        }

        if (persona.HangsUpEarly || persona.Answer(said) is not { } answer)
        {
            return false;
        }

        await WaitAsync(answer.Length == 0 ? 5 : 0.7);
        call.Say(true, answer, null, time, speed);
        await WaitAsync(answer.Length * SimulatedCall.SecondsPerCharacter);
        await SendAsync(socket, answer.Length == 1 && char.IsDigit(answer[0]) ? new JsonObject { ["type"] = "dtmf", ["digit"] = answer } : new JsonObject { ["type"] = "prompt", ["voicePrompt"] = answer, ["lang"] = "en-IN", ["last"] = true });
        return true;
    }

    private Task WaitAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds / speed), call.Ended.Token);

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
