using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace AIX.Bench;

/// <summary>Leads in, scores out: import against COPY, pipeline, memory, lead table, browser, queue.</summary>
internal static class IntakeBench
{
    internal const string Key = "bench-key-of-this-run-only";

    public static async Task<int> RunAsync(string[] args)
    {
        var rows = args is ["--rows", var n, ..] ? int.Parse(n, CultureInfo.InvariantCulture) : 100_000;
        await using var database = await BenchDatabase.StartAsync();
        var provisioner = database.Services.GetRequiredService<TenantProvisioner>();
        var tenants = database.Services.GetRequiredService<ITenantStore>();
        var yardstick = await database.TenantAsync("yardstick");
        var again = await database.TenantAsync("yardstick-again");
        var queueTenant = await database.TenantAsync("queue");
        var tenant = await database.TenantAsync("bench");
        await provisioner.AddApiKeyAsync(tenant, "bench", Key, Permission.All, null, CancellationToken.None);
        await provisioner.AddUserAsync(tenant, "admin@bench.example.com", "Bench Admin", Role.Admin, "Demo-2026!", CancellationToken.None);

        Say("queue");
        var queueRuns = await QueueBench.ThroughputAsync(database, queueTenant);
        var claimP99 = await QueueBench.LatencyP99Async(database, queueTenant);

        Say("COPY and import");
        var file = BenchFile.Make(rows, 1);
        var copyBefore = await CopyYardstick.RunAsync(database, await tenants.GetAsync(yardstick, CancellationToken.None), file);
        double importRate;
        double peak;
        await using (var node = await AixProcess.StartAsync(environment: Environment(database, workers: 0)))
        {
            importRate = await ImportAsync(database, node, file);
            peak = PeakMegabytes(node.Id);
        }

        var copyAfter = await CopyYardstick.RunAsync(database, await tenants.GetAsync(again, CancellationToken.None), file);
        // Measured on both sides of the import, because the machine is not the same from minute to minute.
        var copyRate = (copyBefore + copyAfter) / 2;
        Say($"COPY before {copyBefore:0}, after {copyAfter:0} rows/s");

        Say("pipeline");
        double pipelineRate;
        LoadFigures figures;
        await using (var node = await AixProcess.StartAsync(environment: Environment(database, workers: 2)))
        {
            pipelineRate = await DrainAsync(database, tenant);
            Say("lead table and browser during an import");
            figures = await LoadBench.RunAsync(database, node, tenant);
            peak = Math.Max(peak, PeakMegabytes(node.Id));
        }

        Console.WriteLine(JsonSerializer.Serialize(new
        {
            copyRowsPerSecond = Math.Round(copyRate),
            importRowsPerSecond = Math.Round(importRate),
            importRatio = Math.Round(importRate / copyRate, 3),
            pipelineLeadsPerSecond = Math.Round(pipelineRate),
            peakMemoryMb = Math.Round(peak),
            leadTableP95Ms = Math.Round(figures.LeadTableP95Ms, 1),
            scoreToBrowserP95Ms = Math.Round(figures.ScoreToBrowserP95Ms, 1),
            queueRunsPerSecond = Math.Round(queueRuns),
            enqueueToClaimP99Ms = Math.Round(claimP99, 2),
        }));
        return 0;
    }

    public static async Task<Guid> UploadAsync(AixProcess node, byte[] file)
    {
        using var http = Client(node);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "file", "bench.csv" } };
        using var answer = await http.PostAsync("/api/v1/imports", form);
        answer.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetGuid();
    }

    public static HttpClient Client(AixProcess node) =>
        new() { BaseAddress = node.Url, Timeout = TimeSpan.FromMinutes(5), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Key) } };

    private static async Task<double> ImportAsync(BenchDatabase database, AixProcess node, byte[] file)
    {
        var id = await UploadAsync(node, file);
        while (await database.ScalarAsync<short>("SELECT state FROM aix.imports WHERE id = $1", id) == 1)
        {
            await Task.Delay(100);
        }

        // The import's own clock: from its start to the commit of its last row.
        return await database.ScalarAsync<double>("SELECT accepted / extract(epoch FROM ended_at - started_at)::float8 FROM aix.imports WHERE id = $1 AND state = 2", id);
    }

    private static async Task<double> DrainAsync(BenchDatabase database, TenantId tenant)
    {
        var watch = Stopwatch.StartNew();
        var before = await database.ScalarAsync<long>("SELECT count(*) FROM aix.pipeline_runs WHERE tenant_id = $1", tenant.Value);
        while (await database.ScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM aix.pipeline_runs WHERE tenant_id = $1)", tenant.Value))
        {
            await Task.Delay(50);
        }

        return before / watch.Elapsed.TotalSeconds;
    }

    private static Dictionary<string, string> Environment(BenchDatabase database, int workers) => new()
    {
        ["Database__ConnectionString"] = database.ConnectionString,
        ["Pipeline__Workers"] = workers.ToString(CultureInfo.InvariantCulture),
        ["Api__RequestsPerSecond"] = "1000",
    };

    /// <summary>VmHWM: the most that the process ever held.</summary>
    private static double PeakMegabytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static void Say(string what) => Console.Error.WriteLine($"… {what}");
}
