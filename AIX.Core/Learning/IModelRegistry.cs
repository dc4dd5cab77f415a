using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Learning;

/// <summary>A version as lists show it.</summary>
public sealed record ModelSummary(int Version, int? Parent, string Family, DateTimeOffset CreatedAt, string Trigger, DateTimeOffset AsOf, int Outcomes, int Won, string DataHash, TrainingReport Report, IReadOnlyList<string> Aliases);

public interface IModelRegistry
{
    /// <summary>Stores a model under the tenant's next version, and points the alias to it.</summary>
    Task<int> AddAsync(IUnitOfWork work, Func<int, ModelVersion> make, string alias, CancellationToken ct);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<ModelSummary>> ListAsync(TenantId tenant, CancellationToken ct);

    Task<ModelAlias?> AliasAsync(TenantId tenant, string alias, CancellationToken ct);

    /// <returns>False when there is no such version.</returns>
    Task<bool> PointAsync(IUnitOfWork work, string alias, int version, int? previous, DateTimeOffset now, CancellationToken ct);
}

/// <summary>Another model scores from now on; every node loads it.</summary>
public sealed record ModelPromoted(TenantId TenantId, int Version) : IDomainEvent
{
    public string Name => "model.promoted";
}

/// <summary>A training came forward, ended or failed.</summary>
/// <param name="Stage"><c>loading</c>, <c>comparing</c>, <c>refitting</c>, <c>done</c>, <c>failed</c>.</param>
public sealed record TrainingProgressed(TenantId TenantId, string Stage, int? Version, string? Message) : IDomainEvent
{
    public string Name => "training.progressed";
}
