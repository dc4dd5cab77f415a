using AIX.Core.Campaigns;
using AIX.Core.Conversations;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Campaigns;

internal sealed class CampaignQueries(DataSources sources) : ICampaignQueries
{
    private const string Won = "disposition IN (0, 1, 2, 8)";

    public Task<IReadOnlyList<CampaignRow>> ListAsync(TenantId tenant, int limit, CancellationToken ct) => AskAsync(
        tenant,
        """
        SELECT c.id, c.name, c.state, c.reason, u.display_name, c.created_at, c.starts_at, c.started_at, c.ended_at, m.audience, m.done, h.placed, h.answered, h.won
        FROM (SELECT * FROM aix.campaigns WHERE tenant_id = $1 ORDER BY created_at DESC LIMIT $2) c LEFT JOIN aix.users u ON u.tenant_id = $1 AND u.id = c.created_by
             CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE state <> 4)::int AS audience, count(*) FILTER (WHERE state = 3)::int AS done FROM aix.campaign_members m WHERE m.tenant_id = $1 AND m.campaign_id = c.id) m
             CROSS JOIN LATERAL (SELECT coalesce(sum(placed), 0)::int AS placed, coalesce(sum(answered), 0)::int AS answered, coalesce(sum(won), 0)::int AS won FROM aix.call_hour_totals h WHERE h.tenant_id = $1 AND h.campaign_id = c.id) h
        ORDER BY c.created_at DESC
        """,
        r => new CampaignRow(
            r.GetGuid(0), r.GetString(1), (CampaignState)r.GetInt16(2), r.Nullable<string>(3), r.Nullable<string>(4), r.GetFieldValue<DateTimeOffset>(5), r.Nullable<DateTimeOffset?>(6), r.Nullable<DateTimeOffset?>(7), r.Nullable<DateTimeOffset?>(8), r.GetInt32(9), r.GetInt32(10), r.GetInt32(11), r.GetInt32(12), r.GetInt32(13)),
        ct, limit);

    public async Task<CampaignStanding> StandingAsync(TenantId tenant, Guid campaign, DateTimeOffset now, DateTimeOffset dayStart, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var members = connection.Command(
            """
            SELECT state, coalesce(rule, ''), prefix, next_at <= $3, count(*)::int, count(*) FILTER (WHERE is_callback)::int, min(next_at) FROM aix.campaign_members WHERE tenant_id = $1 AND campaign_id = $2 GROUP BY 1, 2, 3, 4
            """,
            tenant.Value, campaign, now);
        var rows = await members.AllAsync(r => (State: (MemberState)r.GetInt16(0), Rule: r.GetString(1), Prefix: r.GetString(2), Due: !r.IsDBNull(3) && r.GetBoolean(3), Count: r.GetInt32(4), Callbacks: r.GetInt32(5), Next: r.Nullable<DateTimeOffset?>(6)), ct);
        await using var calls = connection.Command(
            """
            SELECT (SELECT count(*)::int FROM aix.calls WHERE tenant_id = $1 AND campaign_id = $2 AND NOT wrapped_up AND state = 4), (SELECT count(*)::int FROM aix.calls WHERE tenant_id = $1 AND campaign_id = $2 AND NOT wrapped_up AND state < 4),
                   (SELECT coalesce(sum(placed), 0)::int FROM aix.call_hour_totals WHERE tenant_id = $1 AND campaign_id = $2),
                   (SELECT count(*)::int FROM aix.calls WHERE tenant_id = $1 AND campaign_id = $2 AND created_at >= $4),
                   (SELECT coalesce(sum(answered), 0)::int FROM aix.call_hour_totals WHERE tenant_id = $1 AND campaign_id = $2), (SELECT coalesce(sum(abandoned), 0)::int FROM aix.call_hour_totals WHERE tenant_id = $1 AND campaign_id = $2),
                   count(*)::int, count(*) FILTER (WHERE state = 8)::int, (SELECT count(*)::int FROM aix.calls WHERE tenant_id = $1 AND campaign_id = $2 AND created_at >= $3::timestamptz - interval '10 seconds')
            FROM aix.calls WHERE tenant_id = $1 AND campaign_id = $2 AND ended_at >= $3::timestamptz - interval '2 minutes'
            """,
            tenant.Value, campaign, now, dayStart);
        var c = (await calls.AllAsync(r => Enumerable.Range(0, 9).Select(r.GetInt32).ToArray(), ct))[0];
        int Of(MemberState state) => rows.Where(r => r.State == state).Sum(r => r.Count);
        return new CampaignStanding(
            rows.Sum(r => r.Count), Of(MemberState.Picked), Of(MemberState.Waiting), Of(MemberState.Calling), Of(MemberState.Done),
            [.. rows.Where(r => r.State == MemberState.Excluded).GroupBy(r => r.Rule).Select(g => (g.Key, g.Sum(r => r.Count))).OrderByDescending(g => g.Item2)],
            [.. rows.Where(r => r is { State: MemberState.Waiting, Due: true }).GroupBy(r => r.Prefix).Select(g => (g.Key, g.Sum(r => r.Count)))],
            [.. rows.Where(r => r is { State: MemberState.Waiting, Due: false }).GroupBy(r => r.Rule).Select(g => (g.Key, g.Sum(r => r.Count))).OrderByDescending(g => g.Item2)],
            rows.Where(r => r.State == MemberState.Waiting).Sum(r => r.Callbacks), rows.Where(r => r.State == MemberState.Waiting).Min(r => r.Next), c[0], c[1], Math.Max(c[2] + c[0] + c[1], c[3]), c[3], c[4], c[5], c[6], c[7], c[8] / 10.0);
    }

    public Task<IReadOnlyList<(Disposition Outcome, int Calls)>> OutcomesAsync(TenantId tenant, Guid campaign, CancellationToken ct) => AskAsync<(Disposition, int)>(
        tenant, "SELECT disposition::int, count(*)::int FROM aix.calls WHERE tenant_id = $1 AND campaign_id = $2 AND disposition IS NOT NULL AND state >= 5 GROUP BY 1 ORDER BY 2 DESC", r => ((Disposition)r.GetInt32(0), r.GetInt32(1)), ct, campaign);

    public Task<IReadOnlyList<(Disposition Outcome, int Leads)>> LastOutcomesAsync(TenantId tenant, Guid campaign, CancellationToken ct) => AskAsync<(Disposition, int)>(
        tenant, "SELECT last_outcome::int, count(*)::int FROM aix.campaign_members WHERE tenant_id = $1 AND campaign_id = $2 AND last_outcome IS NOT NULL GROUP BY 1 ORDER BY 2 DESC", r => ((Disposition)r.GetInt32(0), r.GetInt32(1)), ct, campaign);

    public async Task<(AbArm A, AbArm B)> ArmsAsync(TenantId tenant, Guid campaign, CancellationToken ct)
    {
        var arms = await AskAsync(
            tenant, $"SELECT coalesce(variant, 'A'), count(*) FILTER (WHERE answered_at IS NOT NULL AND disposition <> 12)::int, count(*) FILTER (WHERE {Won})::int FROM aix.calls WHERE tenant_id = $1 AND campaign_id = $2 AND state >= 5 GROUP BY 1", r => new AbArm(r.GetString(0), r.GetInt32(1), r.GetInt32(2)), ct, campaign);
        return (arms.FirstOrDefault(a => a.Variant == "A") ?? new AbArm("A", 0, 0), arms.FirstOrDefault(a => a.Variant == "B") ?? new AbArm("B", 0, 0));
    }

    public Task<IReadOnlyList<Guid>> LiveAsync(TenantId tenant, Guid campaign, int limit, CancellationToken ct) =>
        AskAsync(tenant, "SELECT id FROM aix.calls WHERE tenant_id = $1 AND campaign_id = $2 AND NOT wrapped_up AND state < 5 ORDER BY created_at DESC LIMIT $3", r => r.GetGuid(0), ct, campaign, limit);

    private async Task<IReadOnlyList<T>> AskAsync<T>(TenantId tenant, string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, params object?[] values)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(sql, [tenant.Value, .. values]);
        return await command.AllAsync(read, ct);
    }
}
