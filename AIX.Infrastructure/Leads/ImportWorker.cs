using AIX.Core.Leads.Import;
using AIX.Infrastructure.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIX.Infrastructure.Leads;

/// <summary>Takes running imports, one at a time per node, woken by a start or by the poll that finds those whose node died.</summary>
internal sealed partial class ImportWorker(IServiceScopeFactory scopes, WorkSignals signals, TimeProvider time, ILogger<ImportWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _ = ImportWarmUp.RunAsync(time, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var woken = signals.Imports.Next();
            try
            {
                if (await RunOneAsync(stoppingToken))
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
                ImportFailed(ex);
            }

            await WorkSignals.WaitAsync(woken, Poll, time, stoppingToken);
        }
    }

    private async Task<bool> RunOneAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var imports = scope.ServiceProvider.GetRequiredService<IImportStore>();
        if (await imports.ClaimAsync(time.GetUtcNow(), RunImport.Lease, ct) is not { } claim)
        {
            return false;
        }

        await scope.ServiceProvider.GetRequiredService<RunImport>().ExecuteAsync(claim, ct);
        return true;
    }

    [LoggerMessage(LogLevel.Error, "An import stopped on an error; it is tried again when its lease ends")]
    private partial void ImportFailed(Exception ex);
}
