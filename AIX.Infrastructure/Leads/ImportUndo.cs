using AIX.Core.Leads;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Leads;

/// <summary>Undoes an import in sets. A lead that the import added goes, unless another source has changed it since; a lead that it
/// changed gets its before-image back, unless its version has moved on.</summary>
internal static class ImportUndo
{
    public static async Task<UndoSummary?> ExecuteAsync(UnitOfWork work, Guid import, DateTimeOffset now, CancellationToken ct)
    {
        var tenant = work.TenantId.Value;
        await using (var mark = work.Connection.Command("UPDATE aix.imports SET state = 5, ended_at = $3 WHERE tenant_id = $1 AND id = $2 AND state IN (2, 3, 4)", tenant, import, now))
        {
            if (await mark.ExecuteNonQueryAsync(ct) != 1)
            {
                return null;
            }
        }

        var restored = await RestoreAsync(work.Connection, tenant, import, now, ct);
        var (removed, keptAdded) = await RemoveAsync(work.Connection, tenant, import, ct);
        await using var count = work.Connection.Command("SELECT count(*)::int FROM aix.import_changes WHERE tenant_id = $1 AND import_id = $2", tenant, import);
        var keptChanged = (int)(await count.ExecuteScalarAsync(ct))!;
        return new UndoSummary(removed, restored, keptAdded + keptChanged);
    }

    private static async Task<int> RestoreAsync(NpgsqlConnection connection, Guid tenant, Guid import, DateTimeOffset now, CancellationToken ct)
    {
        var ids = new List<Guid>();
        await using (var update = connection.Command(
            """
            UPDATE aix.leads l SET name = b.before->>'name', company = b.before->>'company', domain = b.before->>'domain', title = b.before->>'title', city = b.before->>'city',
                   country = b.before->>'country', name_host_key = (b.before->>'nameHostKey')::uuid, attributes = b.before->'attributes',
                   origins = nullif(b.before->'origins', 'null'::jsonb), version = l.version + 1, updated_at = $3
            FROM aix.import_changes b
            WHERE b.tenant_id = $1 AND b.import_id = $2 AND l.tenant_id = $1 AND l.id = b.lead_id AND l.version = b.version_after
              AND l.source_id IS DISTINCT FROM $2
            RETURNING l.id
            """,
            tenant,
            import,
            now))
        {
            await using var reader = await update.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                ids.Add(reader.GetGuid(0));
            }
        }

        if (ids.Count == 0)
        {
            return 0;
        }

        var leads = ids.ToArray();
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("DELETE FROM aix.contact_points WHERE tenant_id = $1 AND lead_id = ANY($2)", tenant, leads);
        batch.Add(
            """
            INSERT INTO aix.contact_points (tenant_id, lead_id, kind, position, value, blind_index, line, flag)
            SELECT $1, b.lead_id, (c.value->>'kind')::smallint, row_number() OVER (PARTITION BY b.lead_id, c.value->>'kind' ORDER BY c.ordinality) - 1,
                   c.value->>'value', (c.value->>'key')::uuid, (c.value->>'line')::smallint, c.value->>'flag'
            FROM aix.import_changes b CROSS JOIN jsonb_array_elements(b.before->'contacts') WITH ORDINALITY c
            WHERE b.tenant_id = $1 AND b.import_id = $2 AND b.lead_id = ANY($3)
            ON CONFLICT DO NOTHING
            """,
            tenant,
            import,
            leads);
        batch.Add("DELETE FROM aix.lead_outcomes WHERE tenant_id = $1 AND import_id = $2 AND lead_id = ANY($3)", tenant, import, leads);
        batch.Add(
            """
            UPDATE aix.lead_standings st SET state = t.from_state FROM (SELECT DISTINCT ON (lead_id) lead_id, from_state, to_state FROM aix.lead_transitions
                   WHERE tenant_id = $1 AND import_id = $2 AND lead_id = ANY($3) ORDER BY lead_id, at, id) t
            WHERE st.tenant_id = $1 AND st.lead_id = t.lead_id AND st.state IN (9, 10)
            """,
            tenant, import, leads);
        batch.Add("DELETE FROM aix.lead_transitions WHERE tenant_id = $1 AND import_id = $2 AND lead_id = ANY($3)", tenant, import, leads);
        batch.Add("DELETE FROM aix.import_changes WHERE tenant_id = $1 AND import_id = $2 AND lead_id = ANY($3)", tenant, import, leads);
        batch.Add("INSERT INTO aix.pipeline_runs (tenant_id, lead_id) SELECT $1, unnest($2::uuid[])", tenant, leads);
        batch.Add("SELECT pg_notify('aix_work', $1)", tenant.ToString());
        await batch.ExecuteNonQueryAsync(ct);
        return leads.Length;
    }

    private static async Task<(int Removed, int Kept)> RemoveAsync(NpgsqlConnection connection, Guid tenant, Guid import, CancellationToken ct)
    {
        // Origins name the sources that changed a lead after its first intake; none of another source means nobody else did.
        const string Untouched = "l.tenant_id = $1 AND l.source_id = $2 AND (l.origins IS NULL OR NOT EXISTS (SELECT 1 FROM jsonb_each_text(l.origins) o WHERE o.value <> $2::text))";
        await using (var runs = connection.Command($"DELETE FROM aix.pipeline_runs r USING aix.leads l WHERE r.tenant_id = $1 AND l.id = r.lead_id AND {Untouched}", tenant, import))
        {
            await runs.ExecuteNonQueryAsync(ct);
        }

        await using var delete = connection.Command($"DELETE FROM aix.leads l WHERE {Untouched}", tenant, import);
        var removed = await delete.ExecuteNonQueryAsync(ct);
        await using var kept = connection.Command("SELECT count(*)::int FROM aix.leads WHERE tenant_id = $1 AND source_id = $2", tenant, import);
        return (removed, (int)(await kept.ExecuteScalarAsync(ct))!);
    }
}
