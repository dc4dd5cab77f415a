using AIX.Core.Auditing;
using AIX.Core.Leads.Import;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>Starts a draft import with a mapping; without one the suggested mapping is applied.</summary>
public sealed class StartImport
{
    private readonly StageImport _stage;
    private readonly IImportStore _imports;
    private readonly IAuditLog _audit;
    private readonly TimeProvider _time;

    internal StartImport(StageImport stage, IImportStore imports, IAuditLog audit, TimeProvider time) => (_stage, _imports, _audit, _time) = (stage, imports, audit, time);

    public async Task<Result<Guid>> ExecuteAsync(TenantId tenant, Actor actor, Guid importId, ImportMapping? mapping, CancellationToken ct)
    {
        var preview = await _stage.PreviewAsync(importId, mapping?.Format, ct);
        if (!preview.IsOk)
        {
            return preview.Error;
        }

        if (preview.Value.Rows.Count == 0)
        {
            return new Error(ErrorKind.Invalid, "no-rows", "The file has a header and no readable row below it. Nothing was imported.", "file");
        }

        mapping ??= preview.Value.Suggested;
        if (Check(mapping, preview.Value) is { } error)
        {
            return error;
        }

        if (!await _imports.StartAsync(tenant, importId, mapping, _time.GetUtcNow(), ct))
        {
            return new Error(ErrorKind.Conflict, "import-not-draft", "This import has been started already.");
        }

        await _audit.AppendAsync(tenant, actor, "import.started", new { importId }, ct);
        return importId;
    }

    private static Error? Check(ImportMapping mapping, ImportPreview preview)
    {
        if (!mapping.Columns.Select(c => c.Column).SequenceEqual(preview.Columns))
        {
            return Invalid("The mapping must name every column of the file once, in the file's order: " + string.Join(", ", preview.Columns.Take(20)) + (preview.Columns.Count > 20 ? " …" : "."));
        }

        var twice = mapping.Columns.Where(c => c.Key is not null && c.Field != LeadField.Phone).GroupBy(c => c.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
        {
            return Invalid($"The columns {string.Join(" and ", twice.Select(c => $"“{c.Column}”"))} both go to “{twice.Key}”; choose one.");
        }

        if (!mapping.Columns.Any(c => c.Field is LeadField.Email or LeadField.Phone or LeadField.ExternalId))
        {
            return Invalid("No column goes to e-mail, phone or external id, so every row would be refused. Map at least one of them.");
        }

        return null;
    }

    private static Error Invalid(string message) => new(ErrorKind.Invalid, "invalid-mapping", message, "mapping");
}
