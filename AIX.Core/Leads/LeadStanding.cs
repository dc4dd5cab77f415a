using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>Where a lead stands by its newest score. A narrow row beside the lead's own, because a new model changes it for every lead at once, and PostgreSQL writes a changed row,
/// and all its index entries, anew.</summary>
public sealed class LeadStanding : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid LeadId { get; init; }

    public LeadState State { get; private set; }

    /// <summary>What the newest score says.</summary>
    public Band? Band { get; private set; }

    /// <summary>What a person said instead; beside the score, never in its place.</summary>
    public Band? OverrideBand { get; private set; }

    /// <summary>The person's number, in (0, 1); null where only a band was said.</summary>
    public double? OverrideScore { get; private set; }

    /// <summary>When the person's word ends by itself; null for never.</summary>
    public DateTimeOffset? OverrideUntil { get; private set; }

    /// <summary><see cref="OverrideBand"/>, else <see cref="Band"/>: what lists filter by.</summary>
    public Band? ShownBand { get; private set; }

    /// <summary>Probability of conversion in (0, 1); null until scored.</summary>
    public double? Score { get; private set; }

    public double? ScoreLow { get; private set; }

    public double? ScoreHigh { get; private set; }

    /// <summary><see cref="OverrideScore"/>, else <see cref="Score"/>, or −1 before the first: a total order for cursors.</summary>
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

    /// <summary>Attribute on which sources disagree most, when the score was made; null when none.</summary>
    public string? Conflict { get; private set; }

    /// <summary>What the challenger says, where there is one.</summary>
    public Band? ChallengerBand { get; private set; }

    /// <summary>The person who works the lead.</summary>
    public Guid? OwnerId { get; private set; }

    /// <summary>When it became hot: speed-to-lead counts from here.</summary>
    public DateTimeOffset? HotAt { get; private set; }

    /// <summary>First time that a person reached out after <see cref="HotAt"/>.</summary>
    public DateTimeOffset? FirstTouchAt { get; private set; }

    /// <summary>Last time that a person reached out.</summary>
    public DateTimeOffset? TouchedAt { get; private set; }

    /// <summary>When the next open task is due.</summary>
    public DateTimeOffset? NextDueAt { get; private set; }

    /// <summary>When a rule wants it looked at again.</summary>
    public DateTimeOffset? ReevaluateAt { get; private set; }

    /// <summary>When anything of this row last changed.</summary>
    public DateTimeOffset? ChangedAt { get; private set; }
}
