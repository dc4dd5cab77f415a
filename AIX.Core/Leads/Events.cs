using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>An import has gone on: a chunk is stored, or it has ended.</summary>
public sealed record ImportProgressed(TenantId TenantId, Guid ImportId) : IDomainEvent
{
    public string Name => "import.progressed";
}

/// <summary>Leads of the tenant were added or removed.</summary>
public sealed record LeadsChanged(TenantId TenantId, int Added) : IDomainEvent
{
    public string Name => "leads.changed";
}

/// <summary>A person or a rule changed something about these leads: owner, state, note, task, tag, override.</summary>
public sealed record LeadsTouched(TenantId TenantId, IReadOnlyList<Guid> LeadIds) : IDomainEvent
{
    public string Name => "leads.touched";
}

/// <summary>Bulk work has gone on.</summary>
public sealed record BulkProgressed(TenantId TenantId, Guid JobId) : IDomainEvent
{
    public string Name => "bulk.progressed";
}
