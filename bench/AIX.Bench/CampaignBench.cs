using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

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
        var flightLeads = int.Parse(options.Text("preflight") ?? "100000", CultureInfo.InvariantCulture);
        await using var bench = await CampaignRehearsal.StartAsync(speed);
        Note($"pre-flight of {flightLeads} leads");
        var large = flightLeads > 0 ? await bench.PreFlightAsync(flightLeads) : (double?)null;
        Note($"{leads} leads");
        var (forbidden, numbers) = await bench.LeadsAsync("main", 0, leads);
        _ = await bench.LeadsAsync("past", HistoryFrom, HistoryCalls, all: true);
        Note("history");
        await bench.RunToEndAsync(await bench.CreateAsync("History", "past", 1, 1));
        if (leads == 0)
        {
            var cost = await CostAsync(bench);
            Console.WriteLine(JsonSerializer.Serialize(new { bench = "campaign", speed, dispatcherCpuMsPerCall = Math.Round(cost, 2), preflightLeads = flightLeads, preflightSeconds = large }));
            return 0;
        }

        // Built and approved before the lines open; the clock need not run fast through that, and the first call is at the opening, as foreseen.
        bench.JumpTo(Monday.AddDays(1).AddHours(-5));
        var id = await bench.CreateAsync("Main", "main", 3, 1, launch: false);
        var bypassed = await bench.BypassAsync(id);
        Note("pre-flight");
        var watch = Stopwatch.StartNew();
        var flight = await (await bench.Api.PostAsync($"/api/v1/campaigns/{id}/preflight", null)).Content.ReadFromJsonAsync<JsonElement>();
        var preflight = watch.Elapsed.TotalSeconds;
        Note($"pre-flight: {flight.GetProperty("allowed")} of {flight.GetProperty("audience")}, {flight.GetProperty("calls")} calls in {flight.GetProperty("dialHours")} hours");
        await bench.LaunchAsync(id);
        await bench.AudienceAsync(id);
        bench.JumpTo(Monday.AddDays(1).AddSeconds(-30));
        var (calls, seconds) = await bench.RunToEndAsync(id, flight.GetProperty("calls").GetInt32() / 2, bench.TroubleAsync);

        Note("counting");
        var log = (await bench.LogAsync()).Where(r => numbers.Contains(r.Number)).ToList();
        var hours = OpenHours(log.Min(r => r.At), log.Max(r => r.At));
        var attempts = await bench.Database.ScalarAsync<long>($"SELECT count(*) FROM aix.calls WHERE campaign_id = '{id}'");
        var lost = await bench.LostAsync(id, [.. log.Select(r => r.Attempt).Distinct()]);
        var cpu = await CostAsync(bench);
        Note("five million calls");
        var heat = await CampaignHeat.P95Async(bench);
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
            attemptsLost = lost,
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

    /// <summary>What a call costs both nodes, callees busy at once. Last, because these calls are no history of the others.</summary>
    /// <returns>Milliseconds of processor.</returns>
    private static async Task<double> CostAsync(CampaignRehearsal bench)
    {
        bench.JumpTo(CampaignRehearsal.NextMorning(bench.Now));
        _ = await bench.LeadsAsync("busy", BusyFrom, BusyCalls, all: true);

        // What the calls before left to fetch is no part of these.
        var watch = Stopwatch.StartNew();
        while (await bench.Database.ScalarAsync<long>("SELECT count(*) FROM aix.call_recordings WHERE status = 'completed' AND deleted_at_provider IS NULL") is > 0 and var left)
        {
            if (watch.Elapsed > TimeSpan.FromMinutes(3))
            {
                Note($"{left} recordings are not fetched after three minutes; the cost of a call includes trying");
                break;
            }

            await Task.Delay(500);
        }

        // From the moment it dials: the browser that launches it is no part of the dispatcher.
        Note("callees busy at once: what a call costs");
        var busy = await bench.CreateAsync("Busy", "busy", 1, 4);
        var (before, placed) = (bench.CpuMs(), await bench.CallsAsync(busy));
        var (calls, _) = await bench.RunToEndAsync(busy);
        var cost = (bench.CpuMs() - before) / (calls - placed);
        Note($"{cost:0.0} ms of processor a call");
        return cost;
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

    private static void Note(string text) => Console.Error.WriteLine($"… {text}");
}
