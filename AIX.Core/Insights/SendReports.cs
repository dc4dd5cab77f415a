using System.Globalization;
using AIX.Core.Auditing;
using AIX.Core.Tenancy;

namespace AIX.Core.Insights;

/// <summary>The hourly counts as sheets of a workbook: hours first, then by everything that calls are grouped by.</summary>
public static class CallWorkbook
{
    public static readonly IReadOnlyList<string> Hours = ["weekday", "hour", "calls", "answered", "won", "optOuts"];

    private static readonly string[] Groups = ["calls", "answered", "won", "callbacks", "optOuts", "abandoned", "talkSeconds"];

    public static async Task<IReadOnlyList<(string Name, IReadOnlyList<string> Header, IEnumerable<object[]> Rows)>> SheetsAsync(ICallAnalytics analytics, TenantId tenant, CallFilter filter, CancellationToken ct)
    {
        var sheets = new List<(string, IReadOnlyList<string>, IEnumerable<object[]>)> { ("Hours", Hours, RowsOf(await analytics.HeatmapAsync(tenant, filter, ct))) };
        foreach (var by in Enum.GetValues<CallGrouping>())
        {
            var groups = await analytics.GroupsAsync(tenant, filter, by, ct);
            sheets.Add((by.ToString(), [by.ToString(), .. Groups], groups.Select(g => new object[] { g.Key, g.Placed, g.Answered, g.Won, g.Callbacks, g.OptOuts, g.Abandoned, g.TalkSeconds })));
        }

        return sheets;
    }

    /// <summary>Weekdays from 1, Monday.</summary>
    public static IEnumerable<object[]> RowsOf(IEnumerable<HeatCell> cells) => cells.Select(c => new object[] { c.Weekday + 1, c.Hour, c.Placed, c.Answered, c.Won, c.OptOuts });
}

/// <summary>
/// Mails the reports that are due, each once in its turn: every minute, on one node. A server that refuses for the moment is asked again after a quarter of an hour, three times; then the trouble stands with the report, and the next turn is the next chance.
/// </summary>
public sealed class SendReports(IReportStore store, ICallAnalytics analytics, IWorkbookWriter workbooks, IReportMail mail, ITenantStore tenants, IAuditLog audit, TimeProvider time)
{
    private const int Tries = 3;

    private static readonly TimeSpan Again = TimeSpan.FromMinutes(15);

    /// <returns>Reports that went out.</returns>
    public async Task<int> ExecuteAsync(CancellationToken ct)
    {
        var sent = 0;
        foreach (var (tenant, id) in await store.DueAsync(time.GetUtcNow(), ct))
        {
            if (await store.FindAsync(tenant, id, ct) is { } report)
            {
                sent += await SendAsync(report, ct) ? 1 : 0;
            }
        }

        return sent;
    }

    private async Task<bool> SendAsync(SavedReport report, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var known = await tenants.GetAsync(report.TenantId, ct);
        var next = ReportClock.Next(report.Every, report.Hour, TimeZoneInfo.FindSystemTimeZoneById(known.Settings.TimeZone), now);

        // Who has left the organisation, or may no longer read campaigns, gets nothing more.
        var to = (await store.ReadersAsync(report.TenantId, report.Recipients, ct)).Where(ManageReports.MayRead).Select(r => r.Email).ToList();
        var trouble = mail.NotReady ?? (to.Count == 0 ? "Nobody who gets it may read campaigns any more." : await TryMailAsync(report, known, to, now, ct));
        var again = trouble is not null && report.Tries + 1 < Tries && to.Count > 0;
        await store.DoneAsync(report.TenantId, report.Id, again ? Earlier(now + Again, next) : next, trouble is null ? now : null, trouble, again ? report.Tries + 1 : 0, ct);
        if (trouble is null)
        {
            await audit.AppendAsync(report.TenantId, Actor.System, "report.sent", new { report.Id, report.Name, recipients = to.Count }, ct);
        }

        return trouble is null;
    }

    /// <summary>One report's trouble, of whatever kind, must not keep those after it from leaving, nor come again every minute.</summary>
    private async Task<string?> TryMailAsync(SavedReport report, Tenant tenant, List<string> to, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            return await MailAsync(report, tenant, to, now, ct);
        }
        catch (Exception ex) when (ex is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            return $"The report could not be made or mailed ({ex.GetType().Name}: {ex.Message}).";
        }
    }

    private async Task<string?> MailAsync(SavedReport report, Tenant tenant, List<string> to, DateTimeOffset now, CancellationToken ct)
    {
        var filter = report.FilterOn(tenant.Settings.DayOf(now));
        var sheets = await CallWorkbook.SheetsAsync(analytics, report.TenantId, filter, ct);
        var cells = await analytics.HeatmapAsync(report.TenantId, filter, ct);
        var (placed, answered, won) = (cells.Sum(c => c.Placed), cells.Sum(c => c.Answered), cells.Sum(c => c.Won));
        var period = string.Create(CultureInfo.InvariantCulture, $"{filter.From:yyyy-MM-dd} – {filter.To:yyyy-MM-dd}");
        var body = string.Create(CultureInfo.InvariantCulture, $"""
            {report.Name}: {period}

            Calls / कॉल: {placed:N0}
            Answered / जवाब: {answered:N0} ({(placed == 0 ? 0 : 100.0 * answered / placed):0.#} %)
            Won / सफल: {won:N0}

            The hours, and the calls by day, campaign, language, region, script and agent are in the attached workbook.
            घंटे, और दिन, अभियान, भाषा, क्षेत्र, स्क्रिप्ट और एजेंट के अनुसार कॉल संलग्न कार्यपुस्तिका में हैं।
            """);
        return await mail.SendAsync(to, $"{tenant.Name}: {report.Name}, {period}", body, string.Create(CultureInfo.InvariantCulture, $"calls-{filter.From:yyyy-MM-dd}-{filter.To:yyyy-MM-dd}.xlsx"), workbooks.Write(sheets), ct);
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
