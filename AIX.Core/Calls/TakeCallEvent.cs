using System.Text.Json;
using AIX.Core.Conversations;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Calls;

/// <summary>Something the provider says happened to a call.</summary>
/// <param name="Key">Tells repetitions apart: the sequence number, or the status where there is none.</param>
/// <param name="DurationSeconds">Seconds of talk, not billed minutes.</param>
public sealed record ProviderEvent(string Sid, string Key, string Status, int? DurationSeconds = null, string? AnsweredBy = null, int? SipCode = null);

/// <summary>Takes the provider's events: repeated, late, out of order, or for a call that is not this attempt's. States move forward only.</summary>
public sealed class TakeCallEvent(ICallStore store, ITelephony telephony, CallOptions options, IUnitOfWorkFactory works, TimeProvider time)
{
    /// <returns>False when there is no such call.</returns>
    public async Task<bool> ExecuteAsync(CallOwner owner, Guid id, ProviderEvent happened, CancellationToken ct)
    {
        await using (var work = await works.BeginAsync(owner.Tenant, ct))
        {
            var now = time.GetUtcNow();

            // Written down with the look at the call, for one trip less; what turns out not to be this call's leaves with the transaction.
            var (call, isNew) = await store.LockAsync(work, new CallEvent { TenantId = owner.Tenant, CallId = id, Key = $"{happened.Sid}/{happened.Key}", Status = happened.Status, At = now }, ct);
            if (call is null || (call.ProviderSid is null && await store.IsTakenAsync(work, happened.Sid, id, ct)))
            {
                return false;
            }

            if (call.ProviderSid is null || call.ProviderSid == happened.Sid)
            {
                if (isNew)
                {
                    store.Change(work, id, ChangeOf(call, happened), now);
                    work.Raise(new CallChanged(owner.Tenant, id, call.LeadId));
                    await work.CommitAsync(ct);
                }

                return true;
            }
        }

        // A second call for one attempt: it must not go on.
        await telephony.HangUpAsync(owner.Route, happened.Sid, CallState.Ringing, ct);
        return true;
    }

    /// <summary>Who answered, told apart from the call's course.</summary>
    public async Task AnsweredAsync(TenantId tenant, Guid id, string sid, string answeredBy, CancellationToken ct)
    {
        Call? call;
        bool machine;
        await using (var work = await works.BeginAsync(tenant, ct))
        {
            call = await store.LockAsync(work, id, ct);
            if (call is null || (call.ProviderSid is { } bound && bound != sid))
            {
                return;
            }

            // A conversation that took place is stronger than a late verdict of a machine.
            machine = IsMachine(answeredBy) && !HasTalked(call);
            store.Change(work, id, new CallChange { AnsweredBy = answeredBy, Disposition = machine ? Disposition.Voicemail : null }, time.GetUtcNow());
            work.Raise(new CallChanged(tenant, id, call.LeadId));
            await work.CommitAsync(ct);
        }

        // Nothing is said to a machine, unless the campaign leaves its opening words and the machine has begun to record.
        if (machine && !CallStates.IsEnd(call.State) && call.LeavesMessage && answeredBy.StartsWith("machine_end", StringComparison.Ordinal))
        {
            await telephony.LeaveMessageAsync(call, ct);
        }
        else if (machine && !CallStates.IsEnd(call.State))
        {
            await telephony.HangUpAsync(call.Route, sid, CallState.InProgress, ct);
        }
    }

    /// <summary>A colleague had the line, or did not take it: that stands in the transcript.</summary>
    public async Task HandedOverAsync(Call call, string status, int? seconds, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(call.TenantId, ct);
        var now = time.GetUtcNow();
        if (await store.LockAsync(work, new CallEvent { TenantId = call.TenantId, CallId = call.Id, Key = $"{call.ProviderSid}/handover", Status = "handover-" + status, At = now }, ct) is not { Call: not null, IsNew: true })
        {
            return;
        }

        var text = (status, call.Language) switch
        {
            ("completed" or "answered", "hi") => $"सहकर्मी से बात हुई: {seconds ?? 0} सेकंड।",
            ("completed" or "answered", _) => $"A colleague talked to them: {seconds ?? 0} seconds.",
            (_, "hi") => "सहकर्मी ने फ़ोन नहीं उठाया।",
            _ => "The colleague did not take the call.",
        };
        store.AddTurns(work, [new CallTurn { TenantId = call.TenantId, CallId = call.Id, Sequence = 0, FromCallee = false, Language = call.Language, Text = text, Node = HandOverNode, At = now }]);
        work.Raise(new CallChanged(call.TenantId, call.Id, call.LeadId));
        await work.CommitAsync(ct);
    }

    /// <summary>Marks a note of the transcript about the colleague's leg.</summary>
    public const string HandOverNode = "_handover";

    /// <summary>Somebody said something that the conversation took as a turn: keys, words of a person, or an outcome.</summary>
    private static bool HasTalked(Call call) =>
        call.Disposition is not null || (call.Conversation is { } json && JsonSerializer.Deserialize<ConversationState>(json, PlaceCall.Json) is { Turns: > 1 });

    public static bool IsMachine(string answeredBy) => answeredBy.StartsWith("machine", StringComparison.Ordinal) || answeredBy == "fax";

    internal CallChange ChangeOf(Call call, ProviderEvent happened)
    {
        var state = CallStates.Of(happened.Status) is { } to && CallStates.MayMove(call.State, to) ? to : (CallState?)null;
        return new CallChange
        {
            State = state,
            ProviderSid = happened.Sid,
            DurationSeconds = happened.DurationSeconds is >= 0 and var seconds && seconds <= options.MaxSeconds * 4 ? seconds : null,
            AnsweredBy = happened.AnsweredBy,
            Disposition = call.Disposition is not null ? null : state switch
            {
                CallState.Busy => Disposition.Busy,
                CallState.NoAnswer => Disposition.NoAnswer,
                CallState.Failed or CallState.Canceled => Disposition.Failed,
                _ => null,
            },
        };
    }
}
