using System.Diagnostics;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Enrichment;
using AIX.Core.Shared;

namespace AIX.Core.Calls;

/// <summary>Posts a committed attempt to the provider, once, and writes down what became of it.</summary>
public sealed class PostCall(ICallStore store, ICallGate gate, ITelephony telephony, ISourcePace pace, IRouteAlarm alarm, CallOptions options, IUnitOfWorkFactory works, TimeProvider time)
{
    private const int Tries = 3;

    /// <summary>How long the gate's yes is good for.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <param name="decided">When the gate said yes, on the stopwatch.</param>
    public async Task ExecuteAsync(Call call, CallRoute route, ContactIntent intent, long decided, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (Stopwatch.GetElapsedTime(decided) > Fresh)
            {
                decided = Stopwatch.GetTimestamp();
                if (await DeniedNowAsync(call, intent, ct) is { } denial)
                {
                    await EndAsync(call, new CallChange { State = CallState.Canceled, ErrorText = denial }, ct);
                    return;
                }
            }

            switch (await telephony.PlaceAsync(call, options.RingSeconds, options.MaxSeconds, ct))
            {
                case PlaceResult.Placed placed:
                    await PlacedAsync(call, placed.Sid, ct);
                    return;

                case PlaceResult.Refused { Retry: true } when attempt < Tries:
                    // Never looked at, by the provider's own word: the same call again after a moment, with full jitter.
                    await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(3_000, 200 << attempt) * Lot.Of(Guid.CreateVersion7())), ct);
                    break;

                case PlaceResult.Refused refused:
                    await RestAsync(call, route, refused.Error, ct);
                    await EndAsync(call, new CallChange { State = CallState.Failed, ErrorCode = refused.Error.Code, ErrorText = refused.Error.Message, Disposition = refused.Error.Fault == ProviderFault.InvalidNumber ? Disposition.InvalidNumber : Disposition.Failed }, ct);
                    return;

                case PlaceResult.Unknown unknown:
                    await RestAsync(call, route, null, ct);
                    await UncertainAsync(call, unknown.Why, ct);
                    return;
            }
        }
    }

    /// <summary>A route that its breaker has stopped rests on every node and for every tenant: its turns are put off. Settings that the provider refuses are an admin's business.</summary>
    private async Task RestAsync(Call call, CallRoute route, ProviderError? error, CancellationToken ct)
    {
        if (telephony.RestsFor(route.Name) is { } rest)
        {
            await pace.BlockAsync(route.Bucket, rest, ct);
        }

        if (error is { Fault: ProviderFault.Configuration })
        {
            await alarm.RaiseAsync(call.TenantId, route.Name, error, ct);
        }
    }

    private async Task<string?> DeniedNowAsync(Call call, ContactIntent intent, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(call.TenantId, ct);
        var decision = await gate.AskAsync(work, intent, GateStage.Again, call.Id, call.CampaignId, ct);
        await work.CommitAsync(ct);
        return decision.Allowed ? null : "The moment passed before the provider took the call: " + string.Join(" ", decision.Denials.Select(d => d.Reason));
    }

    private async Task PlacedAsync(Call call, string sid, CancellationToken ct)
    {
        if (await BindAsync(call, sid, ct))
        {
            return;
        }

        // A callback bound another call to this attempt: there is one call too many.
        await telephony.HangUpAsync(call.Route, sid, CallState.Queued, ct);
    }

    /// <returns>False when the attempt has another call by now.</returns>
    private async Task<bool> BindAsync(Call call, string sid, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(call.TenantId, ct);
        if (!await store.TakeSidAsync(work, call.Id, sid, time.GetUtcNow(), ct))
        {
            if (await store.LockAsync(work, call.Id, ct) is not { } now || now.ProviderSid == sid)
            {
                return true;
            }

            if (now.ProviderSid is not null)
            {
                return false;
            }

            // Another attempt has this very call: the answer cannot be right, and the sweep looks for the true one.
            store.Change(work, call.Id, new CallChange { State = CallState.Uncertain, ErrorText = "The provider named a call that belongs to another attempt." }, time.GetUtcNow());
        }

        work.Raise(new CallChanged(call.TenantId, call.Id, call.LeadId));
        await work.CommitAsync(ct);
        return true;
    }

    private async Task UncertainAsync(Call call, string why, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(call.TenantId, ct);
        if (await store.LockAsync(work, call.Id, ct) is { State: CallState.Posting })
        {
            store.Change(work, call.Id, new CallChange { State = CallState.Uncertain, ErrorText = why }, time.GetUtcNow());
            work.Raise(new CallChanged(call.TenantId, call.Id, call.LeadId));
        }

        await work.CommitAsync(ct);
    }

    private async Task EndAsync(Call call, CallChange change, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(call.TenantId, ct);
        if (await store.LockAsync(work, call.Id, ct) is { } now && CallStates.MayMove(now.State, change.State!.Value))
        {
            store.Change(work, call.Id, change, time.GetUtcNow());
            work.Raise(new CallChanged(call.TenantId, call.Id, call.LeadId));
        }

        await work.CommitAsync(ct);
    }
}
