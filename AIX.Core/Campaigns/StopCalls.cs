using AIX.Core.Calls;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

/// <summary>Ends the calls of a campaign that was stopped: those of the moment at once, and by each beat those that were on their way to the provider then, or that a node which died had not come to.</summary>
public sealed class StopCalls(ICampaignStore store, ITelephony telephony, TimeProvider time)
{
    /// <summary>Beyond it calls have ended by themselves or by the sweep.</summary>
    private static readonly TimeSpan LookBack = TimeSpan.FromHours(1);

    /// <returns>What went wrong with some; all others were ended, and these are tried again by the next beat.</returns>
    public async Task<IReadOnlyList<Exception>> ExecuteAsync(TenantId tenant, Guid campaign, CancellationToken ct)
    {
        var failed = new List<Exception>();
        foreach (var call in await store.OpenCallsAsync(tenant, campaign, false, ct))
        {
            if (call.ProviderSid is not { } sid)
            {
                continue;
            }

            try
            {
                await telephony.HangUpAsync(call.Route, sid, call.State, ct);
            }
            catch (Exception ex) when (ex is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                // One line's trouble must not keep the others from being ended.
                failed.Add(ex);
            }
        }

        return failed;
    }

    /// <summary>For all campaigns that were stopped and have calls that go on.</summary>
    /// <exception cref="AggregateException">Some could not be ended; all others were.</exception>
    public async Task FinishAsync(CancellationToken ct)
    {
        var failed = new List<Exception>();
        foreach (var (tenant, campaign) in await store.StoppedAsync(time.GetUtcNow() - LookBack, ct))
        {
            failed.AddRange(await ExecuteAsync(tenant, campaign, ct));
        }

        if (failed.Count > 0)
        {
            throw new AggregateException($"{failed.Count} calls of stopped campaigns could not be ended; they are tried again.", failed);
        }
    }
}
