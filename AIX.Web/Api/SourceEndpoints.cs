using AIX.Core.Enrichment;
using AIX.Core.Pipeline;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;

namespace AIX.Web.Api;

internal static class SourceEndpoints
{
    public static void MapSources(this RouteGroupBuilder api)
    {
        api.MapGet("/sources", StateAsync).Needs(Permission.LeadsRead).Produces(200).WithSummary("Outside sources and what they gave in 30 days");
        api.MapPut("/sources/{name}", PutAsync).Needs(Permission.SettingsWrite).Takes("application/json").Produces(204).WithSummary("Switch a source on or off")
            .WithDescription("`key` is stored encrypted and never given out; without it the stored one stays, empty removes it. `price` is what you pay per answer; without it the definition's price counts.");
        api.MapPost("/leads/{id:guid}/facts", CorrectAsync).Needs(Permission.LeadsWrite).Takes("application/json").Produces(202).WithSummary("Say what is right")
            .WithDescription("The value becomes a fact that outweighs every source; the sources that said otherwise lose standing, and the lead is scored again.");
    }

    private static async Task<IResult> StateAsync(ISourceRegistry registry, ICurrentTenant tenant, TimeProvider time, CancellationToken ct) => Results.Json(new
    {
        items = (await registry.StateAsync(tenant.Id!.Value, time.GetUtcNow(), ct)).Select(s => new
        {
            s.Source.Name,
            s.Source.Title,
            kind = s.Source.Kind.ToString().ToLowerInvariant(),
            s.Source.Attributes,
            s.Source.NeedsKey,
            s.Enabled,
            s.HasKey,
            price = s.Price ?? s.Source.Price,
            s.Source.RatePerSecond,
            s.Calls,
            s.Found,
            s.NotMeasured,
            s.Cost,
            s.LastNote,
        }),
    });

    private static async Task<IResult> PutAsync(string name, ChangeSource use, ApiOptions options, ICurrentTenant tenant, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        var read = await JsonBody.ReadAsync<SourceChange>(http, options, "{\"enabled\":true,\"key\":\"…\"}", ct);
        if (!read.IsOk)
        {
            return Problems.Of(read.Error);
        }

        var change = read.Value;
        var result = await use.ExecuteAsync(tenant.Id!.Value, Claims.ActorOf(http.User), name, change.Enabled, change.Key, change.Price, time.GetUtcNow(), ct);
        return result.IsOk ? Results.NoContent() : Problems.Of(result.Error);
    }

    private static async Task<IResult> CorrectAsync(Guid id, ICorrectFact use, ApiOptions options, ICurrentTenant tenant, HttpContext http, CancellationToken ct)
    {
        var read = await JsonBody.ReadAsync<FactCorrection>(http, options, "{\"attribute\":\"employees\",\"value\":\"75\"}", ct);
        if (!read.IsOk)
        {
            return Problems.Of(read.Error);
        }

        var correction = read.Value;
        var result = await use.ExecuteAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, correction.Attribute ?? "", correction.Value ?? "", ct);
        return result.IsOk ? Results.Accepted() : Problems.Of(result.Error);
    }
}

internal sealed record SourceChange(bool Enabled, string? Key, decimal? Price);

internal sealed record FactCorrection(string? Attribute, string? Value);
