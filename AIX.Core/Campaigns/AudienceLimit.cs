using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Shared;

namespace AIX.Core.Campaigns;

/// <summary>
/// A campaign above <see cref="CampaignOptions.ApprovalAbove"/> leads needs a second admin, however it came to its size: leads that are added after the launch count, and so do those that its filter finds by the time
/// that it begins. What was approved may grow to the number that was approved, no further.
/// </summary>
public sealed class AudienceLimit(ICampaignStore store, CampaignOptions options, TimeProvider time) : IAudience
{
    public int Of(Campaign campaign) => Math.Max(options.ApprovalAbove, campaign.ApprovedBy is null ? 0 : campaign.ApprovedLeads ?? 0);

    /// <returns>How many leads are named when they are more than were approved; null otherwise, and for a campaign that is still to be launched.</returns>
    public async Task<int?> ExceededAsync(IUnitOfWork work, Campaign campaign, CancellationToken ct) =>
        campaign.State is not (CampaignState.Draft or CampaignState.Approval) && await store.MembersAsync(work, campaign.Id, ct) is var named && named > Of(campaign) ? named : null;

    public async Task<Error?> NameAsync(IUnitOfWork work, Guid campaign, Actor actor, Func<Task<int>> pick, CancellationToken ct)
    {
        if (await store.LockAsync(work, campaign, ct) is not { } known)
        {
            return ManageCampaigns.Unknown();
        }

        if (known.State is CampaignState.Completed or CampaignState.Cancelled or CampaignState.Failed)
        {
            return new Error(ErrorKind.Conflict, "campaign-over", "The campaign is over; make a new one.");
        }

        var tooMany = await AddedAsync(work, known, actor, await pick(), ct);
        work.Raise(new CampaignChanged(work.TenantId, campaign));
        return tooMany;
    }

    /// <summary>
    /// After somebody has added leads. One that runs or is scheduled takes no more than was approved. To one that is paused anything may be added, but by one person until it is approved: nothing rings, and who
    /// resumes it approves it, another admin than that one. One that waits for approval is a draft again: what was to be approved was another audience.
    /// </summary>
    /// <param name="added">Leads that were not named before.</param>
    /// <returns>Why they are too many.</returns>
    private async Task<Error?> AddedAsync(IUnitOfWork work, Campaign campaign, Actor actor, int added, CancellationToken ct)
    {
        switch (campaign.State)
        {
            case CampaignState.Approval:
                await store.ChangeAsync(work, campaign.Id, new CampaignChange { State = CampaignState.Draft }, time.GetUtcNow(), ct);
                return null;
            case CampaignState.Draft:
                return null;
        }

        if (added == 0 || await ExceededAsync(work, campaign, ct) is not { } named)
        {
            return null;
        }

        if (campaign.State == CampaignState.Paused)
        {
            if (named - added > Of(campaign) && campaign.LaunchedBy != actor.Answers)
            {
                return new Error(ErrorKind.Conflict, "growth-waits", $"The campaign has {named - added:N0} leads already, more than the {Of(campaign):N0} that were approved, and somebody else has brought them in. Approve them first, by resuming it; then add yours.", "leads");
            }

            await store.ChangeAsync(work, campaign.Id, new CampaignChange { LaunchedBy = actor.Answers }, time.GetUtcNow(), ct);
            return null;
        }

        return new Error(ErrorKind.Forbidden, "needs-second-admin", $"With these the campaign would have {named:N0} leads; it may have {Of(campaign):N0} without another approval. Put them into a campaign of their own, or pause this one before you add them: another admin then approves its size by resuming it.", "leads");
    }
}
