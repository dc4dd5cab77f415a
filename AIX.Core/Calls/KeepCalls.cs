using System.Text.Json;
using AIX.Core.Conversations;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Calls;

/// <summary>Takes what was learned on a call: answered by the pipeline, which knows how facts and scores hang together.</summary>
public interface ICallFacts
{
    Task AddAsync(IUnitOfWork work, Guid lead, IReadOnlyDictionary<string, string> facts, CancellationToken ct);
}

/// <summary>What follows the end of a call elsewhere, in the same transaction, once.</summary>
public interface IAfterCall
{
    Task EndedAsync(IUnitOfWork work, Call call, Disposition outcome, DateTimeOffset now, CancellationToken ct);
}

/// <summary>
/// The safety net under calls, run every few seconds on every node: settles attempts whose fate is not known, looks up calls that have gone silent, ends what goes on beyond its time, and wraps up what has ended.
/// </summary>
public sealed class KeepCalls(ICallStore store, ITelephony telephony, TakeCallEvent events, ICallFacts facts, IEnumerable<IAfterCall> followers, IRecordings recordings, ILeadWorkStore leads, CallOptions options, IUnitOfWorkFactory works, TimeProvider time)
{
    /// <summary>Slots that the conversation keeps for itself.</summary>
    private static readonly HashSet<string> Own = ["callbackAt", "sendInfo", "_callback"];

    private const int Batch = 200;
    private const int UnsettledSeconds = 10;
    private const int KeepTryingDays = 3;

    /// <returns>Calls that were looked at.</returns>
    /// <exception cref="AggregateException">Some could not be looked after; all others were.</exception>
    public async Task<int> ExecuteAsync(CancellationToken ct)
    {
        // One node at a time: two would ask the provider the same questions.
        await using var turn = await store.TakeSweepAsync(ct);
        if (turn is null)
        {
            return 0;
        }

        var (count, failed) = (0, new List<Exception>());
        for (IReadOnlyList<(TenantId Tenant, Guid Call, bool Ended)> open; ; count += open.Count)
        {
            var now = time.GetUtcNow();
            open = await store.OpenAsync(now.AddSeconds(-UnsettledSeconds), now.AddSeconds(-options.SilentSeconds), now.AddSeconds(-options.MaxSeconds), ct);
            foreach (var (tenant, id, ended) in open)
            {
                await TryAsync(async () =>
                {
                    if (ended)
                    {
                        await WrapUpAsync(tenant, id, now, ct);
                    }
                    else if (await store.FindAsync(tenant, id, ct) is { } call)
                    {
                        await KeepAsync(call, now, ct);
                    }
                });
            }

            if (open.Count < Batch || failed.Count > 0)
            {
                break;
            }
        }

        foreach (var (tenant, id) in await store.UnkeptRecordingsAsync(time.GetUtcNow().AddDays(-KeepTryingDays), ct))
        {
            await TryAsync(() => KeepRecordingAsync(tenant, id, ct));
        }

        return failed.Count == 0 ? count : throw new AggregateException($"{failed.Count} calls could not be looked after; they are tried again.", failed);

        // One call's trouble must not keep the others from being settled.
        async Task TryAsync(Func<Task> act)
        {
            try
            {
                await act();
            }
            catch (Exception ex) when (ex is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                failed.Add(ex);
            }
        }
    }

    /// <summary>Fetches what the provider still holds: the webhook only wrote down that it is there.</summary>
    private async Task KeepRecordingAsync(TenantId tenant, Guid id, CancellationToken ct)
    {
        if (await store.RecordingAsync(tenant, id, ct) is { } recording && await store.FindAsync(tenant, id, ct) is { } call)
        {
            await recordings.TakeAsync(call, recording.Sid, recording.Status, recording.DurationSeconds, ct);
        }
    }

    private Task KeepAsync(Call call, DateTimeOffset now, CancellationToken ct) => call switch
    {
        _ when CallStates.IsEnd(call.State) => Task.CompletedTask,
        { ProviderSid: null, State: CallState.Posting or CallState.Uncertain } => SettleAsync(call, now, ct),
        _ when now - (call.AnsweredAt ?? call.CreatedAt) > TimeSpan.FromSeconds(options.MaxSeconds + options.RingSeconds) => KillAsync(call, now, ct),
        { ProviderSid: { } sid } when now - call.SeenAt > TimeSpan.FromSeconds(options.SilentSeconds) => LookUpAsync(call, sid, now, ct),
        _ => Task.CompletedTask,
    };

    /// <summary>Finds the call at the provider by its numbers and time; what the provider never heard of has failed.</summary>
    private async Task SettleAsync(Call call, DateTimeOffset now, CancellationToken ct)
    {
        var found = await telephony.ListAsync(call.Route, call.ToNumber, call.FromNumber, call.CreatedAt.AddSeconds(-5), ct);
        await using var work = await works.BeginAsync(call.TenantId, ct);
        if (await store.LockAsync(work, call.Id, ct) is not { ProviderSid: null, State: CallState.Posting or CallState.Uncertain } still)
        {
            return;
        }

        foreach (var candidate in found.OrderBy(f => f.Created))
        {
            if (!await store.IsTakenAsync(work, candidate.Sid, call.Id, ct))
            {
                var change = events.ChangeOf(still, new ProviderEvent(candidate.Sid, "list", candidate.Status, candidate.DurationSeconds, candidate.AnsweredBy));
                store.Change(work, call.Id, change with { State = change.State ?? CallState.Queued }, now);
                work.Raise(new CallChanged(call.TenantId, call.Id, call.LeadId));
                await work.CommitAsync(ct);
                return;
            }
        }

        if (now - call.CreatedAt > TimeSpan.FromSeconds(options.UncertainSeconds))
        {
            store.Change(work, call.Id, new CallChange { State = CallState.Failed, Disposition = Disposition.Failed, ErrorText = "The provider never heard of this call; nothing rang." }, now);
            work.Raise(new CallChanged(call.TenantId, call.Id, call.LeadId));
            await work.CommitAsync(ct);
        }
    }

    private async Task LookUpAsync(Call call, string sid, DateTimeOffset now, CancellationToken ct)
    {
        var seen = await telephony.FindAsync(call.Route, sid, ct);
        await using var work = await works.BeginAsync(call.TenantId, ct);
        if (await store.LockAsync(work, call.Id, ct) is not { } still || CallStates.IsEnd(still.State))
        {
            return;
        }

        var change = seen is null
            ? new CallChange { State = CallState.Failed, Disposition = still.Disposition ?? Disposition.Failed, ErrorText = "The provider has no such call any more." }
            : events.ChangeOf(still, new ProviderEvent(sid, "sweep", seen.Status, seen.DurationSeconds, seen.AnsweredBy));
        store.Change(work, call.Id, change, now);
        if (change.State is not null)
        {
            work.Raise(new CallChanged(call.TenantId, call.Id, call.LeadId));
        }

        await work.CommitAsync(ct);
    }

    /// <summary>Wall-clock end, outside the media path.</summary>
    private async Task KillAsync(Call call, DateTimeOffset now, CancellationToken ct)
    {
        if (call.ProviderSid is { } sid)
        {
            await telephony.HangUpAsync(call.Route, sid, call.State, ct);
        }

        await using var work = await works.BeginAsync(call.TenantId, ct);
        if (await store.LockAsync(work, call.Id, ct) is { } still && !CallStates.IsEnd(still.State))
        {
            store.Change(work, call.Id, new CallChange { State = still.AnsweredAt is null ? CallState.Failed : CallState.Completed, Disposition = still.Disposition ?? (still.AnsweredAt is null ? Disposition.Failed : Disposition.NoOutcome), ErrorText = $"Ended from outside after {options.MaxSeconds} seconds." }, now);
            work.Raise(new CallChanged(call.TenantId, call.Id, call.LeadId));
        }

        await work.CommitAsync(ct);
    }

    /// <summary>What follows an end, once: outcome, summary, what was learned as facts, the touch on the lead.</summary>
    private async Task WrapUpAsync(TenantId tenant, Guid id, DateTimeOffset now, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.LockAsync(work, id, ct) is not { WrappedUp: false } still)
        {
            return;
        }

        var turns = still is { AnsweredAt: null, Conversation: null } ? [] : await store.TurnsAsync(work, id, ct);
        var state = still.Conversation is null ? null : JsonSerializer.Deserialize<ConversationState>(still.Conversation, PlaceCall.Json);
        var spoken = turns.Count(t => t.FromCallee);
        var disposition = still.Disposition ?? still switch
        {
            // A person took the phone and nobody spoke to them.
            { AnsweredAt: not null } when turns.Count == 0 && !TakeCallEvent.IsMachine(still.AnsweredBy ?? "") => Disposition.Abandoned,
            { DurationSeconds: < 10 } when spoken == 0 => Disposition.HungUpEarly,
            _ => Disposition.NoOutcome,
        };
        var learned = (state?.Slots ?? new Dictionary<string, string>()).Where(s => !Own.Contains(s.Key) && s.Value.Length <= 200).ToDictionary(s => s.Key, s => s.Value);
        store.Change(work, id, new CallChange { WrappedUp = true, Disposition = disposition, Summary = Summary(turns, learned, state) }, now);
        if (spoken > 0)
        {
            await leads.TouchAsync(work, still.LeadId, still.EndedAt ?? now, ct);
        }

        if (learned.Count > 0)
        {
            await facts.AddAsync(work, still.LeadId, learned, ct);
        }

        foreach (var follower in followers)
        {
            await follower.EndedAsync(work, still, disposition, now, ct);
        }

        work.Raise(new CallChanged(tenant, id, still.LeadId));
        await work.CommitAsync(ct);
    }

    /// <summary>Written from what is stored, without a model.</summary>
    private static string? Summary(IReadOnlyList<CallTurn> turns, Dictionary<string, string> learned, ConversationState? state)
    {
        var heard = turns.Where(t => t.FromCallee).ToList();
        List<string> parts = [];
        if (heard.Count > 0)
        {
            parts.Add($"{heard.Count} turns; asked or said: {string.Join(", ", heard.Select(t => t.Intent).Where(i => i is not (null or "oos" or "affirm" or "deny")).Distinct().Take(5))}".TrimEnd(' ', ':'));
        }

        parts.AddRange(learned.Select(l => $"{l.Key}: {l.Value}"));
        if (state?.CallbackAt is { } at)
        {
            parts.Add($"callback {at:yyyy-MM-dd HH:mm}");
        }

        if (state?.RecordingRefused == true)
        {
            parts.Add("recording refused");
        }

        return parts.Count == 0 ? null : string.Join(" · ", parts);
    }
}
