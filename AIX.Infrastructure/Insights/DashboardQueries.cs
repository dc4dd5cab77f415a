using AIX.Core.Insights;
using AIX.Core.Leads;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Insights;

internal sealed class DashboardQueries(DataSources sources, TimeProvider time) : IDashboardQueries
{
    private const int Days = 14;

    private static readonly string[] Steps = ["received", "scored", "hot", "reached", "won"];

    public async Task<ManagerBoard> ManagerAsync(TenantId tenant, string zone, int goalMinutes, DateTimeOffset today, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection());
        var now = time.GetUtcNow();
        batch.Add(
            """
            SELECT count(*) FILTER (WHERE first_touch_at IS NULL AND state = 2)::int, count(*) FILTER (WHERE first_touch_at IS NULL AND state = 2 AND hot_at < $2::timestamptz - make_interval(mins => $3))::int,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM first_touch_at - hot_at) / 60) FILTER (WHERE first_touch_at >= $4), percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM first_touch_at - hot_at) / 60) FILTER (WHERE first_touch_at >= $4),
                   count(*) FILTER (WHERE first_touch_at >= $4)::int
            FROM aix.lead_standings WHERE tenant_id = $1 AND hot_at IS NOT NULL
            """,
            tenant.Value, now, goalMinutes, now.AddDays(-30));
        batch.Add("SELECT count(*)::int, min(created_at), (SELECT count(*)::int FROM aix.review_decisions d WHERE d.tenant_id = $1 AND d.at >= $2 AND d.kind IN (0, 1, 2) AND d.undone_at IS NULL) FROM aix.review_items WHERE tenant_id = $1", tenant.Value, today);
        batch.Add(
            """
            SELECT count(*)::int, count(*) FILTER (WHERE st.score IS NOT NULL)::int, count(*) FILTER (WHERE st.hot_at IS NOT NULL)::int, count(*) FILTER (WHERE st.hot_at IS NOT NULL AND st.first_touch_at IS NOT NULL)::int, count(*) FILTER (WHERE st.state = 9)::int
            FROM aix.leads l JOIN aix.lead_standings st ON st.tenant_id = $1 AND st.lead_id = l.id WHERE l.tenant_id = $1 AND l.recorded_at >= $2
            """,
            tenant.Value, now.AddDays(-30));
        batch.Add(
            """
            WITH days AS (SELECT generate_series(($2::timestamptz AT TIME ZONE $3)::date - ($4 - 1), ($2::timestamptz AT TIME ZONE $3)::date, interval '1 day')::date AS day),
                 scored AS (SELECT (scored_at AT TIME ZONE $3)::date AS day, shown_band, count(*)::int AS n FROM aix.lead_standings WHERE tenant_id = $1 AND scored_at >= $2::timestamptz - make_interval(days => $4) GROUP BY 1, 2),
                 speed AS (SELECT (first_touch_at AT TIME ZONE $3)::date AS day, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM first_touch_at - hot_at) / 60) AS p50,
                                  percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM first_touch_at - hot_at) / 60) AS p90, count(*)::int AS n
                           FROM aix.lead_standings WHERE tenant_id = $1 AND hot_at IS NOT NULL AND first_touch_at >= $2::timestamptz - make_interval(days => $4) GROUP BY 1)
            SELECT d.day, coalesce(sum(s.n) FILTER (WHERE s.shown_band = 2), 0)::int, coalesce(sum(s.n) FILTER (WHERE s.shown_band = 1), 0)::int, coalesce(sum(s.n) FILTER (WHERE s.shown_band = 0), 0)::int, max(p.p50), max(p.p90), coalesce(max(p.n), 0)
            FROM days d LEFT JOIN scored s USING (day) LEFT JOIN speed p USING (day) GROUP BY d.day ORDER BY d.day
            """,
            tenant.Value, now, zone, Days);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var (waiting, late, p50, p90, reached) = (reader.GetInt32(0), reader.GetInt32(1), reader.Nullable<double?>(2), reader.Nullable<double?>(3), reader.GetInt32(4));
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        var (queue, oldest, decided) = (reader.GetInt32(0), reader.Nullable<DateTimeOffset?>(1), reader.GetInt32(2));
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        FunnelStep[] funnel = [.. Steps.Select((name, i) => new FunnelStep(name, reader.GetInt32(i)))];
        await reader.NextResultAsync(ct);
        var days = new List<DayRow>();
        while (await reader.ReadAsync(ct))
        {
            days.Add(new DayRow(reader.GetFieldValue<DateOnly>(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.Nullable<double?>(4), reader.Nullable<double?>(5), reader.GetInt32(6)));
        }

        return new ManagerBoard(waiting, late, p50, p90, reached, queue, oldest, decided, funnel, days);
    }

    public async Task<IReadOnlyList<SourceQuality>> SourcesAsync(TenantId tenant, CancellationToken ct)
    {
        await using var connection = await sources.OpenAsync(tenant, ct);
        await using var command = connection.Command("SELECT source, attribute, alpha, beta FROM aix.source_reliabilities WHERE tenant_id = $1 ORDER BY alpha + beta DESC, source, attribute LIMIT 2000", tenant.Value);
        return await command.AllAsync(r => new SourceQuality(r.GetString(0), r.GetString(1), r.GetDouble(2), r.GetDouble(3)), ct);
    }

    public async Task<SetUp> SetUpAsync(TenantId tenant, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            """
            SELECT EXISTS (SELECT 1 FROM aix.audit_entries WHERE tenant_id = $1 AND action = 'settings.changed'), (SELECT count(*)::int FROM (SELECT 1 FROM aix.leads WHERE tenant_id = $1 LIMIT 10001) l),
                   (SELECT count(*)::int FROM aix.leads WHERE tenant_id = $1 AND source_id = $2), (SELECT count(*)::int FROM (SELECT 1 FROM aix.lead_standings WHERE tenant_id = $1 AND score IS NOT NULL LIMIT 10001) s),
                   (SELECT coalesce(max(version), 0) FROM aix.icp_versions WHERE tenant_id = $1), (SELECT count(*)::int FROM aix.review_decisions WHERE tenant_id = $1 AND undone_at IS NULL),
                   (SELECT count(*)::int FROM aix.source_settings WHERE tenant_id = $1 AND enabled), (SELECT count(*)::int FROM aix.api_keys WHERE tenant_id = $1 AND revoked_at IS NULL),
                   (SELECT count(*)::int FROM aix.dead_letters WHERE tenant_id = $1), (SELECT max(recorded_at) FROM aix.leads WHERE tenant_id = $1)
            """,
            tenant.Value, ISampleLeads.Source);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new SetUp(reader.GetBoolean(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7), reader.GetInt32(8), reader.Nullable<DateTimeOffset?>(9));
    }
}
