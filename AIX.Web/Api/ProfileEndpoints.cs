using System.Text.Json;
using System.Text.Json.Schema;
using AIX.Core.Pipeline;
using AIX.Core.Profiles;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;

namespace AIX.Web.Api;

internal static class ProfileEndpoints
{
    private const int MaxBytes = 500_000;

    public static void MapProfile(this RouteGroupBuilder api)
    {
        api.MapGet("/profile", GetAsync).Needs(Permission.ModelsRead).Produces(200).WithSummary("The profile in production, as JSON or YAML").WithDescription("`Accept: application/yaml` gives YAML; `?version=N` another version.");
        api.MapGet("/profile/versions", VersionsAsync).Needs(Permission.ModelsRead).Produces(200).WithSummary("Versions of the profile and what each is");
        api.MapGet("/profile/schema", () => Results.Text(Schema.Value, "application/schema+json")).Needs(Permission.ModelsRead).Produces(200).WithSummary("JSON Schema of a profile");
        api.MapPut("/profile", DraftAsync).Needs(Permission.ModelsManage).Takes("application/json").Produces(201).WithSummary("Store a draft").WithDescription("JSON, or YAML with `Content-Type: application/yaml`. A draft is a new version that changes nothing until it is published.");
        api.MapPost("/profile/preview", PreviewAsync).Needs(Permission.ModelsRead).Takes("application/json").Produces<ProfilePreview>().WithSummary("Try a profile on your own leads, storing nothing");
        api.MapPost("/profile/describe", DescribeAsync).Needs(Permission.ModelsRead).Takes("application/json").Produces(200).WithSummary("A customer in words becomes a draft");
        api.MapPost("/profile/{version:int}/publish", PublishAsync).Needs(Permission.ModelsManage).Produces(204).WithSummary("Put a version into production").WithDescription("Also an older one. Every lead is matched and scored again.");
    }

    /// <summary>Of the type itself, so that it cannot fall behind.</summary>
    private static Lazy<string> Schema { get; } = new(() => ProfileDocument.Json.GetJsonSchemaAsNode(typeof(IdealCustomerProfile), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true }).ToJsonString(ProfileDocument.Json));

    private static async Task<IResult> GetAsync(int? version, IProfileStore store, ICurrentTenant tenant, HttpContext http, CancellationToken ct)
    {
        var profile = version is { } v ? await store.FindAsync(tenant.Id!.Value, v, ct) : await store.CurrentAsync(tenant.Id!.Value, ct);
        return profile is null
            ? Problems.Of(new Error(ErrorKind.NotFound, "unknown-profile", $"There is no version {version} of the profile."))
            : http.Request.Headers.Accept.ToString().Contains("yaml", StringComparison.OrdinalIgnoreCase) ? Results.Text(ProfileYaml.Write(profile), "application/yaml") : Results.Text(ProfileDocument.Write(profile), "application/json");
    }

    private static async Task<IResult> VersionsAsync(IProfileStore store, ICurrentTenant tenant, CancellationToken ct) =>
        Results.Json(new { items = (await store.VersionsAsync(tenant.Id!.Value, ct)).Select(v => new { v.Version, state = v.State.ToString().ToLowerInvariant(), v.CreatedAt, v.CreatedBy }) });

    private static async Task<IResult> DraftAsync(ManageProfiles manage, ICurrentTenant tenant, HttpContext http, CancellationToken ct)
    {
        var read = await ReadAsync(http, ct);
        var result = read.IsOk ? await manage.DraftAsync(tenant.Id!.Value, Claims.ActorOf(http.User), read.Value, ct) : read.Error;
        return result.IsOk ? Results.Json(new { version = result.Value }, statusCode: 201) : Problems.Of(result.Error);
    }

    private static async Task<IResult> PreviewAsync(IPreviewProfile preview, ICurrentTenant tenant, HttpContext http, CancellationToken ct)
    {
        var read = await ReadAsync(http, ct);
        var result = read.IsOk ? await preview.ExecuteAsync(tenant.Id!.Value, read.Value, ct) : read.Error;
        return result.IsOk ? Results.Json(result.Value) : Problems.Of(result.Error);
    }

    private static async Task<IResult> DescribeAsync(IProfileStore store, ApiOptions options, ICurrentTenant tenant, HttpContext http, CancellationToken ct)
    {
        var read = await JsonBody.ReadAsync<Description>(http, options, "{\"text\":\"Manufacturers with 50 to 500 employees that use Tally\"}", ct);
        if (!read.IsOk || string.IsNullOrWhiteSpace(read.Value.Text))
        {
            return Problems.Of(read.Error ?? new Error(ErrorKind.Invalid, "text-missing", "text is missing: say in words who your best customers are.", "text"));
        }

        var (draft, understood) = ProfileFromWords.Draft(read.Value.Text, await store.CurrentAsync(tenant.Id!.Value, ct));
        return Results.Text(JsonSerializer.Serialize(new { draft, understood }, ProfileDocument.Json), "application/json");
    }

    private static async Task<IResult> PublishAsync(int version, ManageProfiles manage, ICurrentTenant tenant, HttpContext http, CancellationToken ct)
    {
        var result = await manage.PublishAsync(tenant.Id!.Value, Claims.ActorOf(http.User), version, ct);
        return result.IsOk ? Results.NoContent() : Problems.Of(result.Error);
    }

    private static async Task<Result<IdealCustomerProfile>> ReadAsync(HttpContext http, CancellationToken ct)
    {
        using var body = new MemoryStream();
        var chunk = new byte[32 * 1024];
        while (await http.Request.Body.ReadAsync(chunk, ct) is > 0 and var read)
        {
            await body.WriteAsync(chunk.AsMemory(0, read), ct);
            if (body.Length > MaxBytes)
            {
                return new Error(ErrorKind.TooLarge, "body-too-large", $"A profile is at most {MaxBytes / 1000} kB.");
            }
        }

        var text = System.Text.Encoding.UTF8.GetString(body.ToArray());
        return http.Request.ContentType?.Contains("yaml", StringComparison.OrdinalIgnoreCase) == true ? ProfileYaml.Read(text) : ProfileDocument.Read(text);
    }

    private sealed record Description(string? Text);
}
