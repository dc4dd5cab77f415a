using AIX.Core.Engagement;
using System.Globalization;
using AIX.Core.Leads;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AIX.Web.Api;

internal static class LeadEndpoints
{
    private static readonly Dictionary<string, LeadSort> Sorts = new(StringComparer.Ordinal)
    {
        ["score"] = LeadSort.ScoreAscending,
        ["-score"] = LeadSort.ScoreDescending,
        ["name"] = LeadSort.NameAscending,
        ["-name"] = LeadSort.NameDescending,
        ["createdAt"] = LeadSort.CreatedAscending,
        ["-createdAt"] = LeadSort.CreatedDescending,
    };

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static void MapLeads(this RouteGroupBuilder api)
    {
        api.MapPost("/leads", SubmitAsync).Needs(Permission.LeadsWrite).Takes("application/json").Produces<IntakeDto>(202)
            .WithSummary("Submit one lead or up to 1,000").WithDescription("Each item is accepted, a duplicate (merged into the known lead), or rejected with its reasons. Properties that are not standard fields become custom attributes.");
        api.MapGet("/leads", ListAsync).Needs(Permission.LeadsRead).Produces<PageDto<LeadSummaryDto>>().WithSummary("List leads")
            .WithDescription("band: hot, warm, cold, uncertain. sort: score, name, createdAt; a leading minus is descending. limit: 1 to 200. cursor: nextCursor of the page before.");
        api.MapGet("/leads/{id:guid}", GetAsync).Needs(Permission.LeadsRead).Produces<LeadDto>().WithSummary("One lead, explained");
        api.MapPost("/leads/{id:guid}/outcome", OutcomeAsync).Needs(Permission.OutcomesWrite).Takes("application/json").Produces(201).WithSummary("Record that a lead was won or lost");
        api.MapPost("/leads/{id:guid}/events", EventsAsync).Needs(Permission.LeadsWrite).Takes("application/json").Produces(202).WithSummary("Record what a lead did")
            .WithDescription("An array of up to 1,000 events `{\"kind\":\"visit\",\"detail\":\"/pricing\",\"at\":\"2026-11-20T10:00:00Z\"}`; kind is visit, open, click, form, reply, download or a word of your own, and `at` may be left out. The lead is scored again.");
        api.MapGet("/leads/{id:guid}/similar", SimilarAsync).Needs(Permission.LeadsRead).Produces(200).WithSummary("Leads like this one, and won customers like it");
        api.MapPost("/leads/{id:guid}/label", LabelAsync).Needs(Permission.OutcomesWrite).Takes("application/json").Produces(201).WithSummary("Record what a reviewer thinks of a lead")
            .WithDescription("Models learn from it with less weight, until the lead is won or lost.");
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, SubmitLeads submit, ICurrentTenant tenant, ApiOptions options, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(http.Request, options.MaxJsonBytes, ct);
        if (!body.IsOk)
        {
            return Problems.Of(body.Error);
        }

        using var document = body.Value;
        var result = await submit.ExecuteAsync(tenant.Id!.Value, SourceKind.Api, Claims.ActorOf(http.User).Id, document.RootElement, ct);
        return result.IsOk ? Results.Json(DtoMapping.Intake(result.Value), statusCode: 202) : Problems.Of(result.Error);
    }

    private static async Task<IResult> ListAsync(ILeadQueries leads, string? band, string? q, string? sort, string? cursor, int? limit, Guid? import, CancellationToken ct)
    {
        if (!Sorts.TryGetValue(sort ?? "-score", out var order))
        {
            return Problems.Of(new Error(ErrorKind.Invalid, "invalid-sort", $"sort is “{sort}”; use one of {string.Join(", ", Sorts.Keys)}.", "sort"));
        }

        Band? wanted = null;
        if (band is { Length: > 0 } and not "uncertain")
        {
            if (!Enum.TryParse<Band>(band, true, out var known) || !Enum.IsDefined(known) || char.IsDigit(band[0]))
            {
                return Problems.Of(new Error(ErrorKind.Invalid, "invalid-band", $"band is “{band}”; use hot, warm, cold or uncertain.", "band"));
            }

            wanted = known;
        }

        var page = await leads.ListAsync(new LeadFilter(wanted, band == "uncertain" ? true : null, q, order, cursor, limit ?? 50, import), ct);
        return page.IsOk ? Results.Json(DtoMapping.Page(page.Value, l => DtoMapping.Summary(l, CultureInfo.CurrentUICulture))) : Problems.Of(page.Error);
    }

    private static async Task<IResult> GetAsync(ILeadDetailQueries leads, TimeProvider time, Guid id, CancellationToken ct) =>
        await leads.GetAsync(id, ct) is { } lead ? Results.Json(DtoMapping.Detail(lead, CultureInfo.CurrentUICulture, time.GetUtcNow())) : Problems.Of(new Error(ErrorKind.NotFound, "unknown-lead", "There is no such lead."));

    private static async Task<IResult> OutcomeAsync(HttpContext http, RecordOutcome record, ICurrentTenant tenant, ApiOptions options, Guid id, CancellationToken ct)
    {
        var read = await JsonBody.ReadAsync<OutcomeRequest>(http, options, "{\"outcome\":\"won\",\"occurredAt\":\"2026-11-20T10:00:00Z\"}", ct);
        if (!read.IsOk)
        {
            return Problems.Of(read.Error);
        }

        var request = read.Value;
        if (request.Outcome is not { } word || !Enum.TryParse<OutcomeResult>(word, true, out var outcome) || char.IsDigit(word[0]))
        {
            return Problems.Of(new Error(ErrorKind.Invalid, "invalid-outcome", $"outcome is “{request.Outcome}”; use won or lost.", "outcome"));
        }

        var result = await record.ExecuteAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, new OutcomeReport(outcome, request.OccurredAt, request.Amount, request.Currency, request.LostReason), ct);
        return result.IsOk ? Results.Json(new { result.Value.Id, leadId = id, outcome, result.Value.OccurredAt }, statusCode: 201) : Problems.Of(result.Error);
    }

    private static async Task<IResult> EventsAsync(Guid id, RecordEngagement record, HttpContext http, ApiOptions options, ICurrentTenant tenant, CancellationToken ct)
    {
        var read = await JsonBody.ReadAsync<List<EngagementReport>>(http, options, "[{\"kind\":\"visit\",\"detail\":\"/pricing\"}]", ct);
        var result = read.IsOk ? await record.ExecuteAsync(tenant.Id!.Value, id, read.Value, ct) : read.Error;
        return result.IsOk ? Results.Json(new { recorded = result.Value }, statusCode: 202) : Problems.Of(result.Error);
    }

    private static async Task<IResult> SimilarAsync(Guid id, int? limit, SimilarLeads similar, ICurrentTenant tenant, CancellationToken ct)
    {
        var count = Math.Clamp(limit ?? 10, 1, 100);
        return Results.Json(new { like = await similar.LikeAsync(tenant.Id!.Value, id, count, false, ct), won = await similar.LikeAsync(tenant.Id!.Value, id, count, true, ct) });
    }

    private static async Task<IResult> LabelAsync(HttpContext http, RecordLabel record, ICurrentTenant tenant, ApiOptions options, Guid id, CancellationToken ct)
    {
        const string Example = "{\"good\":true,\"confidence\":0.8}";
        var read = await JsonBody.ReadAsync<LabelRequest>(http, options, Example, ct);
        if (!read.IsOk)
        {
            return Problems.Of(read.Error);
        }

        if (read.Value.Good is not { } good)
        {
            return Problems.Of(new Error(ErrorKind.Invalid, "invalid-label", $"good is missing; send {Example}.", "good"));
        }

        var result = await record.ExecuteAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, new LabelReport(good, read.Value.Confidence ?? 1, read.Value.Reason), ct);
        return result.IsOk ? Results.Json(new { result.Value.Id, leadId = id, result.Value.Good, result.Value.Confidence }, statusCode: 201) : Problems.Of(result.Error);
    }
}
