using AIX.Core.Compliance;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Compliance;

internal sealed class ComplianceStore(DataSources sources) : IComplianceStore
{
    public async Task AddConsentsAsync(IUnitOfWork work, IReadOnlyList<ConsentEvent> events, CancellationToken ct)
    {
        if (events.Count == 0)
        {
            return;
        }

        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.consent_events (tenant_id, id, address, channel, purpose, explicit, category, given, at, expires_at, evidence, batch_id)
            SELECT $1, c.* FROM unnest($2::uuid[], $3::text[], $4::smallint[], $5::smallint[], $6::bool[], $7::smallint[], $8::bool[], $9::timestamptz[], $10::timestamptz[], $11::text[], $12::uuid[]) AS c
            """,
            unit.TenantId.Value, Sql.Column(events, e => e.Id), Sql.Column(events, e => e.Address), Sql.Column(events, e => (short)e.Channel), Sql.Column(events, e => (short)e.Purpose), Sql.Column(events, e => e.Explicit), Sql.Column(events, e => e.Category),
            Sql.Column(events, e => e.Given), Sql.Column(events, e => e.At), Sql.Column(events, e => e.ExpiresAt), Sql.Column(events, e => e.Evidence), Sql.Column(events, e => e.BatchId));
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task SavePreferencesAsync(IUnitOfWork work, IReadOnlyList<DndPreference> rows, CancellationToken ct)
    {
        // The last line about a number counts.
        var last = rows.GroupBy(r => r.Number).Select(g => g.Last()).ToList();
        if (last.Count == 0)
        {
            return;
        }

        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.dnd_preferences AS p (tenant_id, number, scrubbed_at, categories, modes, bands, days, batch_id)
            SELECT $1, d.* FROM unnest($2::text[], $3::timestamptz[], $4::int[], $5::int[], $6::int[], $7::int[], $8::uuid[]) AS d(number, scrubbed_at, categories, modes, bands, days, batch_id)
            ON CONFLICT (tenant_id, number) DO UPDATE SET scrubbed_at = excluded.scrubbed_at, categories = excluded.categories, modes = excluded.modes, bands = excluded.bands, days = excluded.days, batch_id = excluded.batch_id
            WHERE excluded.scrubbed_at >= p.scrubbed_at
            """,
            unit.TenantId.Value, Sql.Column(last, r => r.Number), Sql.Column(last, r => r.ScrubbedAt), Sql.Column(last, r => r.Categories), Sql.Column(last, r => r.Modes), Sql.Column(last, r => r.Bands), Sql.Column(last, r => r.Days), Sql.Column(last, r => r.BatchId));
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task SuppressAsync(IUnitOfWork work, IReadOnlyList<Suppression> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            "INSERT INTO aix.suppressions (tenant_id, number, reason, at) SELECT $1, s.* FROM unnest($2::text[], $3::text[], $4::timestamptz[]) AS s ON CONFLICT DO NOTHING",
            unit.TenantId.Value, Sql.Column(rows, r => r.Number), Sql.Column(rows, r => r.Reason), Sql.Column(rows, r => r.At));
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task AddBatchAsync(IUnitOfWork work, ComplianceBatch batch, CancellationToken ct)
    {
        var db = UnitOfWork.Of(work).Db;
        db.Add(batch);
        await db.SaveChangesAsync(ct);
    }

    public async Task<int> SaveTighteningAsync(IUnitOfWork work, string document, Guid? author, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            "INSERT INTO aix.rule_settings (tenant_id, version, document, author_id, at) SELECT $1, 1 + coalesce((SELECT max(version) FROM aix.rule_settings WHERE tenant_id = $1), 0), $2, $3, $4 RETURNING version",
            unit.TenantId.Value, Sql.Json(document), author, now);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task<IReadOnlyList<ComplianceBatch>> BatchesAsync(TenantId tenant, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<ComplianceBatch>().AsNoTracking().OrderByDescending(b => b.At).Take(limit).ToListAsync(ct);
    }

    public async Task<ComplianceBoard> BoardAsync(TenantId tenant, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var command = connection.Command(
            """
            SELECT (SELECT count(*)::int FROM aix.suppressions WHERE tenant_id = $1), (SELECT count(DISTINCT address)::int FROM aix.consent_events WHERE tenant_id = $1), (SELECT count(*)::int FROM aix.dnd_preferences WHERE tenant_id = $1),
                   (SELECT max(scrubbed_at) FROM aix.dnd_preferences WHERE tenant_id = $1), count(*) FILTER (WHERE allowed)::int, count(*) FILTER (WHERE NOT allowed)::int
            FROM aix.gate_records WHERE tenant_id = $1 AND at >= $2 AND stage <> 1
            """,
            tenant.Value, now.AddDays(-1));
        var (suppressed, consented, scrubbed, last, allowed, denied) = (await command.AllAsync(r => (r.GetInt32(0), r.GetInt32(1), r.GetInt32(2), r.Nullable<DateTimeOffset?>(3), r.GetInt32(4), r.GetInt32(5)), ct))[0];
        await using var rules = connection.Command("SELECT rule, count(*)::int FROM aix.gate_records CROSS JOIN unnest(rules) AS rule WHERE tenant_id = $1 AND at >= $2 AND NOT allowed GROUP BY rule ORDER BY 2 DESC", tenant.Value, now.AddDays(-1));
        return new ComplianceBoard(suppressed, consented, scrubbed, last, allowed, denied, await rules.AllAsync(r => (r.GetString(0), r.GetInt32(1)), ct));
    }

    public async Task<IReadOnlyList<ConsentEvent>> LedgerAsync(TenantId tenant, string address, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<ConsentEvent>().AsNoTracking().Where(e => e.Address == address).OrderByDescending(e => e.At).Take(200).ToListAsync(ct);
    }

    public async Task<IReadOnlyList<Suppression>> SuppressionsAsync(TenantId tenant, string? after, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<Suppression>().FromSql($"SELECT * FROM aix.suppressions WHERE tenant_id = {tenant.Value} AND number > {after ?? ""} ORDER BY number LIMIT {limit}").AsNoTracking().ToListAsync(ct);
    }

    public async Task<IReadOnlyList<GateRecord>> DecisionsAsync(TenantId tenant, string? address, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        var rows = db.Set<GateRecord>().AsNoTracking();
        return await (address is null ? rows : rows.Where(r => r.Address == address)).OrderByDescending(r => r.At).Take(limit).ToListAsync(ct);
    }
}
