using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AIX.Core.Calls;
using AIX.Core.Conversations;
using AIX.Core.Shared;

namespace AIX.Infrastructure.Calls.Twilio;

/// <summary>ConversationRelay: text of the callee in, sentences out, over one WebSocket per call. The same engine as turn by turn.</summary>
internal sealed class RelaySocket(HearCall hear, ICallStore store, RelayTokens tokens, IUnitOfWorkFactory works)
{
    private const int MaxMessage = 64_000;
    private const int MaxGarbage = 10;

    public async Task RunAsync(WebSocket socket, Call call, CancellationToken ct)
    {
        string? sid = null;
        var garbage = 0;
        var speaking = false;
        while (socket.State == WebSocketState.Open && await ReceiveAsync(socket, ct) is { } text)
        {
            if (Read(text) is not { } message)
            {
                if (++garbage > MaxGarbage)
                {
                    await CloseAsync(socket, WebSocketCloseStatus.InvalidPayloadData, ct);
                    return;
                }

                continue;
            }

            switch (message["type"]?.GetValue<string>())
            {
                case "setup" when sid is null:
                    sid = Text(message["callSid"]);
                    if (sid is not { Length: 34 } || !tokens.Holds(call.Id, Text(message["customParameters"]?["token"])))
                    {
                        await CloseAsync(socket, WebSocketCloseStatus.PolicyViolation, ct);
                        return;
                    }

                    speaking = await TurnAsync(socket, call, new Heard(sid, null), ct);
                    break;

                case "prompt" when sid is not null && message["last"]?.GetValueKind() != JsonValueKind.False:
                    speaking = await TurnAsync(socket, call, new Heard(sid, Text(message["voicePrompt"]) ?? "", null, message["agentSpeaking"]?.GetValueKind() == JsonValueKind.True && speaking), ct);
                    break;

                case "dtmf" when sid is not null:
                    speaking = await TurnAsync(socket, call, new Heard(sid, Text(message["digit"]) ?? ""), ct);
                    break;

                case "interrupt" when sid is not null:
                    await using (var work = await works.BeginAsync(call.TenantId, ct))
                    {
                        await store.TrimLastAsync(work, call.Id, Text(message["utteranceUntilInterrupt"]) ?? "", ct);
                        await work.CommitAsync(ct);
                    }

                    speaking = false;
                    break;
            }
        }
    }

    /// <returns>True while there is something that is being said.</returns>
    private async Task<bool> TurnAsync(WebSocket socket, Call call, Heard heard, CancellationToken ct)
    {
        if (await hear.ExecuteAsync(call, heard, ct) is not { } reply)
        {
            await SendAsync(socket, new JsonObject { ["type"] = "end" }, ct);
            return false;
        }

        for (var i = 0; i < reply.Say.Count; i++)
        {
            var line = reply.Say[i];
            await SendAsync(socket, new JsonObject { ["type"] = "text", ["token"] = line.Text + (i + 1 < reply.Say.Count ? " " : ""), ["last"] = i + 1 == reply.Say.Count, ["lang"] = line.Language == "hi" ? "hi-IN" : "en-IN", ["interruptible"] = line.Interruptible }, ct);
        }

        if (reply.Say.Count > 0 && reply.Language != call.Language)
        {
            var code = reply.Language == "hi" ? "hi-IN" : "en-IN";
            await SendAsync(socket, new JsonObject { ["type"] = "language", ["ttsLanguage"] = code, ["transcriptionLanguage"] = code }, ct);
        }

        if (reply.Then == AfterSpeech.HandOver)
        {
            await SendAsync(socket, new JsonObject { ["type"] = "end", ["handoffData"] = "{\"reasonCode\":\"live-agent-handoff\"}" }, ct);
        }
        else if (reply.Then == AfterSpeech.HangUp)
        {
            await SendAsync(socket, new JsonObject { ["type"] = "end" }, ct);
        }

        return reply.Say.Count > 0;
    }

    private static JsonObject? Read(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject json && json["type"]?.GetValueKind() == JsonValueKind.String ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    /// <returns>Null when the socket has closed, or a message is too long.</returns>
    private static async Task<string?> ReceiveAsync(WebSocket socket, CancellationToken ct)
    {
        var buffer = new byte[8_192];
        using var message = new MemoryStream();
        while (true)
        {
            WebSocketReceiveResult part;
            try
            {
                part = await socket.ReceiveAsync(buffer, ct);
            }
            catch (Exception ex) when (ex is WebSocketException or OperationCanceledException)
            {
                return null;
            }

            if (part.MessageType == WebSocketMessageType.Close)
            {
                await CloseAsync(socket, WebSocketCloseStatus.NormalClosure, ct);
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (message.Length > MaxMessage)
            {
                await CloseAsync(socket, WebSocketCloseStatus.MessageTooBig, ct);
                return null;
            }

            if (part.EndOfMessage)
            {
                return Encoding.UTF8.GetString(message.ToArray());
            }
        }
    }

    private static Task SendAsync(WebSocket socket, JsonObject message, CancellationToken ct) =>
        socket.State == WebSocketState.Open ? socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, ct) : Task.CompletedTask;

    private static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status, CancellationToken ct)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseAsync(status, null, ct);
            }
        }
        catch (WebSocketException)
        {
            // The other side has gone without a word.
        }
    }
}
