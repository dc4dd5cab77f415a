using AIX.Core.Calls;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIX.Infrastructure.Calls;

/// <summary>Looks after calls every two seconds, and every few minutes compares them with the provider's records.</summary>
internal sealed partial class CallWorker(KeepCalls keep, ReconcileCalls reconcile, IFlowBook flows, TimeProvider time, ILogger<CallWorker> logger) : BackgroundService
{
    private const int WarmAt = 4;
    private const int CompareEvery = 2;

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

            if (beat % CompareEvery == 1)
            {
                await ReconcileAsync(stoppingToken);
            }
        }
    }

    private async Task ReconcileAsync(CancellationToken ct)
    {
        try
        {
            if (await reconcile.ExecuteAsync(ct) is not { } done)
            {
                return;
            }

            foreach (var orphan in done.Orphans)
            {
                Orphan(orphan.Sid, orphan.Status, orphan.Created);
            }

            Reconciled(done.Seen, done.Settled, done.Corrected, done.Orphans.Count, done.Missing);
        }
        catch (Exception ex) when (ex is not OperationCanceledException)
        {
            NotReconciled(ex);
        }
    }

    [LoggerMessage(LogLevel.Error, "Looking after calls stopped on an error")]
    private partial void Failed(Exception ex);

    [LoggerMessage(LogLevel.Warning, "Call {Sid} ({Status}, since {Created}) is live at the provider and no attempt knows it")]
    private partial void Orphan(string sid, string status, DateTimeOffset? created);

    [LoggerMessage(LogLevel.Information, "Compared {Seen} calls with the provider's records: {Settled} settled, {Corrected} corrected, {Orphans} orphans, {Missing} missing there")]
    private partial void Reconciled(int seen, int settled, int corrected, int orphans, int missing);

    [LoggerMessage(LogLevel.Error, "Calls could not be compared with the provider's records")]
    private partial void NotReconciled(Exception ex);
}
