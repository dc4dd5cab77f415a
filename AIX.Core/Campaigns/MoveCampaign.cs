using AIX.Core.Auditing;
using AIX.Core.Calls;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

/// <summary>Moves a campaign on AIX's own account: its time has come, it is finished, or something is wrong. Of all but the first the admins hear: whoever launched it sleeps.</summary>
public sealed class MoveCampaign(ICampaignStore store, ICallStore calls, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
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
        if (change.Reason is { } reason)
        {
            await TellAsync(work, now, reason, ct);
        }

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

    /// <summary>Ends it when nobody is left to call: completed, or failed when nobody could be called at all.</summary>
    public async Task FinishAsync(TenantId tenant, Guid id, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.LockAsync(work, id, ct) is not { State: CampaignState.Running, AudienceAfter: null } campaign || await store.ProgressAsync(work, id, ct) is not { IsFinished: true } progress)
        {
            return;
        }

        await store.ChangeAsync(work, id, progress.Called ? new CampaignChange { State = CampaignState.Completed, EndedAt = now } : new CampaignChange { State = CampaignState.Failed, Reason = "nobody", EndedAt = now }, now, ct);
        await TellAsync(work, campaign, progress.Called ? "done" : "nobody", ct);
        work.Raise(new CampaignChanged(tenant, id));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, Actor.System, progress.Called ? "campaign.completed" : "campaign.failed", new { id }, ct);
    }

    /// <summary>Tells the admins, with the commit.</summary>
    /// <param name="what">Names the sentence, after <c>campaign.</c></param>
    /// <param name="but">Who knows already.</param>
    public async Task TellAsync(IUnitOfWork work, Campaign campaign, string what, CancellationToken ct, Guid? but = null)
    {
        foreach (var admin in (await calls.AdminsAsync(work, ct)).Where(a => a != but))
        {
            work.Tell(new Notice(admin, "campaign." + what, null, campaign.Name));
        }
    }
}
