using AIX.Core.Campaigns;

namespace AIX.Web.Features.Campaigns;

/// <summary>How states of campaigns look.</summary>
internal static class CampaignText
{
    public static string? Tone(CampaignState state) => state switch
    {
        CampaignState.Running => "ok",
        CampaignState.Paused or CampaignState.Approval => "wa",
        CampaignState.Failed => "er",
        CampaignState.Scheduled => "ac",
        _ => null,
    };
}
