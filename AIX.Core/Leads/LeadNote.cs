using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>What somebody wrote about a lead.</summary>
public sealed class LeadNote : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid LeadId { get; init; }

    public Guid? AuthorId { get; init; }

    public required string Text { get; init; }

    /// <summary>Somebody reached out: it counts as a touch.</summary>
    public bool IsTouch { get; init; }

    public required DateTimeOffset At { get; init; }
}
