using System.Text.Json;
using AIX.Core.Calls;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;

namespace AIX.Web.Api;

internal static class CallEndpoints
{
    private const int MaxBody = 10_000;

    public static void MapCallApi(this RouteGroupBuilder api)
    {
        api.MapPost("/calls", PlaceAsync).Needs(Permission.CallsPlace).Takes("application/json").Produces(202).WithSummary("Call a lead")
            .WithDescription("`{\"leadId\":\"…\",\"flow\":\"qualification\",\"language\":\"hi\",\"transport\":\"gather\"}`. The gate is asked first: 403 with every reason when the number may not be called now.");
        api.MapGet("/calls", ListAsync).Needs(Permission.LeadsRead).Produces(200).WithSummary("Calls, the newest first").WithDescription("leadId: of one lead. open: those that go on.");
        api.MapGet("/calls/{id:guid}", GetAsync).Needs(Permission.LeadsRead).Produces(200).WithSummary("A call with what was said");
        api.MapPost("/calls/{id:guid}/end", EndAsync).Needs(Permission.CallsPlace).Produces(204).WithSummary("End a call that goes on");
    }

    private static async Task<IResult> PlaceAsync(HttpContext http, PlaceCall place, ICurrentTenant tenant, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(http.Request, MaxBody, ct);
        if (!body.IsOk)
        {
            return Problems.Of(body.Error);
        }

        using var document = body.Value;
        string? Text(string name) => document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (!Guid.TryParse(Text("leadId"), out var lead))
        {
            return Problems.Of(new Error(ErrorKind.Invalid, "missing-lead", "leadId is the id of the lead to call.", "leadId"));
        }

        var request = new CallRequest(lead, Text("flow") ?? "qualification", Text("language") ?? "en", Text("transport") == "relay" ? CallTransport.Relay : CallTransport.Gather, Text("route"), FreeText.Clean(Text("purpose")));
        var placed = await place.ExecuteAsync(tenant.Id!.Value, Claims.ActorOf(http.User), request, ct);
        return placed.IsOk ? Results.Json(new { id = placed.Value }, statusCode: 202) : Problems.Of(placed.Error);
    }

    private static async Task<IResult> ListAsync(ICallStore calls, ICurrentTenant tenant, Guid? leadId, bool? open, int? limit, CancellationToken ct) =>
        Results.Json(new { items = await calls.ListAsync(tenant.Id!.Value, leadId, open ?? false, Math.Clamp(limit ?? 50, 1, 200), ct) });

    private static async Task<IResult> GetAsync(ICallStore calls, ICurrentTenant tenant, Guid id, CancellationToken ct)
    {
        if (await calls.FindAsync(tenant.Id!.Value, id, ct) is not { } call)
        {
            return Problems.Of(new Error(ErrorKind.NotFound, "unknown-call", "There is no such call."));
        }

        var turns = await calls.TurnsAsync(tenant.Id!.Value, id, ct);
        var recording = await calls.RecordingAsync(tenant.Id!.Value, id, ct);
        return Results.Json(new
        {
            call.Id,
            call.LeadId,
            state = call.State.ToString(),
            call.AnsweredBy,
            disposition = call.Disposition?.ToString(),
            call.Language,
            call.Route,
            transport = call.Transport.ToString(),
            call.FlowKey,
            call.FlowVersion,
            call.CreatedAt,
            call.AnsweredAt,
            call.EndedAt,
            call.DurationSeconds,
            call.ErrorCode,
            call.ErrorText,
            call.Summary,
            call.WrappedUp,
            recording = recording is null ? null : new { recording.Status, recording.DurationSeconds, recording.Sha256, recording.DeletedAtProvider },
            turns = turns.Select(t => new { from = t.FromCallee ? "callee" : "assistant", t.Language, t.Text, t.Intent, t.Confidence, t.Sentiment, slots = t.Slots is { } slots ? JsonSerializer.Deserialize<Dictionary<string, string>>(slots) : null, t.Node, t.At, t.DecisionMs, t.KnowledgeMs, t.PhraseMs, t.WaitMs }),
        });
    }

    private static async Task<IResult> EndAsync(HttpContext http, ManageCalls manage, ICurrentTenant tenant, Guid id, CancellationToken ct)
    {
        var ended = await manage.EndAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, ct);
        return ended.IsOk ? Results.NoContent() : Problems.Of(ended.Error);
    }
}
