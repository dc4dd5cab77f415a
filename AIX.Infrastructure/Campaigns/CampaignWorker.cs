using AIX.Core.Campaigns;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIX.Infrastructure.Campaigns;

/// <summary>Runs campaigns on this node, some times a second.</summary>
internal sealed partial class CampaignWorker(RunCampaigns run, RecallCalls recall, CampaignOptions options, TimeProvider time, ILogger<CampaignWorker> logger) : BackgroundService
{
    private static readonly TimeSpan RecallEvery = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Runs)
        {
            return;
        }

        run.Failed += Broke;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(options.BeatMilliseconds), time);
        var recalled = System.Diagnostics.Stopwatch.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await run.ExecuteAsync(stoppingToken);
                    if (System.Diagnostics.Stopwatch.GetElapsedTime(recalled) > RecallEvery)
                    {
                        recalled = System.Diagnostics.Stopwatch.GetTimestamp();
                        await recall.ExecuteAsync(stoppingToken);
                    }
                }
                catch (Exception ex) when (ex is not OperationCanceledException)
                {
                    Stopped(ex);
                }
            }
        }
        finally
        {
            await run.DrainAsync();
            run.Failed -= Broke;
        }
    }

    [LoggerMessage(LogLevel.Error, "Running campaigns stopped on an error; it goes on with the next beat")]
    private partial void Stopped(Exception ex);

    [LoggerMessage(LogLevel.Error, "An attempt of a campaign broke on the way; its lead is taken up again when the lease runs out")]
    private partial void Broke(Exception ex);
}
