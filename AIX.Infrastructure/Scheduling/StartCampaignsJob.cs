using AIX.Core.Campaigns;
using Quartz;

namespace AIX.Infrastructure.Scheduling;

/// <summary>Every minute, on one node: starts the campaigns whose time has come. What is dialled then is the beat of all nodes.</summary>
[DisallowConcurrentExecution]
internal sealed class StartCampaignsJob(RunCampaigns run) : IJob
{
    public static readonly JobKey Key = new("start-campaigns");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await run.StartDueAsync(cancellationToken);
}
