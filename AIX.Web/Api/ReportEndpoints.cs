using System.Text.Json;
using AIX.Core.Insights;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;

namespace AIX.Web.Api;

internal static class ReportEndpoints
{
    private const int MaxBody = 10_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() }, UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    public static void MapReports(this RouteGroupBuilder api)
    {
        api.MapGet("/analytics/reports", async (ManageReports reports, ICurrentTenant tenant, CancellationToken ct) => Results.Json(new { items = (await reports.ListAsync(tenant.Id!.Value, ct)).Select(Show), notReady = reports.NotReady })).Needs(Permission.CampaignsRead).Produces(200)
            .WithSummary("Reports that are mailed on a schedule");
        api.MapPost("/analytics/reports", SaveAsync).Needs(Permission.CampaignsRead).Takes("application/json").Produces(201).WithSummary("Mail a report on a schedule")
            .WithDescription("`{\"name\":\"Monday\",\"days\":7,\"every\":\"Week\",\"hour\":8,\"recipients\":[\"…\"],\"campaignId\":null,\"language\":\"hi\"}`. Every Day, Week (Mondays) or Month (the first), at that hour of the organisation's zone; recipients are people who may read campaigns.");
        api.MapDelete("/analytics/reports/{id:guid}", async (HttpContext http, ManageReports reports, ICurrentTenant tenant, Guid id, CancellationToken ct) =>
            await reports.RemoveAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, ct) is { IsOk: false } failed ? Problems.Of(failed.Error) : Results.NoContent()).Needs(Permission.CampaignsRead).Produces(204).WithSummary("Stop mailing a report");
    }

    private static async Task<IResult> SaveAsync(HttpContext http, ManageReports reports, ICurrentTenant tenant, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(http.Request, MaxBody, ct);
        if (!body.IsOk)
        {
            return Problems.Of(body.Error);
        }

        using var document = body.Value;
        ReportWish? wish;
        try
        {
            wish = document.Deserialize<ReportWish>(Json);
        }
        catch (JsonException ex)
        {
            return Problems.Of(new Error(ErrorKind.Invalid, "invalid-report", $"The report cannot be read at {ex.Path ?? "$"}: it has name, days, every (Day, Week, Month), hour, recipients, and may have campaignId, language, region, variant.", ex.Path));
        }

        if (wish?.Recipients is null)
        {
            return Problems.Of(new Error(ErrorKind.Invalid, "invalid-recipients", "recipients are ids of people of the organisation.", "recipients"));
        }

        var saved = await reports.SaveAsync(tenant.Id!.Value, Claims.ActorOf(http.User), wish, ct);
        return saved.IsOk ? Results.Json(new { id = saved.Value }, statusCode: 201) : Problems.Of(saved.Error);
    }

    private static object Show(ReportRow row) => new
    {
        row.Report.Id,
        row.Report.Name,
        row.Report.Days,
        every = row.Report.Every.ToString(),
        row.Report.Hour,
        row.Report.CampaignId,
        campaign = row.Campaign,
        row.Report.Language,
        row.Report.Region,
        row.Report.Variant,
        row.Recipients,
        row.Report.NextAt,
        row.Report.SentAt,
        row.Report.Trouble,
    };
}
