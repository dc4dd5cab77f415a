using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Review;

/// <summary>Items were taken, freed, decided or came in.</summary>
public sealed record ReviewChanged(TenantId TenantId, IReadOnlyList<Guid> LeadIds) : IDomainEvent
{
    public string Name => "review.changed";
}
