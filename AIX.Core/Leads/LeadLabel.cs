using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>A reviewer's judgement of a lead: a label to learn from until the lead is won or lost, which then counts instead.</summary>
public sealed class LeadLabel : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid LeadId { get; init; }

    /// <summary>Whether the reviewer expects a customer.</summary>
    public required bool Good { get; init; }

    /// <summary>How sure the reviewer is, in (0, 1].</summary>
    public required double Confidence { get; init; }

    /// <summary>The user; null for a program.</summary>
    public Guid? ReviewerId { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }
}
