using AIX.Core.Leads;
using AIX.Core.Pipeline;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Pipeline;

internal sealed class TendingStore(DataSources sources) : ITendingStore
{
    public async Task<IReadOnlyList<TenantId>> TenantsAsync(CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var command = connection.Command("SELECT tenant_id FROM aix.tenants ORDER BY tenant_id");
        return await command.AllAsync(r => new TenantId(r.GetGuid(0)), ct);
    }

    public async Task<IReadOnlyList<(Guid Lead, LeadState State, Band? Band)>> EndOverridesAsync(IUnitOfWork work, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using (var end = unit.Connection.Command("UPDATE aix.score_overrides SET ended_at = $2 WHERE tenant_id = $1 AND ended_at IS NULL AND until <= $2", unit.TenantId.Value, now))
        {
            await end.ExecuteNonQueryAsync(ct);
        }

        await using var command = unit.Connection.Command(
            "UPDATE aix.lead_standings SET override_band = NULL, override_score = NULL, override_until = NULL, changed_at = $2 WHERE tenant_id = $1 AND override_until <= $2 RETURNING lead_id, state, band", unit.TenantId.Value, now);
        return await command.AllAsync(r => (r.GetGuid(0), (LeadState)r.GetInt16(1), r.BandAt(2)), ct);
    }

    public async Task<IReadOnlyList<Guid>> ReevaluateAsync(IUnitOfWork work, DateTimeOffset now, int limit, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            UPDATE aix.lead_standings SET reevaluate_at = NULL, changed_at = $2, state = CASE WHEN state IN (3, 4) THEN 8 ELSE state END
            WHERE tenant_id = $1 AND lead_id IN (SELECT lead_id FROM aix.lead_standings WHERE tenant_id = $1 AND reevaluate_at <= $2 AND state NOT IN (9, 10) ORDER BY reevaluate_at LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING lead_id
            """,
            unit.TenantId.Value, now, limit);
        return await command.AllAsync(r => r.GetGuid(0), ct);
    }

    public async Task ForgetAsync(IUnitOfWork work, DateTimeOffset before, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add("DELETE FROM aix.notifications WHERE tenant_id = $1 AND at < $2", unit.TenantId.Value, before);
        batch.Add("DELETE FROM aix.bulk_parts p USING aix.bulk_jobs j WHERE p.tenant_id = $1 AND j.tenant_id = $1 AND j.id = p.job_id AND j.ended_at < $2", unit.TenantId.Value, before);
        batch.Add("DELETE FROM aix.bulk_jobs WHERE tenant_id = $1 AND ended_at < $2", unit.TenantId.Value, before);
        await batch.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<(Guid Person, Guid Lead, string Title)>> MissedCallbacksAsync(IUnitOfWork work, DateTimeOffset now, DateTimeOffset dueBefore, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            WITH missed AS (UPDATE aix.lead_tasks SET missed_at = $2 WHERE tenant_id = $1 AND kind = 3 AND done_at IS NULL AND missed_at IS NULL AND due_at <= $3 RETURNING owner_id, lead_id, title)
            SELECT coalesce(m.owner_id, u.id), m.lead_id, m.title FROM missed m LEFT JOIN aix.users u ON m.owner_id IS NULL AND u.tenant_id = $1 AND u.role = 1 WHERE coalesce(m.owner_id, u.id) IS NOT NULL
            """,
            unit.TenantId.Value, now, dueBefore);
        return await command.AllAsync(r => (r.GetGuid(0), r.GetGuid(1), r.GetString(2)), ct);
    }

    public async Task<IReadOnlyList<(Guid Owner, Guid Lead, string Title)>> DueTasksAsync(IUnitOfWork work, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            "UPDATE aix.lead_tasks SET reminded_at = $2 WHERE tenant_id = $1 AND done_at IS NULL AND reminded_at IS NULL AND owner_id IS NOT NULL AND due_at <= $2 RETURNING owner_id, lead_id, title", unit.TenantId.Value, now);
        return await command.AllAsync(r => (r.GetGuid(0), r.GetGuid(1), r.GetString(2)), ct);
    }
}
