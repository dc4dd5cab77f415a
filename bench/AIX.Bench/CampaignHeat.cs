using System.Diagnostics;

namespace AIX.Bench;

/// <summary>The heatmap over five million calls of a tenant: rows of calls, and the hours that they are counted into.</summary>
internal static class CampaignHeat
{
    private const int Calls = 5_000_000;
    private const int Rounds = 40;

    /// <summary>The hours of a call as the product counts them.</summary>
    private const string Counts = "count(*), count(*) FILTER (WHERE answered_at IS NOT NULL), count(*) FILTER (WHERE disposition IN (0, 1, 2, 8)), 0, 0, 0, coalesce(sum(duration_seconds), 0)";

    private const string Local = "created_at AT TIME ZONE 'Asia/Kolkata'";

    /// <returns>95th percentile of the answer's milliseconds, over the API.</returns>
    public static async Task<double> P95Async(CampaignRehearsal bench)
    {
        await FillAsync(bench.Database);
        using var globex = bench.ApiOf("demo-globex-key");
        var times = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            var filter = (i % 4) switch { 0 => "", 1 => "&language=hi", 2 => "&region=region 7", _ => "&campaignId=00000000-0000-0000-0000-000000000007" };
            var watch = Stopwatch.StartNew();
            (await globex.GetAsync("/api/v1/analytics/heatmap?from=2026-09-28&to=2026-11-22" + filter)).EnsureSuccessStatusCode();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        return Statistics.Percentile(times, 0.95);
    }

    /// <summary>Eight weeks, ten hours a day, twenty campaigns, two languages and scripts, thirty regions; a fifth answered.</summary>
    private static async Task FillAsync(BenchDatabase database)
    {
        await using var connection = await database.Sources.Owner.OpenConnectionAsync();
        foreach (var sql in new[]
        {
            $"""
            INSERT INTO aix.calls (tenant_id, id, lead_id, campaign_id, attempt, variant, to_number, from_number, route, flow_key, flow_version, language, transport, state, gate, facts, recording_refused, wrapped_up, created_at, seen_at, answered_at, ended_at, duration_seconds, disposition)
            SELECT t.tenant_id, gen_random_uuid(), ('00000000-0000-0000-0001-' || lpad((i % 500000)::text, 12, '0'))::uuid, ('00000000-0000-0000-0000-' || lpad((1 + i % 20)::text, 12, '0'))::uuid, 1 + i / 500000, CASE WHEN i % 3 = 0 THEN 'B' ELSE 'A' END,
                   '+9198' || lpad((i % 500000)::text, 8, '0'), '+14155550100', 'simulated', 'qualification', 1, CASE WHEN i % 7 < 3 THEN 'hi' ELSE 'en' END, 0, CASE WHEN i % 5 = 0 THEN 5 ELSE 7 END, '[]', '[]', false, true,
                   a.at, a.at, CASE WHEN i % 5 = 0 THEN a.at END, a.at + interval '40 seconds', CASE WHEN i % 5 = 0 THEN 30 END, CASE WHEN i % 25 = 0 THEN 0 WHEN i % 5 = 0 THEN 4 ELSE 13 END
            FROM (SELECT tenant_id FROM aix.tenants WHERE slug = 'globex') t, generate_series(0, {Calls - 1}) i,
                 LATERAL (SELECT timestamptz '2026-09-28 04:30:00+00' + make_interval(days => i % 56, secs => (i::bigint * 7919) % 36000) AS at) a
            """,
            $"""
            INSERT INTO aix.call_hours (tenant_id, day, hour, campaign_id, agent_id, language, variant, region, placed, answered, won, callbacks, opt_outs, abandoned, talk_seconds)
            SELECT tenant_id, ({Local})::date, extract(hour FROM {Local})::smallint, campaign_id, '00000000-0000-0000-0000-000000000000', language, variant, 'region ' || right(to_number, 4)::int % 30, {Counts}
            FROM aix.calls WHERE tenant_id = (SELECT tenant_id FROM aix.tenants WHERE slug = 'globex') GROUP BY 1, 2, 3, 4, 6, 7, 8
            """,
            """
            INSERT INTO aix.call_hour_totals SELECT h.tenant_id, day, hour, campaign_id, language, variant, sum(placed), sum(answered), sum(won), 0, 0, 0, sum(talk_seconds)
            FROM aix.call_hours h WHERE tenant_id = (SELECT tenant_id FROM aix.tenants WHERE slug = 'globex') GROUP BY 1, 2, 3, 4, 5, 6
            """,
            "ANALYZE aix.calls; ANALYZE aix.call_hours; ANALYZE aix.call_hour_totals",
        })
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.CommandTimeout = 1_800;
            await command.ExecuteNonQueryAsync();
        }
    }
}
