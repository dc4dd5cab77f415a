using AIX.Core.Calls;
using AIX.Core.Campaigns;
using AIX.Core.Conversations;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace AIX.Infrastructure.Campaigns;

internal sealed class CampaignStore(DataSources sources) : ICampaignStore
{
    private const int ActiveLimit = 200;
    private const int OpenLimit = 5_000;
    private const int DueLimit = 5_000;

    public async Task AddAsync(IUnitOfWork work, Campaign campaign, CancellationToken ct)
    {
        var db = UnitOfWork.Of(work).Db;
        db.Add(campaign);
        await db.SaveChangesAsync(ct);
    }

    public async Task<Campaign?> FindAsync(TenantId tenant, Guid id, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<Campaign>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, ct);
    }

    public Task<Campaign?> FindAsync(IUnitOfWork work, Guid id, CancellationToken ct) => UnitOfWork.Of(work).Db.Set<Campaign>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, ct);

    public Task<Campaign?> LockAsync(IUnitOfWork work, Guid id, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        return unit.Db.Set<Campaign>().FromSql($"SELECT * FROM aix.campaigns WHERE tenant_id = {unit.TenantId.Value} AND id = {id} FOR UPDATE").AsNoTracking().FirstOrDefaultAsync(ct);
    }

    public async Task ChangeAsync(IUnitOfWork work, Guid id, CampaignChange change, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        if (change.State is not null)
        {
            await using var fence = unit.Connection.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 45))", id.ToString());
            await fence.ExecuteNonQueryAsync(ct);
        }

        await using var command = unit.Connection.Command(
            """
            UPDATE aix.campaigns SET state = coalesce($3, state), name = coalesce($4, name), plan = coalesce($5, plan), launched_by = coalesce($6, launched_by), approved_by = coalesce($7, approved_by), approved_leads = coalesce($16, approved_leads), starts_at = coalesce($8, starts_at),
                started_at = coalesce(started_at, $9), ended_at = coalesce($10, ended_at), reason = CASE WHEN $12 THEN NULL ELSE coalesce($11, reason) END,
                audience_after = CASE WHEN $14 THEN NULL ELSE coalesce($13, audience_after) END, version = version + CASE WHEN $13::uuid IS NULL AND NOT $14 THEN 1 ELSE 0 END, updated_at = $15
            WHERE tenant_id = $1 AND id = $2
            """,
            unit.TenantId.Value, id, Typed((short?)change.State, NpgsqlDbType.Smallint), Typed(change.Name, NpgsqlDbType.Text), Sql.Json(change.Plan), Typed(change.LaunchedBy, NpgsqlDbType.Uuid), Typed(change.ApprovedBy, NpgsqlDbType.Uuid),
            Typed(change.StartsAt, NpgsqlDbType.TimestampTz), Typed(change.StartedAt, NpgsqlDbType.TimestampTz), Typed(change.EndedAt, NpgsqlDbType.TimestampTz), Typed(change.Reason, NpgsqlDbType.Text), change.ClearReason,
            Typed(change.AudienceAfter, NpgsqlDbType.Uuid), change.AudienceDone, now, Typed(change.ApprovedLeads, NpgsqlDbType.Integer));
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<bool> MayDialAsync(IUnitOfWork work, Guid id, Guid lead, Guid token, CancellationToken ct)
    {
        // Not a share lock of the row: those are let in one after the other while an update waits, so that a busy campaign could not be paused. This queue is fair.
        var unit = UnitOfWork.Of(work);
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add("SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 45))", id.ToString());
        batch.Add("SELECT state FROM aix.campaigns WHERE tenant_id = $1 AND id = $2", unit.TenantId.Value, id);
        batch.Add("SELECT 1 FROM aix.campaign_members WHERE tenant_id = $1 AND campaign_id = $2 AND lead_id = $3 AND lease_token = $4 AND state = 1 FOR UPDATE", unit.TenantId.Value, id, lead, token);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        var running = await reader.ReadAsync(ct) && reader.GetInt16(0) == (short)CampaignState.Running;
        await reader.NextResultAsync(ct);
        return running && await reader.ReadAsync(ct);
    }

    public async Task<IReadOnlyList<ActiveCampaign>> ActiveAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var command = connection.Command("SELECT tenant_id, id, state, version, audience_after, updated_at FROM aix.campaigns WHERE state = 3 OR (state = 2 AND starts_at <= $1) OR (state = 4 AND audience_after IS NOT NULL) ORDER BY id LIMIT $2", now, ActiveLimit);
        return await command.AllAsync(r => new ActiveCampaign(new TenantId(r.GetGuid(0)), r.GetGuid(1), (CampaignState)r.GetInt16(2), r.GetInt32(3), r.Nullable<Guid?>(4), r.GetFieldValue<DateTimeOffset>(5)), ct);
    }

    public async Task<int> ActiveCallsAsync(IUnitOfWork work, Guid campaign, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add("SELECT pg_advisory_xact_lock(hashtextextended($1, 43))", campaign.ToString());
        batch.Add(
            """
            SELECT (SELECT count(*)::int FROM aix.calls WHERE tenant_id = $1 AND campaign_id = $2 AND NOT wrapped_up AND state < 5)
                   + (SELECT count(*)::int FROM aix.campaign_members WHERE tenant_id = $1 AND campaign_id = $2 AND state = 1 AND lease_until > clock_timestamp())
            """,
            unit.TenantId.Value, campaign);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        return reader.GetInt32(0);
    }

    public async Task<PaceState> HealthAsync(TenantId tenant, Guid campaign, DateTimeOffset now, DateTimeOffset yesterday, DateTimeOffset? dayStart, CancellationToken ct)
    {
        await using var connection = await sources.OpenAsync(tenant, ct);
        await using var command = connection.Command(
            """
            SELECT CASE WHEN $4::timestamptz IS NULL THEN 0 ELSE (SELECT count(*)::int FROM aix.calls WHERE tenant_id = $1 AND campaign_id = $2 AND created_at >= $4) END, r.n, r.failed, d.answered, d.abandoned
            FROM (SELECT count(*)::int AS n, count(*) FILTER (WHERE state = 8)::int AS failed FROM aix.calls WHERE tenant_id = $1 AND campaign_id = $2 AND ended_at >= $3::timestamptz - interval '2 minutes') r,
                 (SELECT coalesce(sum(answered), 0)::int AS answered, coalesce(sum(abandoned), 0)::int AS abandoned FROM aix.call_hour_totals WHERE tenant_id = $1 AND day >= $5 AND (day > $5 OR hour >= $6) AND campaign_id = $2) d
            """,
            tenant.Value, campaign, now, Typed(dayStart?.ToUniversalTime(), NpgsqlDbType.TimestampTz), DateOnly.FromDateTime(yesterday.Date), (short)yesterday.Hour);
        return (await command.AllAsync(r => new PaceState(0, 0, 0, r.GetInt32(0), r.GetInt32(1), r.GetInt32(2), r.GetInt32(3), r.GetInt32(4)), ct))[0];
    }

    public async Task<IReadOnlyList<Claimed>> ClaimAsync(IUnitOfWork work, Guid campaign, IReadOnlyCollection<string> prefixes, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken ct)
    {
        // Rows by their place, one after the other: of an audience that has just come in the planner has no statistics, and joined it to itself by reading all of it once for every row.
        var unit = UnitOfWork.Of(work);
        var token = Guid.CreateVersion7(now);
        await using var command = unit.Connection.Command(
            """
            WITH d AS MATERIALIZED (
                SELECT n.place FROM unnest($3::text[]) AS p
                CROSS JOIN LATERAL (SELECT ctid AS place, is_callback, priority FROM aix.campaign_members WHERE tenant_id = $1 AND campaign_id = $2 AND prefix = p AND state = 1 AND is_due AND next_at <= $5 AND (lease_until IS NULL OR lease_until < clock_timestamp())
                                    ORDER BY is_callback DESC, priority DESC LIMIT $4 FOR UPDATE SKIP LOCKED) n ORDER BY n.is_callback DESC, n.priority DESC LIMIT $4)
            UPDATE aix.campaign_members m SET lease_until = clock_timestamp() + $6::interval, lease_token = $7 FROM d WHERE m.ctid = d.place
            RETURNING m.lead_id, m.number, m.prefix, m.language, m.variant, m.attempts
            """,
            unit.TenantId.Value, campaign, prefixes.ToArray(), limit, now, lease, token);
        return await command.AllAsync(r => new Claimed(r.GetGuid(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetInt32(5), token), ct);
    }

    public async Task<(bool IsDue, int Active)> GlanceAsync(TenantId tenant, Guid campaign, IReadOnlyCollection<string> prefixes, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await sources.OpenAsync(tenant, ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            """
            WITH d AS MATERIALIZED (SELECT ctid AS place FROM aix.campaign_members WHERE tenant_id = $1 AND campaign_id = $2 AND state = 1 AND NOT is_due AND next_at <= $3 ORDER BY next_at LIMIT $4 FOR UPDATE SKIP LOCKED)
            UPDATE aix.campaign_members m SET is_due = true FROM d WHERE m.ctid = d.place
            """,
            tenant.Value, campaign, now, DueLimit);
        batch.Add(
            """
            SELECT EXISTS (SELECT FROM aix.campaign_members WHERE tenant_id = $1 AND campaign_id = $2 AND state = 1 AND is_due AND next_at <= $4 AND prefix = ANY($3) AND (lease_until IS NULL OR lease_until < clock_timestamp())),
                   (SELECT count(*)::int FROM aix.calls WHERE tenant_id = $1 AND campaign_id = $2 AND NOT wrapped_up AND state < 5)
                   + (SELECT count(*)::int FROM aix.campaign_members WHERE tenant_id = $1 AND campaign_id = $2 AND state = 1 AND lease_until > clock_timestamp())
            """,
            tenant.Value, campaign, prefixes.ToArray(), now);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (reader.GetBoolean(0), reader.GetInt32(1));
    }

    public void Dialled(IUnitOfWork work, Guid campaign, Guid lead, DateTimeOffset now) => Later(
        work, "UPDATE aix.campaign_members SET state = 2, attempts = attempts + 1, last_at = $4, lease_until = NULL, lease_token = NULL, rule = NULL WHERE tenant_id = $1 AND campaign_id = $2 AND lead_id = $3", campaign, lead, now);

    public void Refused(IUnitOfWork work, Guid campaign, Claimed member, string rule, DateTimeOffset? nextAt) => Later(
        work, "UPDATE aix.campaign_members SET state = CASE WHEN $5::timestamptz IS NULL THEN 4 ELSE 1 END, next_at = $5, is_due = false, rule = $4, lease_until = NULL, lease_token = NULL WHERE tenant_id = $1 AND campaign_id = $2 AND lead_id = $3 AND state = 1 AND lease_token = $6",
        campaign, member.LeadId, rule, Typed(nextAt, NpgsqlDbType.TimestampTz), member.Token);

    public async Task ReleaseAsync(TenantId tenant, Guid campaign, Guid lead, Guid token, CancellationToken ct)
    {
        await using var connection = await sources.OpenAsync(tenant, ct);
        await using var command = connection.Command("UPDATE aix.campaign_members SET lease_until = NULL, lease_token = NULL WHERE tenant_id = $1 AND campaign_id = $2 AND lead_id = $3 AND lease_token = $4", tenant.Value, campaign, lead, token);
        await command.ExecuteNonQueryAsync(ct);
    }

    public void Ended(IUnitOfWork work, Guid campaign, Guid lead, Disposition outcome, DateTimeOffset at, DateTimeOffset? nextAt, bool isCallback) => Later(
        work, "UPDATE aix.campaign_members SET state = CASE WHEN $6::timestamptz IS NULL THEN 3 ELSE 1 END, next_at = $6, is_due = false, last_outcome = $4, last_at = $5, is_callback = $7 WHERE tenant_id = $1 AND campaign_id = $2 AND lead_id = $3 AND state = 2",
        campaign, lead, (short)outcome, at, Typed(nextAt, NpgsqlDbType.TimestampTz), isCallback);

    public async Task<int> MembersAsync(IUnitOfWork work, Guid campaign, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command("SELECT count(*)::int FROM aix.campaign_members WHERE tenant_id = $1 AND campaign_id = $2", unit.TenantId.Value, campaign);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task<(bool IsFinished, bool Called)> ProgressAsync(IUnitOfWork work, Guid campaign, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            SELECT NOT EXISTS (SELECT FROM aix.campaign_members WHERE tenant_id = $1 AND campaign_id = $2 AND state IN (0, 1, 2)),
                   EXISTS (SELECT FROM aix.campaign_members WHERE tenant_id = $1 AND campaign_id = $2 AND attempts > 0)
            """,
            unit.TenantId.Value, campaign);
        return (await command.AllAsync(r => (r.GetBoolean(0), r.GetBoolean(1)), ct))[0];
    }

    public async Task<IReadOnlyList<Call>> OpenCallsAsync(TenantId tenant, Guid campaign, bool queuedOnly, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<Call>().AsNoTracking().Where(c => c.CampaignId == campaign && (queuedOnly ? c.State == CallState.Queued : c.State < CallState.Completed) && !c.WrappedUp).OrderBy(c => c.CreatedAt).Take(OpenLimit).ToListAsync(ct);
    }

    public async Task<IReadOnlyList<(TenantId Tenant, Guid Campaign)>> StoppedAsync(DateTimeOffset since, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var command = connection.Command(
            "SELECT tenant_id, id FROM aix.campaigns c WHERE state = 6 AND ended_at >= $1 AND EXISTS (SELECT FROM aix.calls k WHERE k.tenant_id = c.tenant_id AND k.campaign_id = c.id AND NOT k.wrapped_up AND k.state < 5) LIMIT $2", since, ActiveLimit);
        return await command.AllAsync(r => (new TenantId(r.GetGuid(0)), r.GetGuid(1)), ct);
    }

    public Task<Guid?> PickAsync(IUnitOfWork work, Campaign campaign, CampaignPlan plan, Guid after, int limit, CancellationToken ct) => CampaignAudience.PickAsync(UnitOfWork.Of(work), campaign, plan, after, limit, ct);

    public Task<int> PickAsync(IUnitOfWork work, Guid campaign, IReadOnlyCollection<Guid> leads, CancellationToken ct) => CampaignAudience.PickAsync(UnitOfWork.Of(work), campaign, leads, ct);

    public async Task<(int Found, int Added)> PickAsync(IUnitOfWork work, Guid campaign, IReadOnlyCollection<Guid> leads, IReadOnlyCollection<Guid> contacts, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            WITH asked AS (SELECT k, min(c.lead_id::text)::uuid AS id FROM unnest($4::uuid[]) AS k JOIN aix.contact_points c ON c.tenant_id = $1 AND c.blind_index = k GROUP BY k
                           UNION ALL SELECT i, l.id FROM unnest($3::uuid[]) AS i JOIN aix.leads l ON l.tenant_id = $1 AND l.id = i),
                 named AS (INSERT INTO aix.campaign_members (tenant_id, campaign_id, lead_id, state, number, prefix, language, variant, priority, is_callback, attempts)
                           SELECT DISTINCT $1, $2, l.id, 0, '', '', '', '', 0, false, 0 FROM asked a JOIN aix.leads l ON l.tenant_id = $1 AND l.id = a.id ON CONFLICT DO NOTHING RETURNING 1)
            SELECT (SELECT count(*)::int FROM unnest($3::uuid[] || $4::uuid[]) AS r WHERE r IN (SELECT k FROM asked)), (SELECT count(*)::int FROM named)
            """,
            unit.TenantId.Value, campaign, leads.ToArray(), contacts.ToArray());
        return (await command.AllAsync(r => (r.GetInt32(0), r.GetInt32(1)), ct))[0];
    }

    public Task<IReadOnlyList<Candidate>> CandidatesAsync(IUnitOfWork work, Guid campaign, int limit, CancellationToken ct) => CampaignAudience.CandidatesAsync(UnitOfWork.Of(work), campaign, limit, ct);

    public Task AdmitAsync(IUnitOfWork work, Guid campaign, IReadOnlyList<Admission> admissions, DateTimeOffset now, CancellationToken ct) => CampaignAudience.AdmitAsync(UnitOfWork.Of(work), campaign, admissions, now, ct);

    public async Task<IReadOnlyList<Candidate>> PreviewAsync(TenantId tenant, Campaign campaign, CampaignPlan plan, Guid after, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await CampaignAudience.PreviewAsync(db, tenant, campaign, plan, after, limit, ct);
    }

    public async Task<int> CountAsync(TenantId tenant, Campaign campaign, CampaignPlan plan, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await CampaignAudience.CountAsync(db, tenant, campaign, plan, ct);
    }

    private static void Later(IUnitOfWork work, string sql, params ReadOnlySpan<object?> values)
    {
        var unit = UnitOfWork.Of(work);
        unit.Later(sql, [unit.TenantId.Value, .. values]);
    }

    private static NpgsqlParameter Typed(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
