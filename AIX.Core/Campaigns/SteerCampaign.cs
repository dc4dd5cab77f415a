using AIX.Core.Auditing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

/// <summary>What admins do with campaigns that were launched: pause, go on, stop. Every act is in the audit log.</summary>
public sealed class SteerCampaign(ICampaignStore store, AudienceLimit limit, StopCalls stop, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    /// <summary>No new call from the moment that this returns; those that go on may end by themselves.</summary>
    public Task<Result<CampaignState>> PauseAsync(TenantId tenant, Actor actor, Guid id, CancellationToken ct) => MoveAsync(
        tenant, actor, id, [CampaignState.Running, CampaignState.Scheduled], new CampaignChange { State = CampaignState.Paused, ClearReason = true }, "campaign.paused", "Only a campaign that runs can be paused.", ct);

    /// <summary>Goes on; waits for its time where that has not come. Whoever resumes one that has grown beyond what was approved approves it, and has to be another admin than who launched it or added to it.</summary>
    public async Task<Result<CampaignState>> ResumeAsync(TenantId tenant, Actor actor, Guid id, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.LockAsync(work, id, ct) is not { } campaign)
        {
            return ManageCampaigns.Unknown();
        }

        if (campaign.State != CampaignState.Paused)
        {
            return new Error(ErrorKind.Conflict, "wrong-state", "Only a campaign that is paused can go on.");
        }

        var state = campaign.StartsAt > now ? CampaignState.Scheduled : CampaignState.Running;
        var change = new CampaignChange { State = state, StartedAt = state == CampaignState.Running ? now : null, ClearReason = true };
        var grown = await limit.ExceededAsync(work, campaign, ct);
        if (grown is { } named)
        {
            if (campaign.AudienceAfter is not null)
            {
                return new Error(ErrorKind.Conflict, "audience-grows", $"The audience has grown beyond what was approved and is still being named ({named:N0} so far); wait until all are in.");
            }

            if (ManageCampaigns.Person(actor) is null || campaign.LaunchedBy is null || campaign.LaunchedBy == actor.Id)
            {
                return new Error(ErrorKind.Forbidden, "needs-second-admin", $"The audience has grown to {named:N0} leads; {limit.Of(campaign):N0} is what it may have without another approval. Another admin than the one who launched it or added to it has to resume it, signed in as themselves: a key is nobody.");
            }

            change = change with { ApprovedBy = actor.Id, ApprovedLeads = named };
        }

        await store.ChangeAsync(work, id, change, now, ct);
        work.Raise(new CampaignChanged(tenant, id));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, grown is null ? "campaign.resumed" : "campaign.approved", new { id, leads = grown, state = state.ToString() }, ct);
        return state;
    }

    /// <summary>Ends the campaign and every call of it that goes on.</summary>
    public async Task<Result<CampaignState>> StopAsync(TenantId tenant, Actor actor, Guid id, CancellationToken ct)
    {
        var moved = await MoveAsync(
            tenant, actor, id, [CampaignState.Draft, CampaignState.Approval, CampaignState.Scheduled, CampaignState.Running, CampaignState.Paused], new CampaignChange { State = CampaignState.Cancelled, EndedAt = time.GetUtcNow() }, "campaign.stopped", "The campaign has ended already.", ct);
        if (moved.IsOk)
        {
            await stop.ExecuteAsync(tenant, id, ct);
        }

        return moved;
    }

    private async Task<Result<CampaignState>> MoveAsync(TenantId tenant, Actor actor, Guid id, CampaignState[] from, CampaignChange change, string action, string refusal, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.LockAsync(work, id, ct) is not { } campaign)
        {
            return ManageCampaigns.Unknown();
        }

        if (!from.Contains(campaign.State))
        {
            return new Error(ErrorKind.Conflict, "wrong-state", refusal);
        }

        await store.ChangeAsync(work, id, change, time.GetUtcNow(), ct);
        work.Raise(new CampaignChanged(tenant, id));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, action, new { id }, ct);
        return change.State!.Value;
    }
}
