using AIX.Core.Auditing;
using AIX.Core.Learning;
using AIX.Core.Tenancy;
using Quartz;

namespace AIX.Infrastructure.Scheduling;

/// <summary>One training of one tenant. Two of one tenant do not run at once: each tenant has a job of its own.</summary>
[DisallowConcurrentExecution]
internal sealed class TrainTenantJob(TrainModel train) : IJob
{
    public const string Tenant = "tenant";
    public const string Trigger = "trigger";
    public const string ActorKind = "actorKind";
    public const string ActorId = "actorId";
    public const string Accepted = "accepted";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var data = context.MergedJobDataMap;
        var actor = new Actor(data.GetString(ActorKind)!, Guid.TryParse(data.GetString(ActorId), out var id) ? id : null);
        var accepted = (data.GetString(Accepted) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        _ = await train.ExecuteAsync(new TenantId(Guid.Parse(data.GetString(Tenant)!)), actor, data.GetString(Trigger)!, accepted, cancellationToken);
    }
}

[DisallowConcurrentExecution]
internal sealed class NightlyRetrainingJob(IPooledPriors pool, WatchModels watch, RetrainDueTenants retrain) : IJob
{
    public static readonly JobKey Key = new("nightly-retraining");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await pool.RefreshAsync(cancellationToken);
        await watch.ExecuteAsync(cancellationToken);
        await retrain.ExecuteAsync("nightly", cancellationToken);
    }
}

/// <summary>Requests become triggers in the shared store.</summary>
internal sealed class TrainingSchedule(ISchedulerFactory schedulers, TimeProvider time) : ITrainingSchedule
{
    public async Task RequestAsync(TenantId tenant, Actor actor, string trigger, IReadOnlySet<string> accepted, CancellationToken ct) =>
        await (await schedulers.GetScheduler(ct)).RunOnceAsync<TrainTenantJob>(
            $"train-{tenant}",
            new JobDataMap { [TrainTenantJob.Tenant] = tenant.ToString() },
            new JobDataMap
            {
                [TrainTenantJob.Trigger] = trigger,
                [TrainTenantJob.ActorKind] = actor.Kind,
                [TrainTenantJob.ActorId] = actor.Id?.ToString() ?? "",
                [TrainTenantJob.Accepted] = string.Join('\n', accepted),
            },
            time,
            ct);
}
