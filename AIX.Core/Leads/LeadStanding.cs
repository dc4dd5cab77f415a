using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>Where a lead stands by its newest score. A narrow row beside the lead's own, because a new model changes it for every lead at once, and PostgreSQL writes a changed row,
/// and all its index entries, anew.</summary>
public sealed class LeadStanding : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid LeadId { get; init; }

    public Band? Band { get; private set; }

    /// <summary>Probability of conversion in (0, 1); null until scored.</summary>
    public double? Score { get; private set; }

    public double? ScoreLow { get; private set; }

    public double? ScoreHigh { get; private set; }

    /// <summary><see cref="Score"/>, or −1 before the first: a total order for cursors.</summary>
    public double ScoreOrder { get; private set; }

    /// <summary>The interval straddles a threshold.</summary>
    public bool Uncertain { get; private set; }

    /// <summary>Feature that speaks loudest, with its value: <c>companySize|412|+</c>; put into words when shown.</summary>
    public string? TopReason { get; private set; }

    public int? ModelVersion { get; private set; }

    public int? IcpVersion { get; private set; }

    /// <summary>Run whose feature snapshot the score was made from.</summary>
    public long? Snapshot { get; private set; }

    public DateTimeOffset? ScoredAt { get; private set; }
}
