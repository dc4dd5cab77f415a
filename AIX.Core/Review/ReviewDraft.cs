using AIX.Core.Tenancy;

namespace AIX.Core.Review;

/// <summary>What a reviewer has typed and not yet submitted.</summary>
public sealed class ReviewDraft : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid LeadId { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>JSON.</summary>
    public required string Content { get; init; }

    public required DateTimeOffset At { get; init; }
}
