using AIX.Core.Calls;
using AIX.Core.Compliance;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

/// <summary>Ends calls that still wait at the provider though nobody may be called any more (the window closed, somebody opted out), and those of campaigns that were stopped.</summary>
public sealed class RecallCalls(ICampaignStore store, AdmitAudience admit, PlaceCall place, StopCalls stop, CallOptions options, TimeProvider time)
{
    public async Task ExecuteAsync(CancellationToken ct)
    {
        foreach (var active in await store.ActiveAsync(time.GetUtcNow(), ct))
        {
            await RecallAsync(active.Tenant, active.Id, ct);
        }

        await stop.FinishAsync(ct);
    }

    private async Task RecallAsync(TenantId tenant, Guid id, CancellationToken ct)
    {
        // Seldom anything waits there; only then is the plan of interest.
        if (await store.OpenCallsAsync(tenant, id, true, ct) is not { Count: > 0 } waiting || await store.FindAsync(tenant, id, ct) is not { } campaign)
        {
            return;
        }

        var plan = CampaignPlan.Read(campaign.Plan);
        if (admit.RouteOf(plan) is not { } route)
        {
            return;
        }

        ContactIntent IntentOf(Call call) => AdmitAudience.IntentOf(plan, call.LeadId, call.ToNumber, route, tenant, options.RingSeconds);
        foreach (var call in await place.DeniedAsync(tenant, waiting, IntentOf, ct))
        {
            await place.RecallAsync(tenant, call, IntentOf, ct);
        }
    }
}
