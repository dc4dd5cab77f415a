using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Pipeline;

/// <summary>These leads have a new score; sent once per batch.</summary>
public sealed record LeadsScored(TenantId TenantId, IReadOnlyList<Guid> LeadIds) : IDomainEvent
{
    public string Name => "leads.scored";
}

/// <summary>These leads have a new band or state.</summary>
public sealed record LeadsRouted(TenantId TenantId, IReadOnlyList<Guid> LeadIds) : IDomainEvent
{
    public string Name => "leads.routed";
}

/// <summary>A new champion's scores are on their way to all leads.</summary>
public sealed record RescoringProgressed(TenantId TenantId, int Version, int Done, int Total) : IDomainEvent
{
    public string Name => "rescoring.progressed";
}
