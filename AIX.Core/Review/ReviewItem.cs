using AIX.Core.Tenancy;

namespace AIX.Core.Review;

/// <summary>An uncertain lead that waits for a person's decision.</summary>
public sealed class ReviewItem : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid LeadId { get; init; }

    /// <summary>The tenant's day that it counts against.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>What a decision is worth; the queue's order.</summary>
    public required double DecisionValue { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
