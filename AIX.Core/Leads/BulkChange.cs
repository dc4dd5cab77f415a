using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>What a lead was before bulk work changed it, for undo.</summary>
public sealed class BulkChange : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid JobId { get; init; }

    public required Guid LeadId { get; init; }

    /// <summary>JSON.</summary>
    public required string Before { get; init; }
}
