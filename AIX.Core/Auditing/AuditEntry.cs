using AIX.Core.Tenancy;

namespace AIX.Core.Auditing;

public sealed class AuditEntry : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string ActorKind { get; init; }

    public Guid? ActorId { get; init; }

    public required string Action { get; init; }

    /// <summary>JSON.</summary>
    public required string Details { get; init; }
}
