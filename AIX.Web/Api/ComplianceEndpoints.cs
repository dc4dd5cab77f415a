using System.Globalization;
using System.Text;
using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Compliance;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using Microsoft.AspNetCore.Http.Features;

namespace AIX.Web.Api;

internal static class ComplianceEndpoints
{
    private const int MaxBody = 2_000_000;
    private const int ExportPage = 5_000;

    public static void MapCompliance(this RouteGroupBuilder api)
    {
        api.MapPost("/compliance/files", FileAsync).Needs(Permission.ComplianceManage).DisableAntiforgery().Takes("text/csv").Produces(200).WithSummary("Take in a scrub result, a register export, consents or suppressions")
            .WithDescription($"The body is the CSV file. kind: {string.Join(", ", TakeComplianceFile.Kinds)}. asOf: when the register was asked (scrub, register). Refused rows come back with their reasons; the others are kept.");
        api.MapPost("/consents", ConsentsAsync).Needs(Permission.ComplianceManage).Takes("application/json").Produces(200).WithSummary("Consents given or withdrawn")
            .WithDescription("`[{\"address\":\"+91…\",\"channel\":\"voice\",\"purpose\":\"promotional\",\"basis\":\"explicit\",\"action\":\"given\",\"date\":\"2026-11-23T10:00:00+05:30\",\"evidence\":\"form 12\"}]`, optionally category (1 to 8) and expires.");
        api.MapGet("/consents", LedgerAsync).Needs(Permission.ComplianceManage).Produces(200).WithSummary("The consent ledger of one address");
        api.MapPost("/suppressions", SuppressAsync).Needs(Permission.CallsPlace).Takes("application/json").Produces(204).WithSummary("Never contact an address again, from this moment").WithDescription("`{\"address\":\"+91…\"}`");
        api.MapGet("/suppressions.csv", ExportAsync).Needs(Permission.ComplianceManage).WithSummary("All suppressed addresses");
        api.MapGet("/compliance/decisions", (IComplianceStore store, ICurrentTenant tenant, string? address, int? limit, CancellationToken ct) => DecisionsAsync(store, tenant, address, limit, ct)).Needs(Permission.ComplianceManage).Produces(200)
            .WithSummary("Decisions of the gate, the newest first");
        api.MapGet("/compliance/rules", async (ManageCompliance manage, ICurrentTenant tenant, CancellationToken ct) => Results.Json(await manage.PackAsync(tenant.Id!.Value, ct))).Needs(Permission.ComplianceManage).Produces(200).WithSummary("The rules in force");
        api.MapPut("/compliance/rules", TightenAsync).Needs(Permission.SettingsWrite).Takes("application/json").Produces(200).WithSummary("Tighten the rules").WithDescription("`{\"openHour\":11,\"closeHour\":19,\"perDay\":1,\"holidays\":[\"2026-12-25\"]}`: stricter than the law or refused.");
    }

    /// <summary>The list of those who want no calls, for the browser and for the API; that somebody took it is on record.</summary>
    public static async Task<IResult> ExportAsync(HttpContext http, IComplianceStore store, IAuditLog audit, ICurrentTenant tenant, CancellationToken ct)
    {
        await audit.AppendAsync(tenant.Id!.Value, Claims.ActorOf(http.User), "compliance.exported", new { }, ct);
        return ExportOf(store, tenant.Id!.Value);
    }

    private static IResult ExportOf(IComplianceStore store, TenantId tenant) => Results.Stream(
        async stream =>
        {
            await using var writer = new StreamWriter(stream, new UTF8Encoding(true), 1 << 16, leaveOpen: true);
            await writer.WriteLineAsync("address,reason,date");
            string? after = null;
            while (await store.SuppressionsAsync(tenant, after, ExportPage, CancellationToken.None) is { Count: > 0 } page)
            {
                foreach (var row in page)
                {
                    await writer.WriteLineAsync($"\"{row.Number}\",{row.Reason},{row.At.ToString("O", CultureInfo.InvariantCulture)}");
                }

                after = page[^1].Number;
            }
        },
        "text/csv; charset=utf-8",
        "suppressions.csv");

    private static async Task<IResult> FileAsync(HttpContext http, TakeComplianceFile files, ICurrentTenant tenant, string? kind, DateTimeOffset? asOf, CancellationToken ct)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = TakeComplianceFile.MaxBytes + 1_000;
        }

        if (http.Request.ContentLength > TakeComplianceFile.MaxBytes)
        {
            return Problems.Of(new Error(ErrorKind.TooLarge, "file-too-large", $"The file is larger than {TakeComplianceFile.MaxBytes / 1_000_000} MB; split it.", "file"));
        }

        using var memory = new MemoryStream();
        await http.Request.Body.CopyToAsync(memory, ct);
        var taken = await files.ExecuteAsync(tenant.Id!.Value, Claims.ActorOf(http.User), kind ?? "", "api.csv", memory.ToArray(), asOf?.ToUniversalTime(), ct);
        return taken.IsOk ? Results.Json(taken.Value) : Problems.Of(taken.Error);
    }

    private static async Task<IResult> ConsentsAsync(HttpContext http, ManageCompliance manage, ICurrentTenant tenant, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(http.Request, MaxBody, ct);
        if (!body.IsOk)
        {
            return Problems.Of(body.Error);
        }

        using var document = body.Value;
        if (document.RootElement.ValueKind != JsonValueKind.Array || document.RootElement.GetArrayLength() is 0 or > 5_000 || document.RootElement.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.Object))
        {
            return Problems.Of(new Error(ErrorKind.Invalid, "invalid-body", "Send a list of 1 to 5,000 consents, each an object."));
        }

        var rows = document.RootElement.EnumerateArray().Select(e => (IReadOnlyDictionary<string, string>)e.EnumerateObject().DistinctBy(p => p.Name).ToDictionary(p => p.Name, p => p.Value.ToString())).ToList();
        var taken = await manage.ConsentAsync(tenant.Id!.Value, Claims.ActorOf(http.User), rows, ct);
        return taken.IsOk ? Results.Json(taken.Value) : Problems.Of(taken.Error);
    }

    private static async Task<IResult> LedgerAsync(IComplianceStore store, ICurrentTenant tenant, string? address, CancellationToken ct) => TakeComplianceFile.AddressOf(address ?? "") is { } clean
        ? Results.Json(new { items = (await store.LedgerAsync(tenant.Id!.Value, clean, ct)).Select(e => new { e.Id, e.Address, channel = e.Channel.ToString(), purpose = e.Purpose.ToString(), e.Explicit, e.Category, e.Given, e.At, e.ExpiresAt, e.Evidence, e.BatchId }) })
        : Problems.Of(new Error(ErrorKind.Invalid, "invalid-address", "address is a phone number with country code, or an e-mail address.", "address"));

    private static async Task<IResult> SuppressAsync(HttpContext http, ManageCompliance manage, ICurrentTenant tenant, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(http.Request, MaxBody, ct);
        if (!body.IsOk)
        {
            return Problems.Of(body.Error);
        }

        using var document = body.Value;
        var address = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("address", out var given) ? given.ToString() : "";
        var done = await manage.SuppressAsync(tenant.Id!.Value, Claims.ActorOf(http.User), address, "api", ct);
        return done.IsOk ? Results.NoContent() : Problems.Of(done.Error);
    }

    private static async Task<IResult> DecisionsAsync(IComplianceStore store, ICurrentTenant tenant, string? address, int? limit, CancellationToken ct) =>
        Results.Json(new { items = (await store.DecisionsAsync(tenant.Id!.Value, address is null ? null : TakeComplianceFile.AddressOf(address) ?? address, Math.Clamp(limit ?? 50, 1, 500), ct)).Select(d => new { d.Id, d.At, stage = d.Stage.ToString(), d.LeadId, d.Address, d.CampaignId, d.CallId, d.Allowed, d.Rules, d.Pack, d.Inputs }) });

    private static async Task<IResult> TightenAsync(HttpContext http, ManageCompliance manage, ICurrentTenant tenant, ApiOptions options, CancellationToken ct)
    {
        var own = await JsonBody.ReadAsync<Tightening>(http, options, "{\"openHour\":11}", ct);
        if (!own.IsOk)
        {
            return Problems.Of(own.Error);
        }

        var saved = await manage.TightenAsync(tenant.Id!.Value, Claims.ActorOf(http.User), own.Value, ct);
        return saved.IsOk ? Results.Json(new { version = saved.Value }) : Problems.Of(saved.Error);
    }
}
