using AIX.Core.Auditing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

/// <summary>Moves a campaign on AIX's own account: its time has come, it is finished, or something is wrong.</summary>
public sealed class MoveCampaign(ICampaignStore store, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    /// <returns>False when it was in another state.</returns>
    public async Task<bool> ExecuteAsync(TenantId tenant, Guid id, CampaignState from, CampaignChange change, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.LockAsync(work, id, ct) is not { } now || now.State != from)
        {
            return false;
        }

        await store.ChangeAsync(work, id, change, time.GetUtcNow(), ct);
        work.Raise(new CampaignChanged(tenant, id));
        await work.CommitAsync(ct);
        return true;
    }

    /// <param name="reason">A word that the pages explain.</param>
    public async Task PauseAsync(TenantId tenant, Guid id, string reason, CancellationToken ct)
    {
        if (await ExecuteAsync(tenant, id, CampaignState.Running, new CampaignChange { State = CampaignState.Paused, Reason = reason }, ct))
        {
            await audit.AppendAsync(tenant, Actor.System, "campaign.paused", new { id, reason }, ct);
        }
    }
}
