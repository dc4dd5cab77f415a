using AIX.Core.Auditing;
using AIX.Core.Leads.Import;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>Cancels a running import or undoes one that has ended.</summary>
public sealed class ManageImport
{
    private readonly IImportStore _imports;
    private readonly IImportQueries _queries;
    private readonly IAuditLog _audit;
    private readonly TimeProvider _time;

    internal ManageImport(IImportStore imports, IImportQueries queries, IAuditLog audit, TimeProvider time) => (_imports, _queries, _audit, _time) = (imports, queries, audit, time);

    public async Task<Result<ImportProgress>> CancelAsync(TenantId tenant, Actor actor, Guid id, CancellationToken ct)
    {
        if (await _queries.GetAsync(id, ct) is null)
        {
            return Unknown;
        }

        if (!await _imports.CancelAsync(tenant, id, _time.GetUtcNow(), ct))
        {
            return new Error(ErrorKind.Conflict, "import-ended", "This import has ended and cannot be cancelled; it can be undone.");
        }

        await _audit.AppendAsync(tenant, actor, "import.cancelled", new { id }, ct);
        return (await _queries.GetAsync(id, ct))!;
    }

    public async Task<Result<UndoSummary>> UndoAsync(TenantId tenant, Actor actor, Guid id, CancellationToken ct)
    {
        var import = await _queries.GetAsync(id, ct);
        if (import is null)
        {
            return Unknown;
        }

        if (import.State is ImportState.Running or ImportState.Draft or ImportState.Undone)
        {
            return new Error(ErrorKind.Conflict, "import-not-undoable", import.State == ImportState.Undone ? "This import is undone already." : "The import has not ended. Cancel it first, then undo it.");
        }

        var summary = await _imports.UndoAsync(tenant, id, _time.GetUtcNow(), ct);
        if (summary is null)
        {
            return new Error(ErrorKind.Conflict, "import-not-undoable", "The import changed state meanwhile; look again.");
        }

        await _audit.AppendAsync(tenant, actor, "import.undone", new { id, summary }, ct);
        return summary;
    }

    private static Error Unknown => new(ErrorKind.NotFound, "unknown-import", "There is no such import.");
}
