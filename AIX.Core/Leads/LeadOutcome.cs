using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

public enum OutcomeResult
{
    Lost,
    Won,
}

/// <summary>What became of a lead; the label that models learn from.</summary>
public sealed class LeadOutcome : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid LeadId { get; init; }

    public required OutcomeResult Result { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public decimal? Amount { get; init; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; init; }

    public string? LostReason { get; init; }

    /// <summary>The import that brought it, for undo.</summary>
    public Guid? ImportId { get; init; }
}
