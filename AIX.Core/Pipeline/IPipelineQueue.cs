using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Pipeline;

/// <summary>A claimed run.</summary>
public sealed record ClaimedRun(long Id, Guid LeadId, Stage Stage, int Attempts);

/// <summary>Runs of one tenant and one stage, held under one lease.</summary>
public sealed record ClaimedBatch(TenantId TenantId, Guid LeaseToken, Stage Stage, IReadOnlyList<ClaimedRun> Runs);

/// <summary>The queue is the database: rows of <c>pipeline_runs</c>, claimed with FOR UPDATE SKIP LOCKED.</summary>
public interface IPipelineQueue
{
    /// <summary>Claims up to <paramref name="limit"/> runs of one tenant, the next tenant in turn; null when nothing is ready. Commits alone.</summary>
    Task<ClaimedBatch?> ClaimAsync(int limit, TimeSpan lease, CancellationToken ct);

    /// <summary>Moves the runs to their next stage, keeping the lease, or ends them after the last one. Part of the stage's transaction.</summary>
    /// <exception cref="LeaseLostException">A row is not under this lease any more: nothing may be committed.</exception>
    Task AdvanceAsync(IUnitOfWork work, ClaimedBatch batch, Stage? next, DateTimeOffset leaseUntil, CancellationToken ct);

    /// <summary>Gives failed runs back with a back-off, or moves them to the dead letters after the last attempt.</summary>
    Task FailAsync(ClaimedBatch batch, string error, DateTimeOffset now, CancellationToken ct);

    /// <summary>Sends leads through the pipeline again, with the transaction.</summary>
    Task EnqueueAsync(IUnitOfWork work, Guid[] leads, CancellationToken ct);

    /// <summary>Brings dead letters of the tenant back into the queue; null for all.</summary>
    /// <returns>How many came back.</returns>
    Task<int> RetryAsync(TenantId tenant, long? runId, CancellationToken ct);
}
