using AIX.Core.Learning;
using AIX.Infrastructure.Database;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Quartz;

namespace AIX.Infrastructure.Scheduling;

/// <summary>The table of all schedules. Quartz keeps it in PostgreSQL, in a schema of its own, shared by all nodes: a trigger fires on one of them.</summary>
internal static class Schedule
{
    public static void AddSchedule(this IServiceCollection services, ConnectionStrings strings)
    {
        services.TryAddSingleton<ITrainingSchedule, TrainingSchedule>();
        services.TryAddSingleton<IRescoringSchedule, RescoringSchedule>();
        services.AddQuartz(q =>
        {
            q.UsePersistentStore(store =>
            {
                store.UsePostgres(new NpgsqlConnectionStringBuilder(strings.Queue) { SearchPath = DatabaseSecurity.QuartzSchema }.ConnectionString);
                store.UseClustering();
                store.ProvisionSchema();
            });
            q.ScheduleJob<TendTenantsJob>(t => t.WithIdentity("tend-tenants").WithCronSchedule("0 * * * * ?"), j => j.WithIdentity(TendTenantsJob.Key));

            q.ScheduleJob<SendReportsJob>(t => t.WithIdentity("send-reports").WithCronSchedule("20 * * * * ?"), j => j.WithIdentity(SendReportsJob.Key));

            q.ScheduleJob<StartCampaignsJob>(t => t.WithIdentity("start-campaigns").WithCronSchedule("0 * * * * ?"), j => j.WithIdentity(StartCampaignsJob.Key));

            // 02:30 UTC, when India sleeps.
            q.ScheduleJob<NightlyRetrainingJob>(t => t.WithIdentity("nightly-retraining").WithCronSchedule("0 30 2 * * ?"), j => j.WithIdentity(NightlyRetrainingJob.Key));
        });
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
    }

    /// <summary>Starts a durable job once, as soon as a node is free; a run that a node takes down with it is started anew by another.</summary>
    public static async Task RunOnceAsync<T>(this IScheduler scheduler, string name, JobDataMap job, JobDataMap trigger, TimeProvider time, CancellationToken ct)
        where T : IJob
    {
        var detail = JobBuilder.Create<T>().WithIdentity(name).UsingJobData(job).RequestRecovery().StoreDurably().Build();
        await scheduler.AddJob(detail, new AddJobOptions { Replace = true }, ct);

        // By the program's own clock: one that is late by the wall's would wait for the next round of misfires.
        await scheduler.ScheduleJob(TriggerBuilder.Create().WithIdentity($"{name}-{Guid.CreateVersion7(time.GetUtcNow())}").ForJob(detail.Key).UsingJobData(trigger).StartAt(time.GetUtcNow()).Build(), cancellationToken: ct);
    }
}
