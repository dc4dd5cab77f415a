using System.Globalization;
using System.Text;
using AIX.Core.Auditing;
using AIX.Core.Insights;
using AIX.Core.Tenancy;
using AIX.Web.Api;

namespace AIX.Web.Features.Analytics;

/// <summary>The hourly counts as files.</summary>
internal static class AnalyticsFiles
{
    public static async Task<IResult> DownloadAsync(HttpContext http, ICallAnalytics analytics, IWorkbookWriter workbooks, IAuditLog audit, ICurrentTenant current, TimeProvider time, string file, DateOnly? from, DateOnly? to, Guid? campaign, string? language, string? region, string? variant, CancellationToken ct)
    {
        var filter = CampaignEndpoints.Filter(time, from, to, campaign, language, region, variant, null);
        var tenant = current.Id!.Value;
        if (file is not ("calls.csv" or "calls.xlsx"))
        {
            return Results.NotFound();
        }

        await audit.AppendAsync(tenant, Claims.ActorOf(http.User), "analytics.exported", new { file, filter.From, filter.To }, ct);
        if (file == "calls.csv")
        {
            var cells = await analytics.HeatmapAsync(tenant, filter, ct);
            var text = new StringBuilder(string.Join(',', CallWorkbook.Hours)).Append('\n');
            foreach (var row in CallWorkbook.RowsOf(cells))
            {
                text.AppendJoin(',', row.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture))).Append('\n');
            }

            return Results.File(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(text.ToString())).ToArray(), "text/csv; charset=utf-8", "calls.csv");
        }

        return Results.File(workbooks.Write(await CallWorkbook.SheetsAsync(analytics, tenant, filter, ct)), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "calls.xlsx");
    }
}
