using System.Diagnostics;
using AIX.Core.Pipeline;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using AIX.Infrastructure.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AIX.Bench;

/// <summary>The queue alone: claims and completions at batch 100, and the time from enqueue to claim when idle.</summary>
internal static class QueueBench
{
    private const int Runs = 200_000;
    private const int Batch = 100;

    public static async Task<double> ThroughputAsync(BenchDatabase database, TenantId tenant)
    {
        await EnqueueAsync(database, tenant, Runs);
        var queue = database.Services.GetRequiredService<IPipelineQueue>();
        var works = database.Services.GetRequiredService<IUnitOfWorkFactory>();
        var watch = Stopwatch.StartNew();
        var done = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => DrainAsync(queue, works))));
        watch.Stop();
        return done.Sum() == Runs ? Runs / watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"{done.Sum()} of {Runs} runs were done.");
    }

    public static async Task<double> LatencyP99Async(BenchDatabase database, TenantId tenant)
    {
        var listener = database.Services.GetServices<IHostedService>().OfType<Infrastructure.Live.DatabaseListener>().Single();
        await listener.StartAsync(CancellationToken.None);
        var signals = database.Services.GetRequiredService<WorkSignals>();
        var queue = database.Services.GetRequiredService<IPipelineQueue>();
        var works = database.Services.GetRequiredService<IUnitOfWorkFactory>();
        await using var connection = await database.Sources.Owner.OpenConnectionAsync();
        var samples = new List<double>();
        await Task.Delay(500);
        for (var i = 0; i < 1050; i++)
        {
            var claimed = ClaimWhenWokenAsync(signals, queue);
            await Task.Delay(2);
            await using var enqueue = connection.Command(
                "WITH r AS (INSERT INTO aix.pipeline_runs (tenant_id, lead_id) VALUES ($1, $2)) SELECT pg_notify('aix_work', $3)", tenant.Value, Guid.CreateVersion7(), tenant.ToString());
            await enqueue.ExecuteNonQueryAsync();
            var enqueued = Stopwatch.GetTimestamp();
            var (batch, at) = await claimed;
            if (i >= 50)
            {
                samples.Add(Math.Max(0, Stopwatch.GetElapsedTime(enqueued, at).TotalMilliseconds));
            }

            await CompleteAsync(queue, works, batch);
        }

        await listener.StopAsync(CancellationToken.None);
        return Statistics.Percentile(samples, 0.99);
    }

    private static async Task<(ClaimedBatch Batch, long At)> ClaimWhenWokenAsync(WorkSignals signals, IPipelineQueue queue)
    {
        while (true)
        {
            var woken = signals.Runs.Next();
            if (await queue.ClaimAsync(Batch, TimeSpan.FromMinutes(1), CancellationToken.None) is { } batch)
            {
                return (batch, Stopwatch.GetTimestamp());
            }

            await woken;
        }
    }

    private static async Task<int> DrainAsync(IPipelineQueue queue, IUnitOfWorkFactory works)
    {
        var done = 0;
        while (await queue.ClaimAsync(Batch, TimeSpan.FromMinutes(1), CancellationToken.None) is { } batch)
        {
            await CompleteAsync(queue, works, batch);
            done += batch.Runs.Count;
        }

        return done;
    }

    private static async Task CompleteAsync(IPipelineQueue queue, IUnitOfWorkFactory works, ClaimedBatch batch)
    {
        await using var work = await works.BeginAsync(batch.TenantId, CancellationToken.None);
        await queue.AdvanceAsync(work, batch, null, DateTimeOffset.MaxValue, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private static async Task EnqueueAsync(BenchDatabase database, TenantId tenant, int count)
    {
        await using var connection = await database.Sources.Owner.OpenConnectionAsync();
        await using var command = connection.Command("INSERT INTO aix.pipeline_runs (tenant_id, lead_id) SELECT $1, gen_random_uuid() FROM generate_series(1, $2)", tenant.Value, count);
        await command.ExecuteNonQueryAsync();
        await using var analyze = connection.Command("VACUUM ANALYZE aix.pipeline_runs");
        await analyze.ExecuteNonQueryAsync();
    }
}
