using AIX.Core.Enrichment;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Calls;

/// <summary>An attempt as the reconciliation needs it, of whatever tenant.</summary>
public sealed record BoundCall(TenantId Tenant, Guid Id, string Sid, CallState State, int? DurationSeconds);

/// <summary>What one reconciliation found.</summary>
/// <param name="Seen">Calls that the provider has from AIX's caller ids, further legs not counted.</param>
/// <param name="Settled">Had gone on at the provider, unknown to AIX.</param>
/// <param name="Corrected">Had another length in the provider's records.</param>
/// <param name="Orphans">Live at the provider, and no attempt has them or theirs has ended: they were ended.</param>
/// <param name="Missing">Attempts that name a call of that time which the provider's list does not have.</param>
public sealed record Reconciliation(int Seen, int Settled, int Corrected, IReadOnlyList<ProviderCall> Orphans, int Missing)
{
    public static Reconciliation None { get; } = new(0, 0, 0, [], 0);
}

/// <summary>
/// Compares the provider's records with the attempts, every few minutes, one node for all: the provider's word on state and length counts, and a live call that no attempt knows is ended. It finds what no callback and no silent attempt would show.
/// </summary>
public sealed class ReconcileCalls(ICallStore store, ITelephony telephony, TakeCallEvent events, ISourcePace pace, CallOptions options, IUnitOfWorkFactory works, TimeProvider time)
{
    /// <summary>Younger calls may still be on their way into the attempt that placed them.</summary>
    public static readonly TimeSpan Young = TimeSpan.FromMinutes(2);

    private const string Turn = "calls:reconcile";

    /// <returns>Null when it is not time yet, or another node has done it.</returns>
    /// <exception cref="AggregateException">A route's provider could not be asked; the others were.</exception>
    public async Task<Reconciliation?> ExecuteAsync(CancellationToken ct)
    {
        if (telephony.Routes.Count == 0 || (await pace.TakeAsync(Turn, 1 / (options.ReconcileSeconds * SourceRate.Of(1)), 1, TimeSpan.Zero, ct)).Granted == 0)
        {
            return null;
        }

        return await CompareAsync(time.GetUtcNow(), ct);
    }

    /// <summary>Compares now, whoever did so last.</summary>
    public async Task<Reconciliation> CompareAsync(DateTimeOffset now, CancellationToken ct)
    {
        // Twice the interval, and the longest call before it: what one round cannot do, the next one can.
        var since = now.AddSeconds(-2 * options.ReconcileSeconds - options.MaxSeconds - options.RingSeconds) - Young;
        var (all, failed) = (Reconciliation.None, new List<Exception>());
        foreach (var route in telephony.Routes.DistinctBy(r => r.Bucket))
        {
            try
            {
                var one = await CompareAsync(route, since, now, ct);
                all = new Reconciliation(all.Seen + one.Seen, all.Settled + one.Settled, all.Corrected + one.Corrected, [.. all.Orphans, .. one.Orphans], all.Missing + one.Missing);
            }
            catch (Exception ex) when (ex is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                failed.Add(ex);
            }
        }

        return failed.Count == 0 ? all : throw new AggregateException($"{failed.Count} routes could not be compared with their provider's records; they are tried again.", failed);
    }

    private async Task<Reconciliation> CompareAsync(CallRoute route, DateTimeOffset since, DateTimeOffset now, CancellationToken ct)
    {
        var theirs = (await telephony.SinceAsync(route, since, ct)).Where(c => c is { ParentSid: null, Outbound: true }).ToList();
        var ours = (await store.BoundAsync([.. theirs.Select(c => c.Sid)], ct)).ToDictionary(c => c.Sid, StringComparer.Ordinal);
        var (settled, corrected, orphans) = (0, 0, new List<ProviderCall>());
        foreach (var seen in theirs)
        {
            var over = CallStates.Of(seen.Status) is { } state && CallStates.IsEnd(state);
            if (!ours.TryGetValue(seen.Sid, out var bound))
            {
                if (!over && now - (seen.Created ?? now) > Young)
                {
                    if (options.EndOrphans)
                    {
                        await telephony.HangUpAsync(route.Name, seen.Sid, CallStates.Of(seen.Status) ?? CallState.Queued, ct);
                    }

                    orphans.Add(seen);
                }
            }
            else if (!over && CallStates.IsEnd(bound.State) && now - (seen.Created ?? now) > Young && await IsStillLiveAsync(route, seen.Sid, ct))
            {
                // Ended here, and the line goes on there: its attempt was given up before the provider's answer came, or the hanging up was lost.
                await telephony.HangUpAsync(route.Name, seen.Sid, CallStates.Of(seen.Status) ?? CallState.Queued, ct);
                orphans.Add(seen);
            }
            else if (over && !CallStates.IsEnd(bound.State))
            {
                settled += await TakeAsync(bound, seen, now, ct) ? 1 : 0;
            }
            else if (over && seen.DurationSeconds is { } seconds && seconds != bound.DurationSeconds)
            {
                corrected += await TakeAsync(bound, seen, now, ct) ? 1 : 0;
            }
        }

        var known = theirs.Select(c => c.Sid).ToHashSet(StringComparer.Ordinal);
        var missing = (await store.BoundSinceAsync(route.CallerId, since + Young, now - Young, ct)).Count(sid => !known.Contains(sid));
        return new Reconciliation(theirs.Count, settled, corrected, orphans, missing);
    }

    /// <summary>It may have ended between the list and the look at the attempt.</summary>
    private async Task<bool> IsStillLiveAsync(CallRoute route, string sid, CancellationToken ct) =>
        await telephony.FindAsync(route.Name, sid, ct) is { } found && !(CallStates.Of(found.Status) is { } state && CallStates.IsEnd(state));

    private async Task<bool> TakeAsync(BoundCall bound, ProviderCall seen, DateTimeOffset now, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(bound.Tenant, ct);
        if (await store.LockAsync(work, bound.Id, ct) is not { } call || call.ProviderSid != seen.Sid)
        {
            return false;
        }

        var change = events.ChangeOf(call, new ProviderEvent(seen.Sid, "records", seen.Status, seen.DurationSeconds, call.AnsweredBy is null ? seen.AnsweredBy : null));
        if (change.State is null && (change.DurationSeconds is null || change.DurationSeconds == call.DurationSeconds))
        {
            return false;
        }

        store.Change(work, call.Id, change, now);
        work.Raise(new CallChanged(call.TenantId, call.Id, call.LeadId));
        await work.CommitAsync(ct);
        return true;
    }
}
