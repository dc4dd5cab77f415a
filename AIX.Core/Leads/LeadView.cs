using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>A saved way to look at the lead table.</summary>
public sealed class LeadView : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid OwnerId { get; init; }

    public required string Name { get; init; }

    public required bool Shared { get; init; }

    /// <summary>JSON of the filter, sort and columns.</summary>
    public required string Definition { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
