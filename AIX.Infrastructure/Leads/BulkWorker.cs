using AIX.Core.Leads;
using AIX.Infrastructure.Pipeline;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIX.Infrastructure.Leads;

/// <summary>Takes bulk work, one job at a time per node, woken by a start or by the poll that finds jobs whose node died.</summary>
internal sealed partial class BulkWorker(IBulkStore store, WorkSignals signals, TimeProvider time, ILogger<BulkWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>Does one job to its end.</summary>
    /// <returns>False when there was none.</returns>
    public static async Task<bool> RunOneAsync(IBulkStore store, TimeProvider time, CancellationToken ct)
    {
        if (await store.ClaimAsync(time.GetUtcNow(), Lease, ct) is not { } claim)
        {
            return false;
        }

        try
        {
            while (await store.StepAsync(claim, Lease, ct))
            {
                // The next chunk.
            }
        }
        catch (Exception ex) when (ex is not OperationCanceledException)
        {
            await store.FailAsync(claim, ex.Message, ct);
            throw;
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var woken = signals.Bulk.Next();
            try
            {
                if (await RunOneAsync(store, time, stoppingToken))
                {
                    continue;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception ex)
            {
                Failed(ex);
            }

            await WorkSignals.WaitAsync(woken, Poll, time, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Error, "Bulk work stopped on an error")]
    private partial void Failed(Exception ex);
}
