using AIX.Core.Tenancy;

namespace AIX.Core.Scoring;

/// <summary>What was known of a lead when the pipeline scored it; append-only. Later scorings by other models read the same snapshot.</summary>
public sealed class FeatureSnapshot : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid LeadId { get; init; }

    /// <summary>The pipeline run that took it.</summary>
    public required long RunId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>See <see cref="SnapshotCodec"/>.</summary>
    public required byte[] Features { get; init; }
}
