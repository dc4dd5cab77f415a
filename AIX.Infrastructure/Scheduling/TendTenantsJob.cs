using AIX.Core.Pipeline;
using Quartz;

namespace AIX.Infrastructure.Scheduling;

/// <summary>Every minute, on one node.</summary>
[DisallowConcurrentExecution]
internal sealed class TendTenantsJob(TendTenants tend) : IJob
{
    public static readonly JobKey Key = new("tend-tenants");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await tend.ExecuteAsync(cancellationToken);
}
