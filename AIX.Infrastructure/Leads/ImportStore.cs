using System.Text.Json;
using AIX.Core.Leads;
using AIX.Core.Leads.Import;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Leads;

internal sealed class ImportStore(DataSources sources, ICurrentTenant current, IntakeOptions options, TimeProvider time) : IImportStore
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private TenantId Tenant => current.Id ?? default;

    public Task CreateAsync(TenantId tenant, Guid id, string fileName, Guid? createdBy, DateTimeOffset now, CancellationToken ct) => ExecuteAsync(
        tenant,
        """
        INSERT INTO aix.imports (tenant_id, id, file_name, bytes, state, rows, accepted, duplicates, rejected, flagged, scored, created_at, created_by)
        VALUES ($1, $2, $3, 0, 0, 0, 0, 0, 0, 0, 0, $4, $5)
        """,
        ct,
        tenant.Value,
        id,
        fileName,
        now,
        createdBy);

    public Task AppendPartAsync(Guid id, int part, ReadOnlyMemory<byte> content, CancellationToken ct) => ExecuteAsync(
        Tenant, "INSERT INTO aix.import_file_parts (tenant_id, import_id, part, content) VALUES ($1, $2, $3, $4)", ct, Tenant.Value, id, part, content);

    public Task SealAsync(Guid id, long bytes, int lines, CancellationToken ct) => ExecuteAsync(
        Tenant, "UPDATE aix.imports SET bytes = $3, rows_expected = $4 WHERE tenant_id = $1 AND id = $2", ct, Tenant.Value, id, bytes, lines);

    public Task DeleteDraftAsync(Guid id, CancellationToken ct) => ExecuteAsync(
        Tenant, "DELETE FROM aix.imports WHERE tenant_id = $1 AND id = $2 AND state = 0", ct, Tenant.Value, id);

    public async Task<byte[]> ReadHeadAsync(Guid id, CancellationToken ct)
    {
        await using var db = sources.Context(Tenant);
        return await db.Set<ImportFilePart>().Where(p => p.ImportId == id && p.Part == 0).Select(p => p.Content).FirstOrDefaultAsync(ct) ?? [];
    }

    public Stream OpenFile(TenantId tenant, Guid id) => new ImportFileStream(sources, tenant, id);

    public async Task<bool> StartAsync(TenantId tenant, Guid id, ImportMapping mapping, DateTimeOffset now, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, tenant, time, ct);
        await using var start = work.Connection.Command(
            "UPDATE aix.imports SET state = 1, mapping = $3, started_at = $4 WHERE tenant_id = $1 AND id = $2 AND state = 0",
            tenant.Value,
            id,
            Sql.Json(JsonSerializer.Serialize(mapping, Json)),
            now);
        var started = await start.ExecuteNonQueryAsync(ct) == 1;
        if (started)
        {
            var custom = mapping.Columns.Where(c => c.Attribute is not null).DistinctBy(c => c.Attribute).ToList();
            await using var define = work.Connection.Command(
                "INSERT INTO aix.attribute_definitions (tenant_id, key, type, created_at) SELECT $1, a.*, $4 FROM unnest($2::text[], $3::smallint[]) AS a ON CONFLICT DO NOTHING",
                tenant.Value,
                custom.Select(c => c.Attribute!).ToArray(),
                custom.Select(c => (short)c.Type).ToArray(),
                now);
            await define.ExecuteNonQueryAsync(ct);
            await using var wake = work.Connection.Command("SELECT pg_notify('aix_import', '')");
            await wake.ExecuteNonQueryAsync(ct);
            work.Raise(new ImportProgressed(tenant, id));
            await work.CommitAsync(ct);
        }

        return started;
    }

    public async Task<ImportClaim?> ClaimAsync(DateTimeOffset now, TimeSpan lease, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);

        // One claim at a time, so that a tenant never has two imports running at once: their chunks would share the intake lock.
        await using var one = connection.Command("SELECT pg_advisory_xact_lock(hashtextextended('aix.import.claim', 0))");
        await one.ExecuteNonQueryAsync(ct);
        await using var command = connection.Command(
            """
            UPDATE aix.imports i SET lease_token = $2, lease_until = $3
            FROM (SELECT tenant_id, id FROM aix.imports f WHERE state = 1 AND (lease_until IS NULL OR lease_until < $1)
                  AND NOT EXISTS (SELECT 1 FROM aix.imports r WHERE r.tenant_id = f.tenant_id AND r.id <> f.id AND r.state = 1 AND r.lease_until >= $1)
                  ORDER BY started_at LIMIT 1 FOR UPDATE SKIP LOCKED) n
            WHERE i.tenant_id = n.tenant_id AND i.id = n.id RETURNING i.tenant_id, i.id
            """,
            now,
            Guid.CreateVersion7(now),
            now + lease);
        var token = (Guid)command.Parameters[1].Value!;
        ImportClaim? claim = null;
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            claim = await reader.ReadAsync(ct) ? new ImportClaim(new TenantId(reader.GetGuid(0)), reader.GetGuid(1), token) : null;
        }

        await transaction.CommitAsync(ct);
        return claim;
    }

    public async Task<(ImportMapping Mapping, int RowsDone)?> LoadAsync(ImportClaim claim, CancellationToken ct)
    {
        await using var db = sources.Context(claim.TenantId);
        var import = await db.Set<ImportBatch>().AsNoTracking().FirstOrDefaultAsync(i => i.Id == claim.ImportId && i.LeaseToken == claim.LeaseToken, ct);
        return import?.Mapping is null ? null : (JsonSerializer.Deserialize<ImportMapping>(import.Mapping, Json)!, import.Rows);
    }

    public async Task SaveChunkAsync(IUnitOfWork work, ImportClaim claim, ChunkCounts counts, IReadOnlyList<BadRow> bad, DateTimeOffset leaseUntil, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var update = unit.Connection.Command(
            """
            UPDATE aix.imports SET rows = $4, accepted = accepted + $5, duplicates = duplicates + $6, rejected = rejected + $7, flagged = flagged + $8, lease_until = $9, failure = NULL
            WHERE tenant_id = $1 AND id = $2 AND lease_token = $3 AND state = 1
            """,
            claim.TenantId.Value,
            claim.ImportId,
            claim.LeaseToken,
            counts.RowsDone,
            counts.Accepted,
            counts.Duplicates,
            counts.Rejected,
            counts.Flagged,
            leaseUntil);
        if (await update.ExecuteNonQueryAsync(ct) != 1)
        {
            throw new LeaseLostException();
        }

        if (bad.Count > 0)
        {
            await SaveErrorsAsync(unit, claim, bad, ct);
        }

        work.Raise(new ImportProgressed(claim.TenantId, claim.ImportId));
    }

    public Task NoteTroubleAsync(ImportClaim claim, string trouble, CancellationToken ct) => ExecuteAsync(
        claim.TenantId,
        "UPDATE aix.imports SET failure = $4 WHERE tenant_id = $1 AND id = $2 AND lease_token = $3 AND state = 1",
        ct,
        claim.TenantId.Value,
        claim.ImportId,
        claim.LeaseToken,
        trouble);

    public async Task EndAsync(ImportClaim claim, ImportState state, string? failure, DateTimeOffset now, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, claim.TenantId, time, ct);
        await using var command = work.Connection.Command(
            "UPDATE aix.imports SET state = $4, failure = $5, ended_at = $6, lease_token = NULL, lease_until = NULL WHERE tenant_id = $1 AND id = $2 AND lease_token = $3 AND state = 1",
            claim.TenantId.Value,
            claim.ImportId,
            claim.LeaseToken,
            (short)state,
            failure,
            now);
        await command.ExecuteNonQueryAsync(ct);
        work.Raise(new ImportProgressed(claim.TenantId, claim.ImportId));
        await work.CommitAsync(ct);
    }

    public async Task<bool> CancelAsync(TenantId tenant, Guid id, DateTimeOffset now, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, tenant, time, ct);
        await using var command = work.Connection.Command(
            "UPDATE aix.imports SET state = 4, ended_at = $3, lease_token = NULL, lease_until = NULL WHERE tenant_id = $1 AND id = $2 AND state IN (0, 1)", tenant.Value, id, now);
        var cancelled = await command.ExecuteNonQueryAsync(ct) == 1;
        work.Raise(new ImportProgressed(tenant, id));
        await work.CommitAsync(ct);
        return cancelled;
    }

    public async Task<UndoSummary?> UndoAsync(TenantId tenant, Guid id, DateTimeOffset now, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, tenant, time, ct);
        var summary = await ImportUndo.ExecuteAsync(work, id, now, ct);
        if (summary is not null)
        {
            work.Raise(new ImportProgressed(tenant, id));
            work.Raise(new LeadsChanged(tenant, -summary.Removed));
            await work.CommitAsync(ct);
        }

        return summary;
    }

    private async Task SaveErrorsAsync(UnitOfWork unit, ImportClaim claim, IReadOnlyList<BadRow> bad, CancellationToken ct)
    {
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.import_errors (tenant_id, import_id, row, "column", message, cells)
            SELECT $1, $2, e.row, e.col, e.message, ARRAY(SELECT jsonb_array_elements_text(e.cells))
            FROM unnest($3::int[], $4::text[], $5::text[], $6::jsonb[]) AS e(row, col, message, cells)
            WHERE (SELECT rejected FROM aix.imports WHERE tenant_id = $1 AND id = $2) <= $7
            ON CONFLICT DO NOTHING
            """,
            claim.TenantId.Value,
            claim.ImportId,
            bad.Select(b => b.Row).ToArray(),
            bad.Select(b => b.Column).ToArray(),
            bad.Select(b => Storable(b.Message)).ToArray(),
            Sql.JsonArray(bad.Select(b => (string?)JsonSerializer.Serialize(b.Cells.Select(Storable))).ToArray()),
            options.MaxErrorRows);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>PostgreSQL's text cannot hold NUL; its visible symbol stands in.</summary>
    private static string Storable(string text) => text.Replace('\0', '\u2400');

    private async Task ExecuteAsync(TenantId tenant, string sql, CancellationToken ct, params object?[] values)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(sql, values);
        await command.ExecuteNonQueryAsync(ct);
    }
}
