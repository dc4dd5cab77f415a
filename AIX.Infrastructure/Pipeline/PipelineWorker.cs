using AIX.Core.Pipeline;
using AIX.Core.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIX.Infrastructure.Pipeline;

/// <summary>Workers of this node: claim, run, repeat; sleep when there is nothing until woken.</summary>
internal sealed partial class PipelineWorker(IServiceScopeFactory scopes, IPipelineQueue queue, PipelineOptions options, WorkSignals signals, PipelineMeter meter, TimeProvider time, ILogger<PipelineWorker> logger)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Workers).Select(_ => Task.Run(() => WorkAsync(stoppingToken), stoppingToken)));

    private async Task WorkAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var woken = signals.Runs.Next();
            try
            {
                if (await queue.ClaimAsync(options.BatchSize, TimeSpan.FromSeconds(options.LeaseSeconds), ct) is { } batch)
                {
                    await RunAsync(batch, ct);
                    continue;
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception ex)
            {
                ClaimFailed(ex);
            }

            await WorkSignals.WaitAsync(woken, TimeSpan.FromSeconds(options.PollSeconds), time, ct);
        }
    }

    private async Task RunAsync(ClaimedBatch batch, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<RunStages>().ExecuteAsync(batch, ct);
            meter.Done(batch.Runs.Count);
        }
        catch (LeaseLostException)
        {
            LeaseLost(batch.Runs.Count);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (StageFailedException ex) when (ex.Batch.Runs.Count > 1)
        {
            // One bad lead must not hold up the others: each is tried alone from the failed stage on, and only the bad one fails.
            BatchFailed(ex, ex.Batch.Runs.Count);
            foreach (var run in ex.Batch.Runs)
            {
                await RunAsync(ex.Batch with { Runs = [run] }, ct);
            }
        }
        catch (StageFailedException ex)
        {
            RunFailed(ex, ex.Batch.Runs[0].Id);
            meter.Failed();
            await queue.FailAsync(ex.Batch, Describe(ex.InnerException!), time.GetUtcNow(), ct);
        }
    }

    /// <summary>What a person may see of it: kind and message, no trace.</summary>
    private static string Describe(Exception ex)
    {
        var text = $"{ex.GetType().Name}: {ex.Message}";
        return text.Length > 500 ? text[..500] : text;
    }

    [LoggerMessage(LogLevel.Error, "Claiming failed; the worker waits and goes on")]
    private partial void ClaimFailed(Exception ex);

    [LoggerMessage(LogLevel.Warning, "The lease of {Count} runs went to another worker")]
    private partial void LeaseLost(int count);

    [LoggerMessage(LogLevel.Warning, "A batch of {Count} runs failed; each is tried alone")]
    private partial void BatchFailed(Exception ex, int count);

    [LoggerMessage(LogLevel.Error, "Run {RunId} failed")]
    private partial void RunFailed(Exception ex, long runId);
}
