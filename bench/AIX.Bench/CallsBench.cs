using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AIX.Core.Conversations;

namespace AIX.Bench;

/// <summary>Two thousand simulated calls over a bad network: every attempt ends once, nobody is called twice, no webhook waits.</summary>
internal static class CallsBench
{
    private const int AtOnce = 50;

    public static async Task<int> RunAsync(string[] args)
    {
        var count = int.Parse(Options.Parse(args).Text("calls") ?? "2000", System.Globalization.CultureInfo.InvariantCulture);
        await using var database = await BenchDatabase.StartAsync();
        await using var node = await AixProcess.StartAsync(environment: new Dictionary<string, string>
        {
            ["Database__ConnectionString"] = database.ConnectionString,
            ["Calls__SimulatorSpeed"] = "15",
            ["Calls__SimulatorClock"] = "2026-11-23T12:00:00+05:30",
            ["Calls__SimulatorFaults"] = "duplicated=0.05 lost=0.05 reordered=0.1 timeouts=0.02",
            ["Calls__SilentSeconds"] = "15",
            ["Calls__UncertainSeconds"] = "30",
            ["Calls__HandOverNumber"] = "+911111199999",
            ["Api__RequestsPerSecond"] = "5000",
            ["Api__Burst"] = "5000",
        });
        using var http = new HttpClient { BaseAddress = node.Url, Timeout = TimeSpan.FromSeconds(60), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", "demo-acme-key") } };
        Console.Error.WriteLine($"… {count} leads");
        var leads = await LeadsAsync(http, count);
        Console.Error.WriteLine("… calls");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var placed = await PlaceAsync(http, database, leads);

        // What was lost on the way is settled by the sweep.
        var until = System.Diagnostics.Stopwatch.StartNew();
        while (until.Elapsed < TimeSpan.FromSeconds(120) && await database.ScalarAsync<long>("SELECT count(*) FROM aix.calls WHERE NOT wrapped_up") > 0)
        {
            await Task.Delay(500);
        }

        var figures = await http.GetFromJsonAsync<JsonElement>("/sim/twilio/figures");
        var latencies = figures.GetProperty("latencies").EnumerateArray().Select(l => l.GetDouble()).ToList();
        var turn = await database.ScalarAsync<double>("SELECT coalesce(percentile_cont(0.95) WITHIN GROUP (ORDER BY decision_ms), 0)::float8 FROM aix.call_turns WHERE decision_ms IS NOT NULL");
        var (accuracy, outOfScope) = Intents();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "calls",
            attempts = await database.ScalarAsync<long>("SELECT count(*) FROM aix.calls"),
            placed,
            unterminated = await database.ScalarAsync<long>("SELECT count(*) FROM aix.calls WHERE state < 5 OR NOT wrapped_up"),
            calledTwice = Math.Max(0, figures.GetProperty("perAttempt").GetInt32() - 1),
            hung = figures.GetProperty("open").GetInt32(),
            webhookP95Ms = Math.Round(Statistics.Percentile(latencies, 0.95), 1),
            webhookP50Ms = Math.Round(Statistics.Percentile(latencies, 0.5), 1),
            webhooks = latencies.Count,
            turnP95Ms = Math.Round(turn, 1),
            seconds = Math.Round(watch.Elapsed.TotalSeconds, 1),
            transports = new { gather = await database.ScalarAsync<long>("SELECT count(*) FROM aix.calls WHERE transport = 0"), relay = await database.ScalarAsync<long>("SELECT count(*) FROM aix.calls WHERE transport = 1") },
            intentAccuracy = accuracy,
            outOfScopeRecall = outOfScope,
            optOutRecall = IntentCorpus.Languages.ToDictionary(l => l, l => OptOut(l).Recall),
            optOutPrecision = IntentCorpus.Languages.ToDictionary(l => l, l => OptOut(l).Precision),
        }));
        return 0;
    }

    private static async Task<List<Guid>> LeadsAsync(HttpClient http, int count)
    {
        var leads = new List<Guid>();
        for (var from = 0; from < count; from += 500)
        {
            var answer = await http.PostAsJsonAsync("/api/v1/leads", Enumerable.Range(from, Math.Min(500, count - from)).Select(i => new { name = $"Lead {i} Example", company = $"Company {i % 97} Example", phone = $"+9111111{i:00000}", email = $"lead{i}@bench.example.com" }));
            leads.AddRange((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("leadId").GetGuid()));
        }

        await Consents.GiveAsync(http, Enumerable.Range(0, count).Select(i => $"+9111111{i:00000}"));
        return leads;
    }

    /// <summary>At most fifty that have not ended; a fifth of them over a WebSocket.</summary>
    private static async Task<int> PlaceAsync(HttpClient http, BenchDatabase database, List<Guid> leads)
    {
        var placed = 0;
        for (var next = 0; next < leads.Count;)
        {
            var open = await database.ScalarAsync<long>("SELECT count(*) FROM aix.calls WHERE state < 5");
            var batch = leads.Skip(next).Take((int)Math.Max(0, AtOnce - open)).Select((lead, i) => (Lead: lead, Index: next + i)).ToList();
            next += batch.Count;
            var answers = await Task.WhenAll(batch.Select(b => http.PostAsJsonAsync("/api/v1/calls", new { leadId = b.Lead, language = b.Index % 2 == 0 ? "en" : "hi", transport = b.Index % 5 == 0 ? "relay" : "gather" })));
            placed += answers.Count(a => a.IsSuccessStatusCode);
            if (answers.FirstOrDefault(a => !a.IsSuccessStatusCode) is { } refused)
            {
                Console.Error.WriteLine(await refused.Content.ReadAsStringAsync());
            }

            await Task.Delay(100);
        }

        return placed;
    }

    private static (Dictionary<string, double> Accuracy, double OutOfScope) Intents()
    {
        var model = IntentModel.Train([.. IntentCorpus.All.Where(r => !IntentCorpus.IsTest(r)).Select(r => (r.Text, r.Intent))], IntentTraining.OfCalls);
        var test = IntentCorpus.All.Where(r => IntentCorpus.IsTest(r)).ToList();
        var outside = test.Where(r => r.Intent == IntentModel.OutOfScope).ToList();
        return (IntentCorpus.Languages.ToDictionary(l => l, l =>
        {
            var rows = test.Where(r => r.Language == l && r.Intent != IntentModel.OutOfScope).ToList();
            return Math.Round(IntentMetrics.Accuracy(rows.ConvertAll(r => r.Intent), rows.ConvertAll(r => RuleChecks.IntentOf(model, r.Text))), 3);
        }), Math.Round(outside.Count(r => model.Classify(r.Text).Label == IntentModel.OutOfScope) / (double)outside.Count, 3));
    }

    private static (double Recall, double Precision) OptOut(string language)
    {
        var rows = RuleChecks.Of(language).Select(r => (r.IsOptOut, Said: CallRules.Check(r.Text) == RuleVerdict.OptOut)).ToList();
        var right = rows.Count(r => r is { IsOptOut: true, Said: true });
        return (Math.Round(right / (double)rows.Count(r => r.IsOptOut), 4), Math.Round(right / (double)Math.Max(1, rows.Count(r => r.Said)), 4));
    }
}
