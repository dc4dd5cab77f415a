using System.Text.Json;
using AIX.Core.Learning;
using AIX.Core.Pipeline;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;

namespace AIX.Web.Api;

internal static class ModelEndpoints
{
    public static void MapModels(this RouteGroupBuilder api)
    {
        api.MapGet("/models", ListAsync).Needs(Permission.ModelsRead).Produces<ModelSummary[]>().WithSummary("List models").WithDescription("Newest first, each with its report. Version 1 is the profile itself and is not listed.");
        api.MapPost("/models/train", TrainAsync).Needs(Permission.ModelsManage).Takes("application/json").Produces(202).WithSummary("Train a model on the outcomes so far")
            .WithDescription("Runs behind the scenes; progress arrives as the event training.progressed. Body, optional: {\"accept\":[\"attr.status\"]} names features held for leaks that are to be used all the same.");
        api.MapGet("/models/{version:int}/health", HealthAsync).Needs(Permission.ModelsRead).Produces(200).WithSummary("See how a model does since its training")
            .WithDescription("Drift of features and score (PSI, KL; null below 100 leads since), calibration on later outcomes (null below 50), and the alarms that follow.");
        api.MapGet("/models/{version:int}/preview", PreviewAsync).Needs(Permission.ModelsRead).Produces(200).WithSummary("See what a promotion would change")
            .WithDescription("Tries the model on at most 10,000 leads without storing anything: how many change band, from where to where.");
        api.MapGet("/models/{version:int}/compare/{other:int}", CompareAsync).Needs(Permission.ModelsRead).Produces<VersionComparison>().WithSummary("Compare two models on what came after both were trained")
            .WithDescription("onOutcomes.lossGain is positive where the second is better; null below 20 outcomes since.");
        api.MapPost("/models/{version:int}/shadow", ShadowAsync).Needs(Permission.ModelsManage).Produces(200).WithSummary("Run a model in the champion's shadow");
        api.MapPost("/models/{version:int}/promote", PromoteAsync).Needs(Permission.ModelsManage).Produces(200).WithSummary("Let a model score").WithDescription("Version 1 goes back to the profile. All leads are scored again in the background; progress arrives as the event rescoring.progressed.");
        api.MapPost("/models/rollback", RollBackAsync).Needs(Permission.ModelsManage).Produces(200).WithSummary("Go back to what scored before");
    }

    private static async Task<IResult> ListAsync(IModelRegistry registry, ICurrentTenant tenant, CancellationToken ct) => Results.Json(await registry.ListAsync(tenant.Id!.Value, ct), TrainModel.Json);

    private static async Task<IResult> TrainAsync(HttpContext http, ITrainingSchedule schedule, ICurrentTenant tenant, ApiOptions options, CancellationToken ct)
    {
        var accepted = new HashSet<string>(StringComparer.Ordinal);
        if (http.Request.ContentLength is > 0)
        {
            var body = await JsonBody.ReadAsync(http.Request, options.MaxJsonBytes, ct);
            if (!body.IsOk)
            {
                return Problems.Of(body.Error);
            }

            using var document = body.Value;
            if (document.RootElement.ValueKind != JsonValueKind.Object || (document.RootElement.TryGetProperty("accept", out var accept) && (accept.ValueKind != JsonValueKind.Array || accept.EnumerateArray().Any(a => a.ValueKind != JsonValueKind.String || a.GetString()!.Length is 0 or > 200 || a.GetString()!.Contains('\n', StringComparison.Ordinal)) || accept.GetArrayLength() > 200)))
            {
                return Problems.Of(new Error(ErrorKind.Invalid, "invalid-accept", "accept is a list of at most 200 feature names, such as {\"accept\":[\"attr.status\"]}.", "accept"));
            }

            if (document.RootElement.TryGetProperty("accept", out accept))
            {
                accepted.UnionWith(accept.EnumerateArray().Select(a => a.GetString()!));
            }
        }

        await schedule.RequestAsync(tenant.Id!.Value, Claims.ActorOf(http.User), "manual", accepted, ct);
        return Results.Json(new { status = "requested" }, statusCode: 202);
    }

    private static async Task<IResult> HealthAsync(IModelRegistry registry, CheckModel check, ICurrentTenant tenant, int version, CancellationToken ct) =>
        (await registry.ListAsync(tenant.Id!.Value, ct)).FirstOrDefault(m => m.Version == version) is { } summary && await check.ExecuteAsync(tenant.Id.Value, summary, ct) is { } health
            ? Results.Json(new { health.Drift, health.Calibration, alarms = health.Alarms(summary.Report) }, TrainModel.Json)
            : Problems.Of(new Error(ErrorKind.NotFound, "unknown-model", $"There is no model {version}."));

    private static async Task<IResult> CompareAsync(CompareModels compare, ICurrentTenant tenant, int version, int other, CancellationToken ct) =>
        await compare.ExecuteAsync(tenant.Id!.Value, version, other, ct) is var found && found.IsOk ? Results.Json(found.Value, TrainModel.Json) : Problems.Of(found.Error!);

    private static async Task<IResult> ShadowAsync(HttpContext http, PromoteModel promote, ICurrentTenant tenant, int version, CancellationToken ct) =>
        await promote.ShadowAsync(tenant.Id!.Value, Claims.ActorOf(http.User), version, ct) is var shadow && shadow.IsOk ? Results.Json(new { shadow = shadow.Value }) : Problems.Of(shadow.Error!);

    private static async Task<IResult> PreviewAsync(PreviewPromotion preview, ICurrentTenant tenant, int version, CancellationToken ct) =>
        await preview.ExecuteAsync(tenant.Id!.Value, version, ct) is { IsOk: true } found
            ? Results.Json(new { leads = found.Value.Leads, looked = found.Value.Looked, changing = found.Value.Changing, moves = found.Value.Moves.Select(m => new { from = m.From.ToString().ToLowerInvariant(), to = m.To.ToString().ToLowerInvariant(), leads = m.Leads }) })
            : Problems.Of(new Error(ErrorKind.NotFound, "unknown-model", $"There is no model {version}."));

    private static async Task<IResult> PromoteAsync(HttpContext http, PromoteModel promote, ICurrentTenant tenant, int version, CancellationToken ct) =>
        Answer(await promote.ExecuteAsync(tenant.Id!.Value, Claims.ActorOf(http.User), version, ct));

    private static async Task<IResult> RollBackAsync(HttpContext http, PromoteModel promote, ICurrentTenant tenant, CancellationToken ct) =>
        Answer(await promote.RollBackAsync(tenant.Id!.Value, Claims.ActorOf(http.User), ct));

    private static IResult Answer(Result<int> champion) => champion.IsOk ? Results.Json(new { champion = champion.Value }) : Problems.Of(champion.Error);
}
