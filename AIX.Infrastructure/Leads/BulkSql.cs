using AIX.Core.Leads;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Leads;

/// <summary>What each kind of bulk work does to a set of leads, and how it is taken back. $1 tenant, $2 job, $3 leads, $4 now.</summary>
internal static class BulkSql
{
    /// <returns>Leads that changed.</returns>
    public static async Task<int> DoAsync(UnitOfWork work, BulkJob job, Guid[] leads, BulkArguments arguments, TenantSettings settings, DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(work.Connection);
        void Add(string sql, params object?[] more) => batch.Add(sql, [work.TenantId.Value, job.Id, leads, now, .. more]);
        switch (job.Kind)
        {
            case BulkKind.Assign:
                Add("""
                    INSERT INTO aix.bulk_changes (tenant_id, job_id, lead_id, before) SELECT $1, $2, st.lead_id, jsonb_build_object('owner', st.owner_id) FROM aix.lead_standings st
                    WHERE st.tenant_id = $1 AND st.lead_id = ANY($3) AND st.owner_id IS DISTINCT FROM $5 AND $4::timestamptz IS NOT NULL ON CONFLICT DO NOTHING
                    """, arguments.OwnerId);
                Add("UPDATE aix.lead_standings st SET owner_id = $5, changed_at = $4 FROM aix.bulk_changes b WHERE b.tenant_id = $1 AND b.job_id = $2 AND b.lead_id = ANY($3) AND st.tenant_id = $1 AND st.lead_id = b.lead_id", arguments.OwnerId);
                break;
            case BulkKind.Tag:
                Add("""
                    WITH added AS (INSERT INTO aix.lead_tags (tenant_id, lead_id, tag) SELECT $1, lead, $5 FROM unnest($3::uuid[]) AS lead WHERE $4::timestamptz IS NOT NULL ON CONFLICT DO NOTHING RETURNING lead_id)
                    INSERT INTO aix.bulk_changes (tenant_id, job_id, lead_id, before) SELECT $1, $2, lead_id, '{}' FROM added ON CONFLICT DO NOTHING
                    """, arguments.Tag);
                break;
            case BulkKind.Untag:
                Add("""
                    WITH gone AS (DELETE FROM aix.lead_tags WHERE tenant_id = $1 AND lead_id = ANY($3) AND tag = $5 AND $4::timestamptz IS NOT NULL RETURNING lead_id)
                    INSERT INTO aix.bulk_changes (tenant_id, job_id, lead_id, before) SELECT $1, $2, lead_id, '{}' FROM gone ON CONFLICT DO NOTHING
                    """, arguments.Tag);
                break;
            case BulkKind.Nurture or BulkKind.Archive:
                Move(Add, job.Kind == BulkKind.Nurture ? LeadState.Nurturing : LeadState.Archived, job.CreatedBy);
                break;
            case BulkKind.SendToReview:
                Add("""
                    WITH sent AS (INSERT INTO aix.review_items (tenant_id, lead_id, day, decision_value, created_at, reason, propensity, round, sent_by, note)
                                  SELECT $1, st.lead_id, $5, $6, $4, 4, 1, 0, $7, $8 FROM aix.lead_standings st WHERE st.tenant_id = $1 AND st.lead_id = ANY($3) AND st.state NOT IN (9, 10) ON CONFLICT DO NOTHING RETURNING lead_id)
                    INSERT INTO aix.bulk_changes (tenant_id, job_id, lead_id, before) SELECT $1, $2, lead_id, '{}' FROM sent ON CONFLICT DO NOTHING
                    """, settings.DayOf(now), settings.DealValue, job.CreatedBy, arguments.Note);
                break;
            case BulkKind.Rescore:
                Add("""
                    INSERT INTO aix.bulk_changes (tenant_id, job_id, lead_id, before) SELECT $1, $2, st.lead_id, '{}' FROM aix.lead_standings st
                    WHERE st.tenant_id = $1 AND st.lead_id = ANY($3) AND st.state NOT IN (9, 10) AND $4::timestamptz IS NOT NULL ON CONFLICT DO NOTHING
                    """);
                Add("UPDATE aix.lead_standings SET state = 8, changed_at = $4 WHERE tenant_id = $1 AND lead_id = ANY($3) AND state IN (3, 4) AND $2::uuid IS NOT NULL");
                Add("INSERT INTO aix.pipeline_runs (tenant_id, lead_id) SELECT $1, b.lead_id FROM aix.bulk_changes b WHERE b.tenant_id = $1 AND b.job_id = $2 AND b.lead_id = ANY($3) AND $4::timestamptz IS NOT NULL");
                batch.Add("SELECT pg_notify('aix_work', $1)", work.TenantId.Value.ToString());
                break;
            case BulkKind.Campaign:
                Add("""
                    WITH named AS (INSERT INTO aix.campaign_members (tenant_id, campaign_id, lead_id, state, number, prefix, language, variant, priority, is_callback, attempts)
                                   SELECT $1, $5, lead, 0, '', '', '', '', 0, false, 0 FROM unnest($3::uuid[]) AS lead
                                   WHERE $4::timestamptz IS NOT NULL AND EXISTS (SELECT FROM aix.campaigns c WHERE c.tenant_id = $1 AND c.id = $5 AND c.state < 5) ON CONFLICT DO NOTHING RETURNING lead_id)
                    INSERT INTO aix.bulk_changes (tenant_id, job_id, lead_id, before) SELECT $1, $2, lead_id, '{}' FROM named ON CONFLICT DO NOTHING
                    """, arguments.CampaignId);
                break;
            default:
                throw new InvalidOperationException($"Unknown bulk work {job.Kind}.");
        }

        await batch.ExecuteNonQueryAsync(ct);
        await using var count = work.Connection.Command("SELECT count(*)::int FROM aix.bulk_changes WHERE tenant_id = $1 AND job_id = $2 AND lead_id = ANY($3)", work.TenantId.Value, job.Id, leads);
        return (int)(await count.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Takes the next leads back to what they were, unless somebody has changed them since.</summary>
    public static async Task<Guid[]> UndoAsync(UnitOfWork work, BulkJob job, int limit, DateTimeOffset now, CancellationToken ct)
    {
        var leads = new List<Guid>();
        await using (var next = work.Connection.Command("SELECT lead_id FROM aix.bulk_changes WHERE tenant_id = $1 AND job_id = $2 ORDER BY lead_id LIMIT $3", work.TenantId.Value, job.Id, limit))
        {
            await using var reader = await next.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                leads.Add(reader.GetGuid(0));
            }
        }

        if (leads.Count == 0)
        {
            return [];
        }

        var arguments = System.Text.Json.JsonSerializer.Deserialize<BulkArguments>(job.Arguments, ManageViews.Json)!;
        var ids = leads.ToArray();
        await using var batch = new NpgsqlBatch(work.Connection);
        void Add(string sql, params object?[] more) => batch.Add(sql, [work.TenantId.Value, job.Id, ids, now, .. more]);
        switch (job.Kind)
        {
            case BulkKind.Assign:
                Add("""
                    UPDATE aix.lead_standings st SET owner_id = (b.before->>'owner')::uuid, changed_at = $4 FROM aix.bulk_changes b
                    WHERE b.tenant_id = $1 AND b.job_id = $2 AND b.lead_id = ANY($3) AND st.tenant_id = $1 AND st.lead_id = b.lead_id AND st.owner_id IS NOT DISTINCT FROM $5
                    """, arguments.OwnerId);
                break;
            case BulkKind.Tag:
                batch.Add("DELETE FROM aix.lead_tags WHERE tenant_id = $1 AND lead_id = ANY($2) AND tag = $3", work.TenantId.Value, ids, arguments.Tag);
                break;
            case BulkKind.Untag:
                batch.Add("INSERT INTO aix.lead_tags (tenant_id, lead_id, tag) SELECT $1, lead, $3 FROM unnest($2::uuid[]) AS lead ON CONFLICT DO NOTHING", work.TenantId.Value, ids, arguments.Tag);
                break;
            case BulkKind.Nurture or BulkKind.Archive:
                Add("""
                    UPDATE aix.lead_standings st SET state = (b.before->>'state')::smallint, changed_at = $4 FROM aix.bulk_changes b
                    WHERE b.tenant_id = $1 AND b.job_id = $2 AND b.lead_id = ANY($3) AND st.tenant_id = $1 AND st.lead_id = b.lead_id AND st.state = $5
                    """, (short)(job.Kind == BulkKind.Nurture ? LeadState.Nurturing : LeadState.Archived));
                break;
            case BulkKind.Campaign:
                // Who was called already stays: that cannot be taken back.
                batch.Add("DELETE FROM aix.campaign_members WHERE tenant_id = $1 AND lead_id = ANY($2) AND campaign_id = $3 AND attempts = 0 AND state IN (0, 1, 4) AND (lease_until IS NULL OR lease_until < clock_timestamp())", work.TenantId.Value, ids, arguments.CampaignId);
                break;
            case BulkKind.SendToReview:
                batch.Add("DELETE FROM aix.review_items WHERE tenant_id = $1 AND lead_id = ANY($2) AND reason = 4 AND round = 0 AND sent_by IS NOT DISTINCT FROM $3", work.TenantId.Value, ids, job.CreatedBy);
                break;
        }

        batch.Add("DELETE FROM aix.bulk_changes WHERE tenant_id = $1 AND job_id = $2 AND lead_id = ANY($3)", work.TenantId.Value, job.Id, ids);
        await batch.ExecuteNonQueryAsync(ct);
        return ids;
    }

    /// <summary>Only leads that the life cycle lets go there: scored ones in one step, those in nurture or archive by being taken up again. Each step is a transition.</summary>
    private static void Move(Action<string, object?[]> add, LeadState target, Guid? actor)
    {
        add("""
            WITH was AS (SELECT st.lead_id, st.state FROM aix.lead_standings st WHERE st.tenant_id = $1 AND st.lead_id = ANY($3) AND st.state IN (3, 4, 7, 8) AND st.state <> $5 FOR UPDATE),
                 kept AS (INSERT INTO aix.bulk_changes (tenant_id, job_id, lead_id, before) SELECT $1, $2, lead_id, jsonb_build_object('state', state) FROM was ON CONFLICT DO NOTHING RETURNING lead_id),
                 moved AS (UPDATE aix.lead_standings st SET state = $5, changed_at = $4 FROM was WHERE st.tenant_id = $1 AND st.lead_id = was.lead_id)
            INSERT INTO aix.lead_transitions (tenant_id, id, lead_id, from_state, to_state, origin, actor_id, at)
            SELECT $1, gen_random_uuid(), was.lead_id, step.a, step.b, 1, $6, $4 FROM was JOIN kept USING (lead_id)
            CROSS JOIN LATERAL (SELECT * FROM (VALUES (was.state, 8::smallint, was.state IN (3, 4)), (8::smallint, 7::smallint, was.state IN (3, 4, 8)), (7::smallint, $5, true)) AS s(a, b, needed) WHERE needed) step
            """, [(short)target, actor]);
    }
}
