using AIX.Core.Auditing;
using AIX.Core.Calls;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

/// <summary>The provider refuses a route's settings: campaigns that call through it pause, with the reason, and the admins hear of it, once in an hour.</summary>
internal sealed class RouteAlarm(ICampaignStore store, ICallStore calls, AdmitAudience admit, MoveCampaign move, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time) : IRouteAlarm
{
    private static readonly TimeSpan Quiet = TimeSpan.FromHours(1);

    private readonly Dictionary<(TenantId, string), DateTimeOffset> _told = new();

    public async Task RaiseAsync(TenantId tenant, string route, ProviderError error, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        foreach (var (owner, id, _, _, _, _) in await store.ActiveAsync(now, ct))
        {
            if (owner == tenant && await store.FindAsync(tenant, id, ct) is { State: CampaignState.Running } campaign && admit.RouteOf(CampaignPlan.Read(campaign.Plan))?.Name == route)
            {
                await move.PauseAsync(tenant, id, "route", ct);
            }
        }

        // Several calls fail at the same moment; one of them tells.
        lock (_told)
        {
            if (_told.TryGetValue((tenant, route), out var last) && now - last < Quiet)
            {
                return;
            }

            _told[(tenant, route)] = now;
        }

        await using var work = await works.BeginAsync(tenant, ct);
        foreach (var admin in await calls.AdminsAsync(work, ct))
        {
            work.Tell(new Notice(admin, "routeRefused", null, $"{route}: {error.Message} ({error.Code})"));
        }

        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, Actor.System, "route.refused", new { route, error.Code, error.Message }, ct);
    }
}
