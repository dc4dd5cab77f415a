using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Learning;
using AIX.Core.Leads;
using AIX.Core.Pipeline;
using AIX.Core.Profiles;
using AIX.Core.Scoring;
using AIX.Core.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace AIX.Bench;

/// <summary>
/// A promotion over a million leads: the leads are written into the tables as the pipeline leaves them (snapshots by the product's own writer), a model is trained on 20,000 of them by the
/// product's own use case and promoted, and the product scores all leads again: score, interval, band, history.
/// </summary>
internal static class RescoreBench
{
    private const int Outcomes = 20_000;

    private const int Explained = 500;

    private static readonly string[] Titles = ["CEO", "Head of HR", "HR Manager", "Payroll Analyst", "Director Finance", "Intern"];
    private static readonly string[] Cities = ["Nashik", "Indore", "Kochi", "Jaipur", "Hyderabad", "Kolkata", "Ludhiana"];
    private static readonly string[] Sources = ["Referral", "Webinar", "Bought list", "Trade fair"];
    private static readonly string[] Sectors = ["Manufacturing", "Software", "Healthcare", "Logistics", "Education", "Retail"];

    public static async Task<int> RunAsync(string[] args)
    {
        var count = args is ["--leads", var n, ..] ? int.Parse(n, CultureInfo.InvariantCulture) : 1_000_000;
        await using var database = await BenchDatabase.StartAsync();
        var tenant = await database.TenantAsync("bench");
        var services = database.Services;
        Say($"writing {count} leads");
        var snapshots = await FillAsync(database, tenant, count);

        Say("training");
        var watch = Stopwatch.StartNew();
        var trained = await services.GetRequiredService<TrainModel>().ExecuteAsync(tenant, Actor.System, "manual", new HashSet<string>(), CancellationToken.None);
        var model = (await services.GetRequiredService<IServingModels>().FindAsync(tenant, trained.Value, CancellationToken.None))!.Model;
        var trainSeconds = watch.Elapsed.TotalSeconds;
        (await services.GetRequiredService<PromoteModel>().ExecuteAsync(tenant, Actor.System, trained.Value, CancellationToken.None)).Value.ToString(CultureInfo.InvariantCulture);

        Say($"{model.Family}: preview, then all leads");
        watch.Restart();
        var preview = await services.GetRequiredService<PreviewPromotion>().ExecuteAsync(tenant, trained.Value, CancellationToken.None);
        var previewSeconds = watch.Elapsed.TotalSeconds;
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        watch.Restart();
        var rescored = await services.GetRequiredService<RescoreLeads>().ExecuteAsync(tenant, CancellationToken.None);
        var seconds = watch.Elapsed.TotalSeconds;
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;

        var missing = await database.ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings WHERE tenant_id = $1 AND (model_version <> $2 OR band IS NULL OR score_low > score OR score_high < score)", tenant.Value, trained.Value);
        var history = await database.ScalarAsync<long>("SELECT count(*) FROM aix.lead_scores WHERE tenant_id = $1 AND model_version = $2 AND band IS NOT NULL", tenant.Value, trained.Value);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "rescore",
            leads = rescored,
            rescoreSeconds = Math.Round(seconds, 2),
            leadsPerSecond = Math.Round(rescored / seconds),
            programCpuSeconds = Math.Round(cpu.TotalSeconds, 1),
            scoreMicrosecondsPerRow = Math.Round(ScoreMicroseconds(model, await services.GetRequiredService<IProfileStore>().CurrentAsync(tenant, CancellationToken.None), snapshots), 2),
            shapMicrosecondsPerRow = Math.Round(BoostingShapMicroseconds(snapshots), 1),
            ledgerMicrosecondsPerRow = Math.Round(ExplainMicroseconds(model, snapshots), 1),
            previewSeconds = Math.Round(previewSeconds, 2),
            previewChanging = preview.Value?.Changing,
            missing,
            history,
            trainSeconds = Math.Round(trainSeconds, 1),
            chosenModel = model.Family,
            members = model.Members.ToDictionary(m => m.Name, m => Math.Round(m.Weight, 2)),
            yardstickMicrosecondsPerRow = Math.Round(await YardstickAsync(database, tenant), 2),
        }));
        return missing == 0 && history == rescored ? 0 : 1;
    }

    /// <summary>What one UPDATE of every standing costs PostgreSQL alone, in the same run: neither read nor scored, no history.</summary>
    private static async Task<double> YardstickAsync(BenchDatabase database, TenantId tenant)
    {
        await using var connection = await database.Sources.Owner.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("UPDATE aix.lead_standings SET score = 1 - score WHERE tenant_id = $1 AND lead_id IN (SELECT lead_id FROM aix.lead_standings WHERE tenant_id = $1 ORDER BY lead_id LIMIT 100000)", connection) { CommandTimeout = 300 };
        command.Parameters.Add(new NpgsqlParameter { Value = tenant.Value });
        var watch = Stopwatch.StartNew();
        var rows = await command.ExecuteNonQueryAsync();
        return 1e6 * watch.Elapsed.TotalSeconds / rows;
    }

    private static double ScoreMicroseconds(TrainedModel model, IdealCustomerProfile icp, List<byte[]> snapshots)
    {
        var leads = snapshots.Take(RescoreLeads.Chunk).Select((s, i) => new LeadSnapshot(Guid.Empty, i, Band.Cold, 1, s)).ToArray();
        var best = double.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var watch = Stopwatch.StartNew();
            ScoreLeads.Again(leads, icp, model, TimeProvider.System.GetUtcNow());
            best = Math.Min(best, 1e6 * watch.Elapsed.TotalSeconds / leads.Length);
        }

        return best;
    }

    private static double ExplainMicroseconds(TrainedModel model, List<byte[]> snapshots)
    {
        var now = TimeProvider.System.GetUtcNow();
        var leads = snapshots.Take(Explained).Select(s => SnapshotCodec.Read(s)).ToList();
        _ = Ledger.Of(leads[0], model, now);
        var watch = Stopwatch.StartNew();
        foreach (var lead in leads)
        {
            _ = Ledger.Of(lead, model, now);
        }

        return 1e6 * watch.Elapsed.TotalSeconds / leads.Count;
    }

    /// <summary>Exact TreeSHAP of boosting alone, whatever the comparison chose.</summary>
    private static double BoostingShapMicroseconds(List<byte[]> snapshots)
    {
        var table = FeatureTable.OfSnapshots([.. snapshots.Take(5000)], new double[5000], Features(new Random(1), 0).Features.Select(f => f.Name));
#pragma warning disable CA5394 // Invented data, no secrets.
        var random = new Random(3);
        var labels = snapshots.Take(5000).Select(s => Won(random, SnapshotCodec.Read(s)) ? 1.0 : 0).ToArray();
#pragma warning restore CA5394
        return ExplainMicroseconds(ModelTrainer.Train(new TrainingData(table, labels, null, false), new TrainingOptions { Model = ModelTrainer.Boosting }).Value!, snapshots);
    }

    private static async Task<List<byte[]>> FillAsync(BenchDatabase database, TenantId tenant, int count)
    {
        var random = new Random(11);
        var now = TimeProvider.System.GetUtcNow();
        var kept = new List<byte[]>();
        var leads = new (Guid Id, byte[] Snapshot, double Score, bool Won)[50_000];
        for (var from = 0; from < count; from += leads.Length)
        {
            var size = Math.Min(leads.Length, count - from);
            for (var i = 0; i < size; i++)
            {
                var (features, score) = Features(random, from + i);
                leads[i] = (Guid.CreateVersion7(now.AddMilliseconds(from + i - count)), SnapshotCodec.Write(features), score, Won(random, features));
                if (kept.Count < 10_000)
                {
                    kept.Add(leads[i].Snapshot);
                }
            }

            await using var connection = await database.Sources.Owner.OpenConnectionAsync();
            await CopyAsync(connection, "aix.leads (tenant_id, id, name, company, city, title, attributes, source_kind, version, created_at, recorded_at, updated_at)", size, i =>
                [tenant.Value, leads[i].Id, $"Lead {from + i}", $"Company {i % 9973}", Cities[i % Cities.Length], Titles[i % Titles.Length], "{}", (short)1, 1, now, now, now]);
            await CopyAsync(connection, "aix.lead_standings (tenant_id, lead_id, state, band, score, score_low, score_high, uncertain, top_reason, model_version, icp_version, snapshot, scored_at)", size, i =>
                [tenant.Value, leads[i].Id, (short)(leads[i].Score > 0.85 ? 2 : leads[i].Score > 0.5 ? 3 : 4), (short)(leads[i].Score > 0.85 ? 2 : leads[i].Score > 0.5 ? 1 : 0), leads[i].Score, leads[i].Score / 2, (1 + leads[i].Score) / 2, false, "engagement|visits 3|+", 1, 1, (long)(from + i + 1), now]);
            await CopyAsync(connection, "aix.feature_snapshots (tenant_id, run_id, lead_id, at, features)", size, i => [tenant.Value, (long)(from + i + 1), leads[i].Id, now.AddDays(-2), leads[i].Snapshot]);
            await CopyAsync(connection, "aix.lead_scores (tenant_id, run_id, lead_id, at, probability, low, high, model_version, icp_version, snapshot)", size, i => [tenant.Value, (long)(from + i + 1), leads[i].Id, now.AddDays(-2), leads[i].Score, leads[i].Score / 2, (1 + leads[i].Score) / 2, 1, 1, (long)(from + i + 1)]);
            await CopyAsync(connection, "aix.lead_outcomes (tenant_id, id, lead_id, result, occurred_at, recorded_at)", Math.Clamp(Outcomes - from, 0, size), i => [tenant.Value, Guid.CreateVersion7(now), leads[i].Id, (short)(leads[i].Won ? 1 : 0), now.AddMinutes(-Outcomes + from + i), now]);
        }

        await database.ScalarAsync<long>("SELECT setval('aix.pipeline_runs_id_seq', $1)", (long)count + 1);
        await using var analyze = await database.Sources.Owner.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("VACUUM ANALYZE aix.leads, aix.lead_standings, aix.feature_snapshots, aix.lead_scores, aix.lead_outcomes; CHECKPOINT", analyze) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
        return kept;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string target, int rows, Func<int, object[]> row)
    {
        await using var writer = await connection.BeginBinaryImportAsync($"COPY {target} FROM STDIN (FORMAT BINARY)");
        for (var i = 0; i < rows; i++)
        {
            await writer.StartRowAsync();
            foreach (var value in row(i))
            {
                await (value is "{}" ? writer.WriteAsync("{}", NpgsqlDbType.Jsonb) : writer.WriteAsync(value));
            }
        }

        await writer.CompleteAsync();
    }

#pragma warning disable CA5394 // Invented data, no secrets.
    /// <summary>Seven sub-scores and nine raw features, some unknown: what an import with six columns of its own leaves behind.</summary>
    private static (List<Feature> Features, double Score) Features(Random random, int i)
    {
        var id = new Guid(i, 7, 7, [1, 2, 3, 4, 5, 6, 7, 8]);
        Feature Sub(string name, double known) => random.NextDouble() < known ? new Feature(name, Math.Round(random.NextDouble(), 3), "412", [id]) : new Feature(name, null, null, []);
        Feature Number(string name, double value) => new("attr." + name, value, value.ToString("0.######", CultureInfo.InvariantCulture), [id], FeatureKind.Number);
        Feature Level(string name, string[] levels) => new(name, null, levels[random.Next(levels.Length)], [id], FeatureKind.Text);
        List<Feature> features =
        [
            Sub("companySize", 0.8), Sub("industry", 0.7), Sub("territory", 0.95), Sub("seniority", 0.9), Sub("technologies", 0.2), Sub("engagement", 0.6), Sub("reachability", 1),
            Level("lead.title", Titles), Level("lead.city", Cities), Level("attr.lead source", Sources), Level("attr.sector", Sectors),
            Number("total visits", random.Next(20)), Number("page views", Math.Round(Math.Exp(3 * random.NextDouble()), 2)), Number("minutes on site", random.Next(2000)),
            new Feature("attr.last seen", 20_000 + random.Next(400), "2025-01-01", [id], FeatureKind.Date), Level("fact.emailKind", ["personal", "company"]),
        ];
        if (random.NextDouble() < 0.1)
        {
            features.RemoveAt(11);
        }

        return (features, 0.02 + 0.96 * random.NextDouble());
    }

    private static bool Won(Random random, IReadOnlyList<Feature> features)
    {
        var known = features.ToDictionary(f => f.Name);
        var (source, visits) = (known["attr.lead source"].Shown, known.GetValueOrDefault("attr.total visits")?.Value ?? 5);
        var logit = -1.5 + (source == "Referral" ? 1.2 : source == "Bought list" ? -1 : 0) + 0.15 * (visits - 8) * (source == "Webinar" ? 1.6 : 0.7) + 0.8 * ((known["engagement"].Value ?? 0.5) - 0.5) + 0.4 * Math.Log(known["attr.page views"].Value!.Value);
        return random.NextDouble() < 1 / (1 + Math.Exp(-logit));
    }
#pragma warning restore CA5394

    private static void Say(string what) => Console.Error.WriteLine($"… {what}");
}
