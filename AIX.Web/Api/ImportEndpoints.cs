using System.Text.Json;
using System.Text.Json.Serialization;
using AIX.Core.Leads;
using AIX.Core.Leads.Import;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AIX.Web.Api;

internal static class ImportEndpoints
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) } };

    public static void MapImports(this RouteGroupBuilder api)
    {
        api.MapPost("/imports", StartAsync).Needs(Permission.ImportsRun).DisableAntiforgery().Takes("multipart/form-data").Produces<ImportDto>(202)
            .WithSummary("Import a CSV file").WithDescription("multipart: file, and optionally mapping (JSON). Without mapping the suggested one is applied. Watch it with GET /imports/{id}.");
        api.MapGet("/imports/{id:guid}", GetAsync).Needs(Permission.LeadsRead).Produces<ImportDto>().WithSummary("State of an import");
        api.MapGet("/imports/{id:guid}/errors.csv", ErrorsAsync).Needs(Permission.LeadsRead).WithSummary("Refused rows with their reasons; mended, the file can be imported again");
        api.MapPost("/imports/{id:guid}/undo", UndoAsync).Needs(Permission.ImportsRun).Produces<ImportDto>().WithSummary("Undo an import");
        api.MapPost("/imports/{id:guid}/cancel", CancelAsync).Needs(Permission.ImportsRun).Produces<ImportDto>().WithSummary("Cancel a running import");
    }

    public static async Task<IResult> DownloadErrorsAsync(IImportQueries imports, Guid id, CancellationToken ct)
    {
        if (await imports.ErrorFileAsync(id, ct) is not { } lines)
        {
            return Problems.Of(new Error(ErrorKind.NotFound, "unknown-import", "There is no such import."));
        }

        return Results.Stream(
            async stream =>
            {
                await using var writer = new StreamWriter(stream, new System.Text.UTF8Encoding(true), 1 << 16, leaveOpen: true);
                await foreach (var line in lines)
                {
                    await writer.WriteAsync(line);
                }
            },
            "text/csv; charset=utf-8",
            $"import-{id:N}-errors.csv");
    }

    /// <summary>The file part is streamed into the database as it comes in; nothing is held in memory or on disk.</summary>
    public static async Task<Result<(Guid Id, string? Mapping)>> ReceiveAsync(HttpContext http, StageImport stage, TenantId tenant, Guid? user, IntakeOptions options, CancellationToken ct)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = options.MaxFileBytes + 1_000_000;
        }

        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || type.MediaType != "multipart/form-data" || type.Boundary.Length == 0)
        {
            return new Error(ErrorKind.Invalid, "not-multipart", "Send the file as multipart/form-data with a part named “file”.", "file");
        }

        var reader = new MultipartReader(HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), http.Request.Body);
        Guid? id = null;
        string? mapping = null;
        try
        {
            while (await reader.ReadNextSectionAsync(ct) is { } section)
            {
                var disposition = section.GetContentDispositionHeader();
                switch (disposition?.Name.Value?.Trim('"'))
                {
                    case "file" when id is null:
                        var stored = await stage.UploadAsync(tenant, user, disposition.FileNameStar.Value ?? disposition.FileName.Value?.Trim('"') ?? "leads.csv", section.Body, ct);
                        if (!stored.IsOk)
                        {
                            return stored.Error;
                        }

                        id = stored.Value;
                        break;
                    case "mapping":
                        using (var text = new StreamReader(section.Body))
                        {
                            var buffer = new char[1_000_000];
                            mapping = new string(buffer, 0, await text.ReadBlockAsync(buffer, ct));
                        }

                        break;
                }
            }
        }
        catch (Exception ex) when (ex is InvalidDataException or IOException)
        {
            return new Error(ErrorKind.Invalid, "broken-upload", "The upload broke off or is not valid multipart/form-data. Nothing was imported; send it again.", "file");
        }

        return id is { } import ? (import, mapping) : new Error(ErrorKind.Invalid, "no-file", "The request has no part named “file”.", "file");
    }

    private static async Task<IResult> StartAsync(HttpContext http, StageImport stage, StartImport start, IImportQueries queries, ICurrentTenant current, IntakeOptions options, CancellationToken ct)
    {
        var tenant = current.Id!.Value;
        var received = await ReceiveAsync(http, stage, tenant, null, options, ct);
        if (!received.IsOk)
        {
            return Problems.Of(received.Error);
        }

        var (id, text) = received.Value;
        var mapping = await MappingAsync(stage, id, text, ct);
        if (mapping.Error is { } error)
        {
            return Problems.Of(error);
        }

        var started = await start.ExecuteAsync(tenant, Claims.ActorOf(http.User), id, mapping.Mapping, ct);
        return started.IsOk ? Results.Json(DtoMapping.Import((await queries.GetAsync(id, ct))!), statusCode: 202) : Problems.Of(started.Error);
    }

    private static async Task<(ImportMapping? Mapping, Error? Error)> MappingAsync(StageImport stage, Guid id, string? text, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (null, null);
        }

        MappingRequest request;
        try
        {
            request = JsonSerializer.Deserialize<MappingRequest>(text, Json)!;
        }
        catch (JsonException ex)
        {
            return (null, Invalid($"mapping is not valid JSON at {ex.Path}, line {(ex.LineNumber ?? 0) + 1}: send {{\"columns\":{{\"E-mail ID\":\"email\"}},\"rules\":{{\"email\":\"overwrite\"}}}}."));
        }

        var preview = await stage.PreviewAsync(id, null, ct);
        if (!preview.IsOk)
        {
            return (null, preview.Error);
        }

        var detected = preview.Value.Suggested.Format;
        var format = new CsvFormat(request.Delimiter is { Length: > 0 } d ? (d == "\\t" ? '\t' : d[0]) : detected.Delimiter, request.Encoding ?? detected.EncodingName, request.HasHeader ?? detected.HasHeader);
        preview = await stage.PreviewAsync(id, format, ct);
        return preview.IsOk ? Apply(request, preview.Value) : (null, preview.Error);
    }

    private static (ImportMapping? Mapping, Error? Error) Apply(MappingRequest request, ImportPreview preview)
    {
        var asked = request.Columns ?? [];
        if (asked.Keys.FirstOrDefault(c => !preview.Columns.Contains(c)) is { } unknown)
        {
            return (null, Invalid($"mapping names the column “{unknown}”, which the file does not have. Its columns: {string.Join(", ", preview.Columns.Take(30))}."));
        }

        var columns = new List<ColumnMapping>();
        foreach (var suggested in preview.Suggested.Columns)
        {
            var column = suggested;
            if (asked.TryGetValue(suggested.Column, out var target))
            {
                var isField = Enum.TryParse<LeadField>(target, true, out var field) && field != LeadField.None && !char.IsDigit(target[0]);
                if (!isField && target is not ("ignore" or "attribute"))
                {
                    return (null, Invalid($"mapping sends “{suggested.Column}” to “{target}”, which is no field. Use {string.Join(", ", Enum.GetValues<LeadField>().Where(f => f != LeadField.None).Select(LeadFields.KeyOf))}, attribute or ignore."));
                }

                column = suggested with { Field = isField ? field : LeadField.None, Attribute = target == "attribute" ? suggested.Column : null };
            }
            else if (suggested.Field != LeadField.None && suggested.Field != LeadField.Phone && asked.Values.Contains(LeadFields.KeyOf(suggested.Field), StringComparer.OrdinalIgnoreCase))
            {
                // The caller gave this field to another column.
                column = suggested with { Field = LeadField.None, Attribute = suggested.Column };
            }

            columns.Add(column.Key is { } key && request.Rules is not null && request.Rules.TryGetValue(key, out var rule) ? column with { Rule = rule } : column);
        }

        return (new ImportMapping(preview.Suggested.Format, request.DayFirst ?? preview.Suggested.DayFirst, columns), null);
    }

    private static async Task<IResult> GetAsync(IImportQueries imports, Guid id, CancellationToken ct) =>
        await imports.GetAsync(id, ct) is { } import ? Results.Json(DtoMapping.Import(import)) : Problems.Of(new Error(ErrorKind.NotFound, "unknown-import", "There is no such import."));

    private static Task<IResult> ErrorsAsync(IImportQueries imports, Guid id, CancellationToken ct) => DownloadErrorsAsync(imports, id, ct);

    private static async Task<IResult> UndoAsync(HttpContext http, ManageImport manage, IImportQueries imports, ICurrentTenant tenant, Guid id, CancellationToken ct)
    {
        var result = await manage.UndoAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, ct);
        return result.IsOk ? Results.Json(DtoMapping.Import((await imports.GetAsync(id, ct))!)) : Problems.Of(result.Error);
    }

    private static async Task<IResult> CancelAsync(HttpContext http, ManageImport manage, ICurrentTenant tenant, Guid id, CancellationToken ct)
    {
        var result = await manage.CancelAsync(tenant.Id!.Value, Claims.ActorOf(http.User), id, ct);
        return result.IsOk ? Results.Json(DtoMapping.Import(result.Value)) : Problems.Of(result.Error);
    }

    private static Error Invalid(string message) => new(ErrorKind.Invalid, "invalid-mapping", message, "mapping");
}
