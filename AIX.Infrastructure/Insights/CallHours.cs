using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AIX.Core.Calls;
using AIX.Core.Campaigns;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Insights;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace AIX.Infrastructure.Insights;

/// <summary>Counts a call into its hour with its end, and answers from the counts.</summary>
internal sealed class CallHours(DataSources sources) : IAfterCall, IBestHours, ICallAnalytics
{
    private const int EnoughCalls = 30;

    private const string Where = "h.tenant_id = $1 AND h.day BETWEEN $2 AND $3 AND ($4::uuid IS NULL OR h.campaign_id = $4) AND ($5::text IS NULL OR h.language = $5) AND ($7::text IS NULL OR h.variant = $7)";
    private const string WhereFine = " AND ($6::text IS NULL OR h.region = $6) AND ($8::uuid IS NULL OR h.agent_id = $8)";

    private static readonly TimeSpan BestFor = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<TenantId, (int? Hour, long At)> _best = new();

    private static readonly TimeZoneInfo Fallback = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata");

    public Task EndedAsync(IUnitOfWork work, Call call, Disposition outcome, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        var local = TimeZoneInfo.ConvertTime(call.CreatedAt, RulePack.Shipped.CountryOf(call.ToNumber)?.Zone ?? Fallback);
        var answered = call.AnsweredAt is not null && !TakeCallEvent.IsMachine(call.AnsweredBy ?? "") && outcome != Disposition.Voicemail;
        var won = outcome is Disposition.Interested or Disposition.Qualified or Disposition.AppointmentSet or Disposition.Transferred;
        var day = DateOnly.FromDateTime(local.Date);
        var hour = (short)local.Hour;
        object[] counts = [answered ? 1 : 0, won ? 1 : 0, outcome == Disposition.Callback ? 1 : 0, outcome == Disposition.OptOut ? 1 : 0, outcome == Disposition.Abandoned ? 1 : 0, (long)(answered ? call.DurationSeconds ?? 0 : 0)];
        unit.Later(
            """
            INSERT INTO aix.call_hour_totals AS h (tenant_id, day, hour, campaign_id, language, variant, placed, answered, won, callbacks, opt_outs, abandoned, talk_seconds)
            VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (tenant_id, day, hour, campaign_id, language, variant) DO UPDATE SET placed = h.placed + 1, answered = h.answered + excluded.answered, won = h.won + excluded.won, callbacks = h.callbacks + excluded.callbacks,
                opt_outs = h.opt_outs + excluded.opt_outs, abandoned = h.abandoned + excluded.abandoned, talk_seconds = h.talk_seconds + excluded.talk_seconds
            """,
            [unit.TenantId.Value, day, hour, call.CampaignId ?? Guid.Empty, call.Language, call.Variant ?? "", .. counts]);
        unit.Later(
            """
            INSERT INTO aix.call_hours AS h (tenant_id, day, hour, campaign_id, agent_id, language, variant, region, placed, answered, won, callbacks, opt_outs, abandoned, talk_seconds)
            SELECT $1, $2, $3, $4, $5, $6, $7, coalesce((SELECT left(coalesce(l.attributes->>'region', l.city), 80) FROM aix.leads l WHERE l.tenant_id = $1 AND l.id = $8), ''), 1, $9, $10, $11, $12, $13, $14
            ON CONFLICT (tenant_id, day, hour, campaign_id, agent_id, language, variant, region) DO UPDATE SET placed = h.placed + 1, answered = h.answered + excluded.answered, won = h.won + excluded.won, callbacks = h.callbacks + excluded.callbacks,
                opt_outs = h.opt_outs + excluded.opt_outs, abandoned = h.abandoned + excluded.abandoned, talk_seconds = h.talk_seconds + excluded.talk_seconds
            """,
            [unit.TenantId.Value, day, hour, call.CampaignId ?? Guid.Empty, call.UserId ?? Guid.Empty, call.Language, call.Variant ?? "", call.LeadId, .. counts]);
        return Task.CompletedTask;
    }

    public async Task<int?> BestHourAsync(IUnitOfWork work, CancellationToken ct)
    {
        // It changes with hundreds of calls, and is asked with each of them.
        var tenant = work.TenantId;
        if (_best.TryGetValue(tenant, out var known) && Stopwatch.GetElapsedTime(known.At) < BestFor)
        {
            return known.Hour;
        }

        var hour = await AskBestAsync(UnitOfWork.Of(work), ct);
        _best[tenant] = (hour, Stopwatch.GetTimestamp());
        return hour;
    }

    private static async Task<int?> AskBestAsync(UnitOfWork unit, CancellationToken ct)
    {
        await using var command = unit.Connection.Command("SELECT hour::int, sum(placed)::int, sum(answered)::int FROM aix.call_hour_totals WHERE tenant_id = $1 GROUP BY hour", unit.TenantId.Value);
        return BestOf(await command.AllAsync(r => (r.GetInt32(0), r.GetInt32(1), r.GetInt32(2)), ct));
    }

    /// <summary>The hour that is better than the others beyond chance: the lower end of its score interval lies above the share of all hours together. The interval is 99.5 %, because the best of ten is looked at.</summary>
    internal static int? BestOf(IReadOnlyList<(int Hour, int Placed, int Answered)> hours)
    {
        const double Z = 2.807;
        var all = hours.Sum(h => h.Answered) / (double)Math.Max(1, hours.Sum(h => h.Placed));
        double Low(int n, int k)
        {
            var p = k / (double)n;
            return (p + (Z * Z / (2 * n)) - (Z * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4.0 * n * n))))) / (1 + (Z * Z / n));
        }

        return hours.Where(h => h.Placed >= EnoughCalls && Low(h.Placed, h.Answered) > all).OrderByDescending(h => h.Answered / (double)h.Placed).Select(h => (int?)h.Hour).FirstOrDefault();
    }

    public Task<IReadOnlyList<HeatCell>> HeatmapAsync(TenantId tenant, CallFilter filter, CancellationToken ct) => AskAsync(
        tenant, filter, "SELECT extract(isodow FROM day)::int - 1, hour::int, sum(placed)::int, sum(answered)::int, sum(won)::int, sum(opt_outs)::int FROM {1} h WHERE {0} GROUP BY 1, 2 ORDER BY 1, 2",
        r => new HeatCell(r.GetInt32(0), r.GetInt32(1), r.GetInt32(2), r.GetInt32(3), r.GetInt32(4), r.GetInt32(5)), ct);

    public Task<IReadOnlyList<CallGroup>> GroupsAsync(TenantId tenant, CallFilter filter, CallGrouping by, CancellationToken ct)
    {
        var (key, join) = by switch
        {
            CallGrouping.Day => ("h.day::text", ""),
            CallGrouping.Campaign => ("coalesce(c.name, '')", "LEFT JOIN aix.campaigns c ON c.tenant_id = $1 AND c.id = h.campaign_id"),
            CallGrouping.Language => ("h.language", ""),
            CallGrouping.Region => ("h.region", ""),
            CallGrouping.Variant => ("h.variant", ""),
            _ => ("coalesce(u.display_name, '')", "LEFT JOIN aix.users u ON u.tenant_id = $1 AND u.id = h.agent_id"),
        };
        return AskAsync(
            tenant, filter,
            $"SELECT {key}, sum(placed)::int, sum(answered)::int, sum(won)::int, sum(callbacks)::int, sum(opt_outs)::int, sum(abandoned)::int, sum(talk_seconds)::bigint FROM {{1}} h {join} WHERE {{0}} GROUP BY 1 ORDER BY {(by == CallGrouping.Day ? "1" : "2 DESC, 1")} LIMIT 400",
            r => new CallGroup(r.GetString(0), r.GetInt32(1), r.GetInt32(2), r.GetInt32(3), r.GetInt32(4), r.GetInt32(5), r.GetInt32(6), r.GetInt64(7)), ct, by is CallGrouping.Region or CallGrouping.Agent);
    }

    public Task<IReadOnlyList<(string Band, string Outcome, int Calls)>> BandsAsync(TenantId tenant, CallFilter filter, CancellationToken ct) => RunAsync<(string, string, int)>(
        tenant, filter,
        """
        SELECT coalesce(k.band, -1)::int, k.disposition::int, count(*)::int
        FROM (SELECT band, disposition FROM aix.calls h WHERE h.tenant_id = $1 AND h.created_at >= $2 AND h.created_at < $3::date + 1 AND ($4::uuid IS NULL OR h.campaign_id = $4) AND ($5::text IS NULL OR h.language = $5) AND $6::text IS NULL
              AND ($7::text IS NULL OR h.variant = $7) AND ($8::uuid IS NULL OR h.user_id = $8) AND h.disposition IS NOT NULL LIMIT 200000) k GROUP BY 1, 2
        """,
        r => (r.GetInt32(0) < 0 ? "" : ((Core.Leads.Band)r.GetInt32(0)).ToString(), ((Disposition)r.GetInt32(1)).ToString(), r.GetInt32(2)), ct);

    /// <summary>From the totals, unless region or agent are asked for.</summary>
    private Task<IReadOnlyList<T>> AskAsync<T>(TenantId tenant, CallFilter filter, string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, bool fine = false) =>
        fine || filter.Region is not null || filter.AgentId is not null
            ? RunAsync(tenant, filter, string.Format(CultureInfo.InvariantCulture, sql, Where + WhereFine, "aix.call_hours"), read, ct)
            : RunAsync(tenant, filter, string.Format(CultureInfo.InvariantCulture, sql, Where + " AND $6::text IS NULL AND $8::uuid IS NULL", "aix.call_hour_totals"), read, ct);

    private async Task<IReadOnlyList<T>> RunAsync<T>(TenantId tenant, CallFilter filter, string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            sql, tenant.Value, filter.From, filter.To, Typed(filter.CampaignId, NpgsqlDbType.Uuid), Typed(filter.Language, NpgsqlDbType.Text), Typed(filter.Region, NpgsqlDbType.Text), Typed(filter.Variant, NpgsqlDbType.Text), Typed(filter.AgentId, NpgsqlDbType.Uuid));
        return await command.AllAsync(read, ct);
    }

    private static NpgsqlParameter Typed(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
