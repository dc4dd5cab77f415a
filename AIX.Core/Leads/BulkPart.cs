using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>A piece of an export file.</summary>
public sealed class BulkPart : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid JobId { get; init; }

    public required int Part { get; init; }

    public required byte[] Content { get; init; }
}
