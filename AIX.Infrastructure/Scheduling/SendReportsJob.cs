using AIX.Core.Insights;
using Quartz;

namespace AIX.Infrastructure.Scheduling;

/// <summary>Every minute, on one node: mails the reports that are due.</summary>
[DisallowConcurrentExecution]
internal sealed class SendReportsJob(SendReports send) : IJob
{
    public static readonly JobKey Key = new("send-reports");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await send.ExecuteAsync(cancellationToken);
}
