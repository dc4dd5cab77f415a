using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AIX.Core.Users;
using AIX.Infrastructure.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AIX.Bench;

/// <summary>A whole campaign in virtual time: two nodes, one killed and started again in the middle, the telephone network a third program. What was wrong is counted from that program's own log of what rang.</summary>
internal static class CampaignBench
{
    private const long Ist = 19_800_000;
    private const long DayMs = 86_400_000;
    private const int HistoryCalls = 2_000;
    private const int HistoryFrom = 70_000;
    private const int BusyFrom = 90_000;
    private const int BusyCalls = 2_000;

    internal static readonly DateTimeOffset Monday = new(2026, 11, 23, 10, 0, 0, TimeSpan.FromMinutes(330));

    public static async Task<int> RunAsync(string[] args)
    {
        var options = Options.Parse(args);
        var leads = int.Parse(options.Text("leads") ?? "20000", CultureInfo.InvariantCulture);
        var speed = double.Parse(options.Text("speed") ?? "50", CultureInfo.InvariantCulture);
        await using var bench = await CampaignRehearsal.StartAsync(speed);
        var flightLeads = int.Parse(options.Text("preflight") ?? "100000", CultureInfo.InvariantCulture);
        Note($"pre-flight of {flightLeads} leads");
        var large = flightLeads > 0 ? await bench.PreFlightAsync(flightLeads) : (double?)null;
        Note($"{leads} leads");
        var (forbidden, numbers) = await bench.LeadsAsync("main", 0, leads);
        _ = await bench.LeadsAsync("past", HistoryFrom, HistoryCalls, all: true);
        _ = await bench.LeadsAsync("busy", BusyFrom, BusyCalls, all: true);

        Note("history");
        await bench.RunToEndAsync(await bench.CreateAsync("History", "past", 1, 1), null);

        Note("callees busy at once: what a call costs");
        // From the moment it dials: the browser that launches it is no part of the dispatcher.
        var busy = await bench.CreateAsync("Busy", "busy", 1, 4);
        var (before, placed) = (bench.CpuMs(), await bench.CallsAsync(busy));
        var (busyCalls, _) = await bench.RunToEndAsync(busy, null);
        var cpu = (bench.CpuMs() - before) / (busyCalls - placed);
        Note($"{cpu:0.0} ms of processor a call");

        bench.JumpTo(Monday.AddDays(1));
        var id = await bench.CreateAsync("Main", "main", 3, 1);
        var bypassed = await bench.BypassAsync(id);
        Note("pre-flight");
        var watch = Stopwatch.StartNew();
        var flight = await (await bench.Api.PostAsync($"/api/v1/campaigns/{id}/preflight", null)).Content.ReadFromJsonAsync<JsonElement>();
        var preflight = watch.Elapsed.TotalSeconds;
        Note($"pre-flight: {flight.GetProperty("allowed")} of {flight.GetProperty("audience")}, {flight.GetProperty("calls")} calls in {flight.GetProperty("dialHours")} hours");
        await bench.LaunchAsync(id);
        var (calls, seconds) = await bench.RunToEndAsync(id, bench.TroubleAsync);

        Note("counting");
        var log = (await bench.LogAsync()).Where(r => numbers.Contains(r.Number)).ToList();
        var first = log.Min(r => r.At);
        var hours = OpenHours(first, log.Max(r => r.At));
        var attempts = await bench.Database.ScalarAsync<long>($"SELECT count(*) FROM aix.calls WHERE campaign_id = '{id}'");
        var lost = await bench.Database.ScalarAsync<long>($"SELECT (SELECT count(*) FROM aix.campaign_members WHERE campaign_id = '{id}' AND state IN (0, 1, 2)) + (SELECT count(*) FROM aix.calls WHERE campaign_id = '{id}' AND (state < 5 OR NOT wrapped_up)) + (SELECT count(*) FROM aix.campaign_members m WHERE campaign_id = '{id}' AND state = 3 AND (SELECT provider_sid FROM aix.calls c WHERE c.tenant_id = m.tenant_id AND c.campaign_id = m.campaign_id AND c.lead_id = m.lead_id ORDER BY created_at DESC LIMIT 1) IS NULL)");
        var heat = await HeatmapAsync(bench);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "campaign",
            leads,
            speed,
            calls = log.Count,
            attempts,
            outsideWindow = log.Count(r => !IsOpen(r.At)),
            suppressedOrUnconsented = log.Count(r => forbidden.Contains(r.Number)),
            aboveCap = AboveCap(log),
            calledTwice = log.GroupBy(r => r.Attempt).Sum(g => g.Count() - 1),
            attemptsLost = lost + log.Select(r => r.Attempt).Distinct().LongCount() - await bench.KnownAsync(log.Select(r => r.Attempt).Distinct().ToList()),
            approvalBypassed = bypassed,
            dispatcherCpuMsPerCall = Math.Round(cpu, 2),
            pauseSeconds = Math.Round(bench.PauseSeconds, 2),
            monitorP95Ms = Math.Round(Statistics.Percentile(bench.MonitorMs, 0.95)),
            heatmapP95Ms = Math.Round(heat, 1),
            preflightLeads = large is null ? leads : flightLeads,
            preflightSeconds = Math.Round(large ?? preflight, 1),
            preflightFinishErrorPercent = Math.Round(100 * Math.Abs(flight.GetProperty("dialHours").GetDouble() - hours) / hours, 1),
            dialHours = Math.Round(hours, 2),
            predictedHours = Math.Round(flight.GetProperty("dialHours").GetDouble(), 2),
            predictedCalls = flight.GetProperty("calls").GetInt32(),
            wallSeconds = Math.Round(seconds),
            callsPerWallSecond = Math.Round(calls / seconds, 1),
        }));
        return 0;
    }

    /// <summary>The bench's own idea of the law: ten to eight in India, no Sundays.</summary>
    internal static bool IsOpen(long at)
    {
        var local = at + Ist;
        return local % DayMs >= 10 * 3_600_000L && local % DayMs < 20 * 3_600_000L && (local / DayMs + 3) % 7 != 6;
    }

    private static int AboveCap(IReadOnlyList<Rang> log) => log.GroupBy(r => r.Number).Sum(g =>
    {
        var times = g.Select(r => r.At).Order().ToList();
        return times.Where((at, i) => times.Take(i).Count(t => (t + Ist) / DayMs == (at + Ist) / DayMs) >= 2 || times.Take(i).Count(t => at - t < 7 * DayMs) >= 5 || times.Take(i).Count(t => at - t < 30 * DayMs) >= 10).Count();
    });

    private static double OpenHours(long from, long to)
    {
        var open = 0L;
        for (var minute = from; minute < to; minute += 60_000)
        {
            open += IsOpen(minute) ? Math.Min(60_000, to - minute) : 0;
        }

        return open / 3_600_000.0;
    }

    /// <summary>Five million calls, counted into their hours: eight weeks, twenty campaigns, two languages and scripts, thirty regions.</summary>
    private static async Task<double> HeatmapAsync(CampaignRehearsal bench)
    {
        await bench.Database.ScalarAsync<int>(
            """
            WITH t AS (SELECT tenant_id FROM aix.tenants WHERE slug = 'globex'),
            rows AS (INSERT INTO aix.call_hours (tenant_id, day, hour, campaign_id, agent_id, language, variant, region, placed, answered, won, callbacks, opt_outs, abandoned, talk_seconds)
                     SELECT t.tenant_id, date '2026-09-28' + d, h, ('00000000-0000-0000-0000-' || lpad(c::text, 12, '0'))::uuid, '00000000-0000-0000-0000-000000000000', l, v, 'region ' || r, p.n, p.n / 4, p.n / 20, 0, 0, 0, p.n * 20
                     FROM t, generate_series(0, 55) d, generate_series(10, 20) h, generate_series(1, 20) c, unnest(ARRAY['en', 'hi']) l, unnest(ARRAY['A', 'B']) v, generate_series(1, 30) r, LATERAL (SELECT 4 + ((d * 7 + h * 3 + c + r) % 6) AS n) p RETURNING placed)
            SELECT sum(placed)::int FROM rows
            """);
        await bench.Database.ScalarAsync<int>(
            """
            WITH t AS (SELECT tenant_id FROM aix.tenants WHERE slug = 'globex'),
            rows AS (INSERT INTO aix.call_hour_totals SELECT h.tenant_id, day, hour, campaign_id, language, variant, sum(placed), sum(answered), sum(won), 0, 0, 0, sum(talk_seconds) FROM aix.call_hours h JOIN t USING (tenant_id) GROUP BY 1, 2, 3, 4, 5, 6 RETURNING placed)
            SELECT sum(placed)::int FROM rows
            """);
        await using (var connection = await bench.Database.Sources.Owner.OpenConnectionAsync())
        {
            await using var analyze = connection.CreateCommand();
            analyze.CommandText = "ANALYZE aix.call_hours; ANALYZE aix.call_hour_totals";
            await analyze.ExecuteNonQueryAsync();
        }

        using var globex = bench.ApiOf("demo-globex-key");
        var times = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            var watch = Stopwatch.StartNew();
            (await globex.GetAsync("/api/v1/analytics/heatmap?from=2026-09-28&to=2026-11-22" + (i % 4) switch { 0 => "", 1 => "&language=hi", 2 => "&region=region 7", _ => "&campaignId=00000000-0000-0000-0000-000000000007" })).EnsureSuccessStatusCode();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        return Statistics.Percentile(times, 0.95);
    }

    private static void Note(string text) => Console.Error.WriteLine($"… {text}");
}
