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
        services.AddQuartz(q =>
        {
            q.UsePersistentStore(store =>
            {
                store.UsePostgres(new NpgsqlConnectionStringBuilder(strings.Queue) { SearchPath = DatabaseSecurity.QuartzSchema }.ConnectionString);
                store.UseClustering();
                store.ProvisionSchema();
            });
            q.AddJob<TrainTenantJob>(j => j.WithIdentity(TrainTenantJob.Key).StoreDurably());

            // 02:30 UTC, when India sleeps.
            q.ScheduleJob<NightlyRetrainingJob>(t => t.WithIdentity("nightly-retraining").WithCronSchedule("0 30 2 * * ?"), j => j.WithIdentity(NightlyRetrainingJob.Key));
        });
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
    }
}
