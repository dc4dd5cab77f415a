using System.Text.Json;
using AIX.Core.Campaigns;
using AIX.Core.Conversations;
using AIX.Core.Insights;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using Microsoft.AspNetCore.Http.Features;

namespace AIX.Web.Api;

internal static class CampaignEndpoints
{
    private const int MaxBody = 1_000_000;

    public static void MapCampaigns(this RouteGroupBuilder api)
    {
        api.MapGet("/campaigns", async (ICampaignQueries queries, ICurrentTenant tenant, CancellationToken ct) => Results.Json(new { items = (await queries.ListAsync(tenant.Id!.Value, 200, ct)).Select(Row) })).Needs(Permission.CampaignsRead).Produces(200).WithSummary("Campaigns, the newest first");
        api.MapPost("/campaigns", CreateAsync).Needs(Permission.CampaignsRun).Takes("application/json").Produces(201).WithSummary("A draft").WithDescription("`{\"name\":\"…\",\"plan\":{\"purpose\":\"…\",\"purposeHindi\":\"…\",\"class\":\"Promotional\",\"flow\":\"qualification\",\"audience\":{\"band\":2}}}`");
        api.MapGet("/campaigns/{id:guid}", GetAsync).Needs(Permission.CampaignsRead).Produces(200).WithSummary("A campaign, where its audience stands, and what holds back the next call");
        api.MapPut("/campaigns/{id:guid}", SaveAsync).Needs(Permission.CampaignsRun).Takes("application/json").Produces(200).WithSummary("Save a draft").WithDescription("version is the one that was edited: a newer one is not overwritten (409).");
        api.MapPost("/campaigns/{id:guid}/preflight", PreFlightAsync).Needs(Permission.CampaignsRun).Produces(200).WithSummary("Play the campaign on a virtual clock");
        api.MapPost("/campaigns/{id:guid}/launch", (HttpContext http, ManageCampaigns manage, ICurrentTenant tenant, Guid id, CancellationToken ct) => AnswerAsync(manage.LaunchAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, ct), s => new { state = s.ToString() })).Needs(Permission.CampaignsRun).Produces(200).WithSummary("Launch, or ask a second admin to");
        api.MapPost("/campaigns/{id:guid}/pause", (HttpContext http, SteerCampaign steer, ICurrentTenant tenant, Guid id, CancellationToken ct) => AnswerAsync(steer.PauseAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, ct), s => new { state = s.ToString() })).Needs(Permission.CampaignsRun).Produces(200).WithSummary("No new calls; those that go on may end");
        api.MapPost("/campaigns/{id:guid}/resume", (HttpContext http, SteerCampaign steer, ICurrentTenant tenant, Guid id, CancellationToken ct) => AnswerAsync(steer.ResumeAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, ct), s => new { state = s.ToString() })).Needs(Permission.CampaignsRun).Produces(200).WithSummary("Go on").WithDescription("Before its start it is `Scheduled` again. One that has grown beyond what was approved is approved by this: by another admin than who launched it or added to it.");
        api.MapPost("/campaigns/{id:guid}/stop", (HttpContext http, SteerCampaign steer, ICurrentTenant tenant, Guid id, CancellationToken ct) => AnswerAsync(steer.StopAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, ct), s => new { state = s.ToString() })).Needs(Permission.CampaignsRun).Produces(200).WithSummary("End it, and every call of it");
        api.MapPost("/campaigns/{id:guid}/leads", AddLeadsAsync).Needs(Permission.CampaignsRun).Takes("application/json").Produces(200).WithSummary("Add leads").WithDescription("`{\"ids\":[\"…\"]}`; the gate looks at each. A campaign that runs takes no more than was approved (403, `needs-second-admin`).");
        api.MapPost("/campaigns/{id:guid}/audience", AudienceAsync).Needs(Permission.CampaignsRun).DisableAntiforgery().Takes("text/csv").Produces(200).WithSummary("Name leads by file").WithDescription("CSV with a column `phone`, `email` or `lead_id`. Leads are found, not made.");
        api.MapPost("/campaigns/{id:guid}/redial", RedialAsync).Needs(Permission.CampaignsRun).Takes("application/json").Produces(201).WithSummary("A draft that calls again where the outcome was").WithDescription("`{\"outcomes\":[\"NoAnswer\",\"Busy\"]}`");
        api.MapGet("/analytics/heatmap", async (ICallAnalytics analytics, ICurrentTenant tenant, TimeProvider time, DateOnly? from, DateOnly? to, Guid? campaignId, string? language, string? region, string? variant, Guid? agentId, CancellationToken ct) =>
            Results.Json(new { cells = await analytics.HeatmapAsync(tenant.Id!.Value, Filter(time, from, to, campaignId, language, region, variant, agentId), ct) })).Needs(Permission.CampaignsRead).Produces(200).WithSummary("When people answer: 7 × 24 cells");
    }

    public static CallFilter Filter(TimeProvider time, DateOnly? from, DateOnly? to, Guid? campaign, string? language, string? region, string? variant, Guid? agent)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(1);
        return new CallFilter(from ?? today.AddDays(-57), to ?? today, campaign, language, region, variant, agent);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, ManageCampaigns manage, ICurrentTenant tenant, CancellationToken ct)
    {
        var read = await ReadAsync(http, ct);
        if (!read.IsOk)
        {
            return Problems.Of(read.Error);
        }

        var created = await manage.CreateAsync(tenant.Id!.Value, Claims.ActorOf(http.User), read.Value.Name, read.Value.Plan, ct);
        return created.IsOk ? Results.Json(new { id = created.Value, version = 1 }, statusCode: 201) : Problems.Of(created.Error);
    }

    private static async Task<IResult> SaveAsync(HttpContext http, ManageCampaigns manage, ICurrentTenant tenant, Guid id, CancellationToken ct)
    {
        var read = await ReadAsync(http, ct);
        if (!read.IsOk)
        {
            return Problems.Of(read.Error);
        }

        return await AnswerAsync(manage.SaveAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, read.Value.Version, read.Value.Name, read.Value.Plan, ct), v => new { version = v });
    }

    private static async Task<IResult> GetAsync(ICampaignStore store, ICampaignQueries queries, ICurrentTenant tenant, TimeProvider time, Guid id, CancellationToken ct)
    {
        if (await store.FindAsync(tenant.Id!.Value, id, ct) is not { } campaign)
        {
            return Problems.Of(new Error(ErrorKind.NotFound, "unknown-campaign", "There is no such campaign."));
        }

        var now = time.GetUtcNow();
        var s = await queries.StandingAsync(tenant.Id!.Value, id, now, now.AddHours(-24), ct);
        return Results.Json(new
        {
            campaign.Id,
            campaign.Name,
            state = campaign.State.ToString(),
            campaign.Reason,
            campaign.Version,
            campaign.ParentId,
            campaign.StartsAt,
            campaign.StartedAt,
            campaign.EndedAt,
            plan = JsonSerializer.Deserialize<JsonElement>(campaign.Plan),
            standing = new { s.Audience, s.Picked, s.Waiting, s.Calling, s.Done, excluded = s.Excluded.ToDictionary(e => e.Rule, e => e.Count), due = s.Due.Sum(d => d.Count), s.NextAt, s.Talking, s.Ringing, s.Placed, s.Answered, s.Abandoned, s.CallsPerSecond, takingIn = campaign.AudienceAfter is not null },
        });
    }

    private static async Task<IResult> PreFlightAsync(PreFlight preFlight, ICampaignStore store, ICurrentTenant tenant, Guid id, CancellationToken ct)
    {
        if (await store.FindAsync(tenant.Id!.Value, id, ct) is not { } campaign)
        {
            return Problems.Of(new Error(ErrorKind.NotFound, "unknown-campaign", "There is no such campaign."));
        }

        return await AnswerAsync(preFlight.ExecuteAsync(tenant.Id!.Value, id, CampaignPlan.Read(campaign.Plan), ct), r => new
        {
            r.Audience,
            r.Allowed,
            r.Later,
            excluded = r.Excluded,
            r.Hindi,
            r.Finish,
            r.FinishEarly,
            r.FinishLate,
            r.Calls,
            r.ConversationsLow,
            r.ConversationsHigh,
            r.CostLow,
            r.CostHigh,
            r.DialHours,
            days = r.Days.Select(d => new { d.Day, d.Calls }),
            r.HistoryCalls,
            r.ScrubExpires,
            r.Rules,
            r.At,
            r.Seconds,
        });
    }

    private static async Task<IResult> AudienceAsync(HttpContext http, TakeAudience take, ICurrentTenant tenant, Guid id, CancellationToken ct)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = TakeAudience.MaxBytes + 1_000;
        }

        if (http.Request.ContentLength > TakeAudience.MaxBytes)
        {
            return Problems.Of(new Error(ErrorKind.TooLarge, "file-too-large", $"The file is larger than {TakeAudience.MaxBytes / 1_000_000} MB; split it.", "file"));
        }

        using var memory = new MemoryStream();
        await http.Request.Body.CopyToAsync(memory, ct);
        var taken = await take.ExecuteAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, memory.ToArray(), ct);
        return taken.IsOk ? Results.Json(taken.Value) : Problems.Of(taken.Error);
    }

    private static async Task<IResult> AddLeadsAsync(HttpContext http, TakeAudience take, ICurrentTenant tenant, Guid id, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(http.Request, MaxBody, ct);
        if (!body.IsOk)
        {
            return Problems.Of(body.Error);
        }

        using var document = body.Value;
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("ids", out var ids) || ids.ValueKind != JsonValueKind.Array || ids.GetArrayLength() is 0 or > 10_000 || !ids.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String && e.TryGetGuid(out _)))
        {
            return Problems.Of(new Error(ErrorKind.Invalid, "invalid-ids", "ids is a list of 1 to 10,000 ids of leads.", "ids"));
        }

        return await AnswerAsync(take.AddAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, [.. ids.EnumerateArray().Select(e => e.GetGuid())], ct), n => new { added = n });
    }

    private static async Task<IResult> RedialAsync(HttpContext http, ManageCampaigns manage, ICurrentTenant tenant, Guid id, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(http.Request, MaxBody, ct);
        if (!body.IsOk)
        {
            return Problems.Of(body.Error);
        }

        using var document = body.Value;
        var outcomes = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("outcomes", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(e => Enum.TryParse<Disposition>(e.ToString(), out var d) && Enum.IsDefined(d) ? d : (Disposition?)null).ToList() : [];
        if (outcomes.Contains(null))
        {
            return Problems.Of(new Error(ErrorKind.Invalid, "invalid-outcomes", "An outcome is not known; use for instance NoAnswer or Busy.", "outcomes"));
        }

        var made = await manage.RedialAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, [.. outcomes.OfType<Disposition>()], ct);
        return made.IsOk ? Results.Json(new { id = made.Value }, statusCode: 201) : Problems.Of(made.Error);
    }

    private static async Task<Result<(string Name, CampaignPlan Plan, int Version)>> ReadAsync(HttpContext http, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(http.Request, MaxBody, ct);
        if (!body.IsOk)
        {
            return body.Error;
        }

        using var document = body.Value;
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("plan", out var plan) || plan.ValueKind != JsonValueKind.Object)
        {
            return new Error(ErrorKind.Invalid, "invalid-body", "Send a name and a plan.", "plan");
        }

        try
        {
            return (root.TryGetProperty("name", out var name) ? name.ToString() : "", plan.Deserialize<CampaignPlan>(CampaignPlan.Json)!, root.TryGetProperty("version", out var version) && version.TryGetInt32(out var n) ? n : 0);
        }
        catch (JsonException ex)
        {
            return new Error(ErrorKind.Invalid, "invalid-body", $"A value of the plan has the wrong type ({ex.Path}).", ex.Path?.TrimStart('$', '.'));
        }
    }

    private static async Task<IResult> AnswerAsync<T>(Task<Result<T>> task, Func<T, object> answer)
    {
        var result = await task;
        return result.IsOk ? Results.Json(answer(result.Value)) : Problems.Of(result.Error);
    }

    private static object Row(CampaignRow r) => new { r.Id, r.Name, state = r.State.ToString(), r.Reason, r.By, r.CreatedAt, r.StartsAt, r.StartedAt, r.EndedAt, r.Audience, r.Done, r.Calls, r.Answered, r.Won };
}
