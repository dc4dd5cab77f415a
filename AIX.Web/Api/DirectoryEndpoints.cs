using AIX.Core.Enrichment;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;

namespace AIX.Web.Api;

internal static class DirectoryEndpoints
{
    public static void MapDirectory(this RouteGroupBuilder api)
    {
        api.MapGet("/directory", StateAsync).Needs(Permission.LeadsRead).Produces(200).WithSummary("State of the company directory");
        api.MapPut("/directory", PutAsync).Needs(Permission.SettingsWrite).Takes("text/csv").Produces<DirectoryImport>().WithSummary("Replace the company directory")
            .WithDescription("The body is a delimited file whose first line names the columns; “name” or “domain” must be among them, the others become facts of the leads that work there. Leads that name a company are enriched again.");
    }

    private static async Task<IResult> StateAsync(IDirectoryStore store, ICurrentTenant tenant, CancellationToken ct)
    {
        var (companies, importedAt) = await store.StateAsync(tenant.Id!.Value, ct);
        return Results.Json(new { companies, importedAt });
    }

    private static async Task<IResult> PutAsync(HttpContext http, ImportDirectory import, ICurrentTenant tenant, CancellationToken ct)
    {
        using var body = new MemoryStream();
        var chunk = new byte[64 * 1024];
        while (await http.Request.Body.ReadAsync(chunk, ct) is > 0 and var read)
        {
            await body.WriteAsync(chunk.AsMemory(0, read), ct);
            if (body.Length > ImportDirectory.MaxBytes)
            {
                return Problems.Of(new Error(ErrorKind.TooLarge, "file-too-large", $"The list is larger than {ImportDirectory.MaxBytes / 1_000_000} MB; split it or leave columns out.", "file"));
            }
        }

        var result = await import.ExecuteAsync(tenant.Id!.Value, Claims.ActorOf(http.User), body.ToArray(), ct);
        return result.IsOk ? Results.Json(result.Value) : Problems.Of(result.Error);
    }
}
