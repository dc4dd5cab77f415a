using AIX.Core.Pipeline;
using AIX.Core.Users;
using Microsoft.OpenApi;

namespace AIX.Web.Api;

internal static class ApiEndpoints
{
    public const string FormLimit = "form";
    public const string KeyLimit = "key";

    public static void MapApi(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json");
        var api = app.MapGroup("/api/v1").RequireRateLimiting(KeyLimit);
        api.MapLeads();
        api.MapImports();
        api.MapModels();
        api.MapDirectory();
        api.MapSources();
        api.MapProfile();
        api.MapCallApi();
        api.MapCompliance();
        api.MapCampaigns();
        api.MapReports();
        api.MapGet("/pipeline", (IPipelineQueries pipeline, TimeProvider time, CancellationToken ct) => pipeline.StatusAsync(time.GetUtcNow(), ct))
            .Needs(Permission.PipelineRead).Produces<PipelineStatus>().WithSummary("Queue by stage, rates, failed runs");
        app.MapPost("/api/v1/forms/{formKey}", FormEndpoints.SubmitAsync).RequireRateLimiting(FormLimit).DisableAntiforgery().AllowAnonymous()
            .WithSummary("Public web form").WithDescription($"JSON or an HTML form post. Leave the field {FormEndpoints.TrapField} empty and hidden: it is the spam trap.");
        app.Map("/api/{**rest}", (HttpContext context) => Problems.WriteAsync(context, 404, "unknown-path", "There is nothing at this address; /openapi/v1.json lists what there is.")).ExcludeFromDescription();
    }

    /// <summary>Names the body in the OpenAPI document. Not Accepts(): that would answer another content type with the 404 of the catch-all instead of the handler's own reason.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder endpoint, string contentType) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { [contentType] = new() } };
        return Task.CompletedTask;
    });

    /// <summary>Only an API key with the permission may pass: a browser's cookie never counts here, so no other site can ride on it.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder endpoint, string permission) =>
        endpoint.RequireAuthorization(policy => policy.AddAuthenticationSchemes(ApiKeyAuthentication.SchemeName).RequireAuthenticatedUser().RequireClaim(Claims.Permission, permission));
}
