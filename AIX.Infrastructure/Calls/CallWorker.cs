using AIX.Core.Calls;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIX.Infrastructure.Calls;

/// <summary>Looks after calls every two seconds.</summary>
internal sealed partial class CallWorker(KeepCalls keep, IFlowBook flows, TimeProvider time, ILogger<CallWorker> logger) : BackgroundService
{
    private const int WarmAt = 4;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat, time);
        for (var beat = 0; await timer.WaitForNextTickAsync(stoppingToken); beat++)
        {
            if (beat == WarmAt)
            {
                // Not while the program starts and everybody wants the processors; a call before that brings it about itself.
                _ = flows.WarmAsync(stoppingToken);
            }

            try
            {
                await keep.ExecuteAsync(stoppingToken);
            }
            catch (Exception ex) when (ex is not OperationCanceledException)
            {
                Failed(ex);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Looking after calls stopped on an error")]
    private partial void Failed(Exception ex);
}
