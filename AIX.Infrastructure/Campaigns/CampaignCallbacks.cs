using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Infrastructure.Database;

namespace AIX.Infrastructure.Campaigns;

/// <summary>A campaign's callback goes where a person has put it, and is not made once a person has made it.</summary>
internal sealed class CampaignCallbacks : ICallbackWatcher
{
    /// <summary>Rule of a member whose callback a person has settled.</summary>
    private const string Settlement = "callbackDone";

    public void Moved(IUnitOfWork work, Guid lead, DateTimeOffset due)
    {
        var unit = UnitOfWork.Of(work);
        unit.Later("UPDATE aix.campaign_members SET next_at = $3, is_due = false WHERE tenant_id = $1 AND lead_id = $2 AND state = 1 AND is_callback", [unit.TenantId.Value, lead, due.ToUniversalTime()]);
    }

    public void Kept(IUnitOfWork work, Guid lead, DateTimeOffset dueBefore)
    {
        var unit = UnitOfWork.Of(work);
        unit.Later("UPDATE aix.campaign_members SET state = 3, is_due = false, lease_until = NULL, lease_token = NULL WHERE tenant_id = $1 AND lead_id = $2 AND state = 1 AND is_callback AND next_at <= $3", [unit.TenantId.Value, lead, dueBefore.ToUniversalTime()]);
    }

    public void Settled(IUnitOfWork work, Guid lead, bool done)
    {
        var unit = UnitOfWork.Of(work);
        unit.Later(
            done
                ? "UPDATE aix.campaign_members SET state = 3, rule = $3, is_due = false, lease_until = NULL, lease_token = NULL WHERE tenant_id = $1 AND lead_id = $2 AND state = 1 AND is_callback"
                : "UPDATE aix.campaign_members SET state = 1, rule = NULL WHERE tenant_id = $1 AND lead_id = $2 AND state = 3 AND is_callback AND rule = $3",
            [unit.TenantId.Value, lead, Settlement]);
    }
}
