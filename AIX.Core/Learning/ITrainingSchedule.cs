using AIX.Core.Auditing;
using AIX.Core.Tenancy;

namespace AIX.Core.Learning;

/// <summary>Runs trainings behind the scenes, one at a time per tenant, on whatever node is free; a request outlives a restart.</summary>
public interface ITrainingSchedule
{
    /// <param name="trigger">Why: <c>manual</c>, <c>nightly</c> …</param>
    /// <param name="accepted">Features held for leaks that a person wants used.</param>
    Task RequestAsync(TenantId tenant, Actor actor, string trigger, IReadOnlySet<string> accepted, CancellationToken ct);
}

/// <summary>Has all leads scored again behind the scenes, one run at a time per tenant, on whatever node is free.</summary>
public interface IRescoringSchedule
{
    Task RequestAsync(TenantId tenant, CancellationToken ct);
}

public interface IRetrainingQueries
{
    /// <summary>Tenants with at least this many outcomes recorded since their newest model.</summary>
    Task<IReadOnlyList<TenantId>> DueAsync(int newOutcomes, CancellationToken ct);

    /// <summary>Tenants whose leads a trained model scores, and which.</summary>
    Task<IReadOnlyList<(TenantId Tenant, int Version)>> ChampionsAsync(CancellationToken ct);
}

/// <summary>Requests a training for every tenant that has learned enough since its last.</summary>
public sealed class RetrainDueTenants(IRetrainingQueries queries, ITrainingSchedule schedule, LearningOptions options)
{
    public async Task<int> ExecuteAsync(string trigger, CancellationToken ct)
    {
        var due = await queries.DueAsync(options.MinNewOutcomes, ct);
        foreach (var tenant in due)
        {
            await schedule.RequestAsync(tenant, Actor.System, trigger, new HashSet<string>(), ct);
        }

        return due.Count;
    }
}
