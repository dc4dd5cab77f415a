using System.Diagnostics;
using System.Text.Json;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Calls;

/// <summary>What came over the line.</summary>
/// <param name="Sid">The provider's call.</param>
/// <param name="Text">Speech or a key; null begins the conversation, empty is silence.</param>
/// <param name="Step">Reply that it answers; null where the transport keeps the order.</param>
public sealed record Heard(string Sid, string? Text, int? Step = null, bool Interrupting = false);

/// <summary>What to say and do on the line.</summary>
public sealed record CallReply(Call Call, IReadOnlyList<Utterance> Say, AfterSpeech Then, string Language, int Step);

/// <summary>Where a turn's milliseconds went, up to the decision; what the parts leave of the total was spent deciding.</summary>
/// <param name="Knowledge">Flow, embedding and articles.</param>
/// <param name="Phrase">The language model.</param>
/// <param name="Wait">Database: the connection and the call's lock.</param>
internal sealed record TurnLatency(double Total, double Knowledge, double Phrase, double Wait);

/// <summary>One turn: what was heard goes through the conversation; state, words and what follows from them commit together, before anything is said.</summary>
public sealed class HearCall(ICallStore store, IFlowBook flows, PhraseAnswer phrase, IContactHistory suppressions, ILeadWorkStore leads, ITelephony telephony, IUnitOfWorkFactory works, TimeProvider time)
{
    /// <param name="known">The call as it was read a moment ago.</param>
    /// <returns>Null when the call is over or gone, or when the line belongs to another attempt: hang up.</returns>
    public async Task<CallReply?> ExecuteAsync(Call known, Heard heard, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var (tenant, id) = (known.TenantId, known.Id);
        // Before the transaction: embeddings may come from outside.
        var conversation = await flows.ConversationAsync(tenant, known.FlowKey, known.FlowVersion, heard.Text ?? "", ct);
        var knowledge = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var phrased = await PhraseAsync(conversation, known, heard, ct);
        var phrasing = Stopwatch.GetElapsedTime(started).TotalMilliseconds - knowledge;
        var waiting = Stopwatch.GetTimestamp();
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.LockAsync(work, id, ct) is not { } call || CallStates.IsEnd(call.State))
        {
            return null;
        }

        var waited = Stopwatch.GetElapsedTime(waiting).TotalMilliseconds;
        if (call.ProviderSid is { } bound ? bound != heard.Sid : await store.IsTakenAsync(work, heard.Sid, id, ct))
        {
            return null;
        }

        var context = ContextOf(call);
        var before = call.Conversation is null ? null : JsonSerializer.Deserialize<ConversationState>(call.Conversation, PlaceCall.Json);
        if (before is not null && (heard.Text is null || (heard.Step is { } step && step < before.Step)))
        {
            // The provider asks again for what it was told already.
            return new CallReply(call, before.LastReply, before.LastThen, before.Language, before.Step);
        }

        var reply = before is null ? conversation.Start(call.Language, context) : conversation.Hear(before, heard.Text, context, heard.Interrupting);
        if (phrased is { } answer && reply.Cited == answer.Article)
        {
            reply = reply with { Say = [reply.Say[0] with { Text = answer.Text }, .. reply.Say.Skip(1)] };
        }

        reply = reply with { State = reply.State with { Step = (before?.Step ?? 0) + 1, LastReply = reply.Say, LastThen = reply.Then } };
        await SaveAsync(work, call, heard, before, reply, new TurnLatency(Stopwatch.GetElapsedTime(started).TotalMilliseconds, knowledge, phrasing, waited), ct);
        await work.CommitAsync(ct);
        if (reply.Effects.Contains(ConversationEffect.StopRecording))
        {
            await telephony.StopRecordingAsync(call, ct);
        }

        return new CallReply(call, reply.Say, reply.Then, reply.State.Language, reply.State.Step);
    }

    /// <summary>Looks ahead, without a lock: when an article will be cited, the language model is asked before the transaction begins. The turn that counts is taken under the lock.</summary>
    private async Task<(Guid Article, string Text)?> PhraseAsync(Conversation conversation, Call known, Heard heard, CancellationToken ct)
    {
        if (!phrase.IsOn || heard.Text is not { Length: > 0 } text || known.Conversation is null || JsonSerializer.Deserialize<ConversationState>(known.Conversation, PlaceCall.Json) is not { Ended: false } state || heard.Step < state.Step)
        {
            return null;
        }

        var ahead = conversation.Hear(state, text, ContextOf(known), heard.Interrupting);
        return ahead.Cited is { } article && await phrase.ExecuteAsync(text, ahead.Say[0].Text, ahead.Say[0].Language, ct) is { } said ? (article, said) : null;
    }

    private ConversationContext ContextOf(Call call) => new(JsonSerializer.Deserialize<Dictionary<string, string>>(call.Facts, PlaceCall.Json)!, CalleeNow());

    private async Task SaveAsync(IUnitOfWork work, Call call, Heard heard, ConversationState? before, ConversationReply reply, TurnLatency latency, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var turns = new List<CallTurn>();
        if (reply.Heard is { } turn)
        {
            turns.Add(new CallTurn { TenantId = call.TenantId, CallId = call.Id, Sequence = 0, FromCallee = true, Language = turn.Language, Text = turn.Text, Intent = turn.Intent, Confidence = turn.Confidence, Sentiment = turn.Sentiment, Slots = Filled(before, reply.State), Node = turn.Node, ArticleId = reply.Cited, At = now, DecisionMs = latency.Total, KnowledgeMs = latency.Knowledge, PhraseMs = latency.Phrase, WaitMs = latency.Wait });
        }

        turns.AddRange(reply.Say.Select(s => new CallTurn { TenantId = call.TenantId, CallId = call.Id, Sequence = 0, FromCallee = false, Language = s.Language, Text = s.Text, Node = reply.State.Node, At = now }));
        store.AddTurns(work, turns);
        foreach (var effect in reply.Effects)
        {
            await DoAsync(work, call, reply.State, effect, now, ct);
        }

        if (reply.Heard?.Intent == "complaint")
        {
            await suppressions.ComplainAsync(work, new Complaint { TenantId = call.TenantId, Id = Guid.CreateVersion7(now), Number = call.ToNumber, At = now, CallId = call.Id }, ct);
        }

        if (reply.State.Disposition == Disposition.Minor)
        {
            await suppressions.OptOutAsync(work, new Suppression { TenantId = call.TenantId, Number = call.ToNumber, Reason = "minor", CallId = call.Id, At = now }, call.LeadId, null, ct);
        }

        store.Change(
            work, call.Id,
            new CallChange
            {
                Conversation = JsonSerializer.Serialize(reply.State, PlaceCall.Json),
                Disposition = reply.State.Disposition,
                ProviderSid = heard.Sid,
                RecordingRefused = reply.State.RecordingRefused ? true : null,
                State = CallStates.MayMove(call.State, CallState.InProgress) ? CallState.InProgress : null,
            },
            now);
        work.Raise(new CallChanged(call.TenantId, call.Id, call.LeadId));
    }

    /// <summary>What this turn added to the slots; those with an underscore are the conversation's own notes.</summary>
    private static string? Filled(ConversationState? before, ConversationState after)
    {
        var filled = after.Slots.Where(s => !s.Key.StartsWith('_') && before?.Slots.GetValueOrDefault(s.Key) != s.Value).ToDictionary(s => s.Key, s => s.Value);
        return filled.Count == 0 ? null : JsonSerializer.Serialize(filled, PlaceCall.Json);
    }

    private async Task DoAsync(IUnitOfWork work, Call call, ConversationState state, ConversationEffect effect, DateTimeOffset now, CancellationToken ct)
    {
        switch (effect)
        {
            case ConversationEffect.Suppress:
                await suppressions.OptOutAsync(work, new Suppression { TenantId = call.TenantId, Number = call.ToNumber, Reason = "optOut", CallId = call.Id, At = now }, call.LeadId, null, ct);
                return;

            case ConversationEffect.ScheduleCallback when state.Slots.TryGetValue("callbackAt", out var said) && DateTimeOffset.TryParse(said, System.Globalization.CultureInfo.InvariantCulture, out var at):
                await leads.AddTaskAsync(work, new LeadTask { TenantId = call.TenantId, Id = Guid.CreateVersion7(now), LeadId = call.LeadId, Kind = TaskKind.Callback, Title = "Call back, as agreed on the phone", DueAt = at.ToUniversalTime(), OwnerId = call.UserId, CreatedAt = now }, ct);
                return;

            case ConversationEffect.SendInformation:
                await leads.AddTaskAsync(work, new LeadTask { TenantId = call.TenantId, Id = Guid.CreateVersion7(now), LeadId = call.LeadId, Kind = TaskKind.Email, Title = "Send the details that were promised on the phone", DueAt = now.AddHours(4), OwnerId = call.UserId, CreatedAt = now }, ct);
                return;
        }
    }

    /// <summary>The callee's own time; calls go to India.</summary>
    private DateTimeOffset CalleeNow() => TimeZoneInfo.ConvertTime(time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata"));
}
