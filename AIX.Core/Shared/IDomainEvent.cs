using AIX.Core.Tenancy;

namespace AIX.Core.Shared;

/// <summary>Something that happened and that other nodes and browsers want to know. Carries ids, never personal data.</summary>
public interface IDomainEvent
{
    TenantId TenantId { get; }

    /// <summary>Stable name on the wire, for instance <c>lead.scored</c>.</summary>
    string Name { get; }
}
