using AIX.Core.Tenancy;

namespace AIX.Core.Notifications;

/// <summary>Something that one person should know.</summary>
public sealed class Notification : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>Names the sentence: <c>hot</c>, <c>escalated</c>, <c>task</c>, <c>adjudicate</c>, <c>bulk</c>.</summary>
    public required string Kind { get; init; }

    public Guid? LeadId { get; init; }

    /// <summary>What the sentence is filled with.</summary>
    public string? Text { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? ReadAt { get; private set; }
}
