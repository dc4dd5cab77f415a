using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

public enum TaskKind
{
    Task,
    Call,
    Email,
    Callback,
}

/// <summary>Something to do for a lead by a certain time.</summary>
public sealed class LeadTask : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid LeadId { get; init; }

    public required TaskKind Kind { get; init; }

    public required string Title { get; init; }

    public required DateTimeOffset DueAt { get; init; }

    public Guid? OwnerId { get; init; }

    public Guid? CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DoneAt { get; private set; }

    /// <summary>When its owner was told that it is due.</summary>
    public DateTimeOffset? RemindedAt { get; private set; }

    /// <summary>When somebody was told that a callback was missed.</summary>
    public DateTimeOffset? MissedAt { get; private set; }
}
