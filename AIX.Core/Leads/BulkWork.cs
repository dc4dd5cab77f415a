using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>What bulk work needs beside its leads.</summary>
/// <param name="CampaignId">For <see cref="BulkKind.Campaign"/>.</param>
public sealed record BulkArguments(Guid? OwnerId = null, string? Tag = null, string? Note = null, Guid? CampaignId = null);

/// <summary>Bulk work as people see it.</summary>
public sealed record BulkRow(Guid Id, BulkKind Kind, BulkState State, BulkArguments Arguments, int? Total, int Done, int Changed, string? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, string? Failure)
{
    public bool IsRunning => State is BulkState.Waiting or BulkState.Running or BulkState.Undoing;

    public bool CanUndo => State is BulkState.Done or BulkState.Cancelled or BulkState.Failed && Kind is not (BulkKind.Export or BulkKind.Rescore) && Changed > 0;
}

/// <summary>A job that this node works on.</summary>
public sealed record BulkClaim(TenantId TenantId, Guid JobId, Guid LeaseToken);

public interface IBulkStore
{
    Task AddAsync(BulkJob job, CancellationToken ct);

    Task<IReadOnlyList<BulkRow>> ListAsync(TenantId tenant, int limit, CancellationToken ct);

    Task<BulkRow?> GetAsync(TenantId tenant, Guid job, CancellationToken ct);

    /// <summary>Moves a job from one of the states to another.</summary>
    /// <returns>False when it was in none of them.</returns>
    Task<bool> SetStateAsync(TenantId tenant, Guid job, IReadOnlyCollection<BulkState> from, BulkState to, DateTimeOffset now, CancellationToken ct);

    /// <summary>A job that waits or whose node died; null when there is none.</summary>
    Task<BulkClaim?> ClaimAsync(DateTimeOffset now, TimeSpan lease, CancellationToken ct);

    /// <summary>Does the next some thousand leads, in one transaction with the job's progress and under its lease.</summary>
    /// <returns>False when the job has ended.</returns>
    Task<bool> StepAsync(BulkClaim claim, TimeSpan lease, CancellationToken ct);

    Task FailAsync(BulkClaim claim, string reason, CancellationToken ct);

    /// <summary>The export's file, piece by piece.</summary>
    IAsyncEnumerable<byte[]> FileAsync(TenantId tenant, Guid job, CancellationToken ct);
}

/// <summary>Starts, cancels and undoes work on many leads. It runs in the background, on any node, and goes on where a dead one stopped.</summary>
public sealed class BulkWork(IBulkStore store, IAuditLog audit, TimeProvider time)
{
    public const int MaxChosen = 10_000;

    public async Task<Result<Guid>> StartAsync(TenantId tenant, Actor actor, BulkKind kind, LeadFilter filter, BulkArguments arguments, CancellationToken ct)
    {
        if (filter.Ids is { Count: 0 or > MaxChosen })
        {
            return new Error(ErrorKind.Invalid, "invalid-selection", $"Choose 1 to {MaxChosen:N0} leads, or all that match.", "ids");
        }

        if (kind == BulkKind.Campaign && arguments.CampaignId is null)
        {
            return new Error(ErrorKind.Invalid, "missing-campaign", "Say which campaign the leads go to.", "campaignId");
        }

        if (kind is BulkKind.Tag or BulkKind.Untag)
        {
            var tag = WorkLead.CheckTag(arguments.Tag);
            if (!tag.IsOk)
            {
                return tag.Error;
            }

            arguments = arguments with { Tag = tag.Value };
        }

        var now = time.GetUtcNow();
        var job = new BulkJob
        {
            TenantId = tenant,
            Id = Guid.CreateVersion7(now),
            Kind = kind,
            Filter = JsonSerializer.Serialize(filter with { Cursor = null }, ManageViews.Json),
            Arguments = JsonSerializer.Serialize(arguments, ManageViews.Json),
            CreatedBy = actor.Id,
            CreatedAt = now,
        };
        await store.AddAsync(job, ct);
        await audit.AppendAsync(tenant, actor, "bulk.started", new { job.Id, kind }, ct);
        return job.Id;
    }

    /// <summary>Stops it; what is done stays done, and can be undone.</summary>
    public Task<bool> CancelAsync(TenantId tenant, Guid job, CancellationToken ct) => store.SetStateAsync(tenant, job, [BulkState.Waiting, BulkState.Running], BulkState.Cancelled, time.GetUtcNow(), ct);

    public async Task<Result<bool>> UndoAsync(TenantId tenant, Actor actor, Guid job, CancellationToken ct)
    {
        if (await store.GetAsync(tenant, job, ct) is not { CanUndo: true } || !await store.SetStateAsync(tenant, job, [BulkState.Done, BulkState.Cancelled, BulkState.Failed], BulkState.Undoing, time.GetUtcNow(), ct))
        {
            return new Error(ErrorKind.Conflict, "cannot-undo", "There is nothing to undo: the work changed nothing, is still running, or was undone already.");
        }

        await audit.AppendAsync(tenant, actor, "bulk.undone", new { job }, ct);
        return true;
    }
}
