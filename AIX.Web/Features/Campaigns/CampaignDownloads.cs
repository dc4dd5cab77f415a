using System.Text;
using AIX.Core.Auditing;
using AIX.Core.Campaigns;
using AIX.Core.Tenancy;
using AIX.Web.Api;

namespace AIX.Web.Features.Campaigns;

/// <summary>Files of a campaign.</summary>
internal static class CampaignDownloads
{
    /// <summary>Who a launch would leave out, by rule, or by one.</summary>
    public static async Task<IResult> ExcludedAsync(HttpContext http, ICampaignStore store, IAuditLog audit, PreFlight preFlight, ICurrentTenant current, Guid id, string? rule, CancellationToken ct)
    {
        if (await store.FindAsync(current.Id!.Value, id, ct) is not { } campaign)
        {
            return Results.NotFound();
        }

        var tenant = current.Id!.Value;
        await audit.AppendAsync(tenant, Claims.ActorOf(http.User), "campaign.exported", new { id, rule }, ct);
        return Results.Stream(
            async stream =>
            {
                await using var writer = new StreamWriter(stream, new UTF8Encoding(true), 1 << 16, leaveOpen: true);
                await writer.WriteLineAsync("leadId,number,rule");
                await foreach (var (lead, number, why) in preFlight.ExcludedAsync(tenant, id, CampaignPlan.Read(campaign.Plan), CancellationToken.None))
                {
                    if (rule is null || rule == why)
                    {
                        await writer.WriteLineAsync($"{lead},\"{number?.Replace("\"", "", StringComparison.Ordinal)}\",{why}");
                    }
                }
            },
            "text/csv; charset=utf-8",
            "excluded.csv");
    }
}
