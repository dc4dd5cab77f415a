using AIX.Core.Learning;
using AIX.Core.Pipeline;
using AIX.Core.Tenancy;
using Quartz;

namespace AIX.Infrastructure.Scheduling;

/// <summary>All leads of one tenant scored again. Each tenant has a job of its own; two of one tenant do not run at once.</summary>
[DisallowConcurrentExecution]
internal sealed class RescoreTenantJob(RescoreLeads rescore) : IJob
{
    public const string Tenant = "tenant";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await rescore.ExecuteAsync(new TenantId(Guid.Parse(context.MergedJobDataMap.GetString(Tenant)!)), cancellationToken);
}

internal sealed class RescoringSchedule(ISchedulerFactory schedulers, TimeProvider time) : IRescoringSchedule
{
    public async Task RequestAsync(TenantId tenant, CancellationToken ct) =>
        await (await schedulers.GetScheduler(ct)).RunOnceAsync<RescoreTenantJob>($"rescore-{tenant}", new JobDataMap { [RescoreTenantJob.Tenant] = tenant.ToString() }, [], time, ct);
}
