using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>A person's word in the place of a score. The score stays beside it.</summary>
public sealed class ScoreOverride : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid LeadId { get; init; }

    public required Band Band { get; init; }

    /// <summary>In (0, 1); null where only a band was said.</summary>
    public double? Probability { get; init; }

    /// <summary>Code of the reason.</summary>
    public required string Reason { get; init; }

    public string? Text { get; init; }

    public Guid? AuthorId { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? Until { get; init; }

    public DateTimeOffset? EndedAt { get; private set; }
}
