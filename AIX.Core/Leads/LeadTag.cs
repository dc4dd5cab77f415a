using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>A word that a person gave a lead, to find it by.</summary>
public sealed class LeadTag : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid LeadId { get; init; }

    public required string Tag { get; init; }
}
