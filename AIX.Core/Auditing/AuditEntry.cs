using AIX.Core.Tenancy;

namespace AIX.Core.Auditing;

public sealed class AuditEntry : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string ActorKind { get; init; }

    public Guid? ActorId { get; init; }

    /// <summary>See <see cref="Actor.From"/>.</summary>
    public string? FromAddress { get; init; }

    public required string Action { get; init; }

    /// <summary>JSON.</summary>
    public required string Details { get; init; }

    /// <summary>Place in the tenant's chain, from 1; 0 for lines from before there was one.</summary>
    public long Sequence { get; init; }

    /// <summary>SHA-256 over the line and the hash of the one before, lower-case hex; empty before the chain.</summary>
    public string Hash { get; init; } = "";
}
