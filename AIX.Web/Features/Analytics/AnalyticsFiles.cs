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
    private static readonly string[] Header = ["weekday", "hour", "calls", "answered", "won", "optOuts"];

    public static async Task<IResult> DownloadAsync(HttpContext http, ICallAnalytics analytics, IWorkbookWriter workbooks, IAuditLog audit, ICurrentTenant current, TimeProvider time, string file, DateOnly? from, DateOnly? to, Guid? campaign, string? language, string? region, string? variant, CancellationToken ct)
    {
        var filter = CampaignEndpoints.Filter(time, from, to, campaign, language, region, variant, null);
        var tenant = current.Id!.Value;
        if (file is not ("calls.csv" or "calls.xlsx"))
        {
            return Results.NotFound();
        }

        var cells = await analytics.HeatmapAsync(tenant, filter, ct);
        await audit.AppendAsync(tenant, Claims.ActorOf(http.User), "analytics.exported", new { file, filter.From, filter.To }, ct);
        IEnumerable<object[]> Rows() => cells.Select(c => new object[] { c.Weekday + 1, c.Hour, c.Placed, c.Answered, c.Won, c.OptOuts });
        if (file == "calls.csv")
        {
            var text = new StringBuilder(string.Join(',', Header)).Append('\n');
            foreach (var row in Rows())
            {
                text.AppendJoin(',', row.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture))).Append('\n');
            }

            return Results.File(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(text.ToString())).ToArray(), "text/csv; charset=utf-8", "calls.csv");
        }

        var sheets = new List<(string, IReadOnlyList<string>, IEnumerable<object[]>)> { ("Hours", Header, Rows()) };
        foreach (var by in Enum.GetValues<CallGrouping>())
        {
            var groups = await analytics.GroupsAsync(tenant, filter, by, ct);
            sheets.Add((by.ToString(), [by.ToString(), "calls", "answered", "won", "callbacks", "optOuts", "abandoned", "talkSeconds"], groups.Select(g => new object[] { g.Key, g.Placed, g.Answered, g.Won, g.Callbacks, g.OptOuts, g.Abandoned, g.TalkSeconds })));
        }

        return Results.File(workbooks.Write(sheets), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "calls.xlsx");
    }
}
