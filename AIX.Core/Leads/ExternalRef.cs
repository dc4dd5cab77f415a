using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>The lead's id in another system; any number per lead.</summary>
public sealed class ExternalRef : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    /// <summary>Name of the system; <c>external</c> for imports and API calls that do not name one.</summary>
    public required string System { get; init; }

    public required string ExternalId { get; init; }

    public required Guid LeadId { get; init; }
}
