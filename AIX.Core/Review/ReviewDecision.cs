using AIX.Core.Leads;
using AIX.Core.Tenancy;

namespace AIX.Core.Review;

public enum DecisionKind
{
    Approve,
    Override,

    /// <summary>A fact is wrong.</summary>
    FlagData,

    /// <summary>Not now.</summary>
    Postpone,

    /// <summary>To a manager.</summary>
    Escalate,

    /// <summary>Needs no review.</summary>
    Discard,
}

/// <summary>What a reviewer decided, with what was on the screen then.</summary>
public sealed class ReviewDecision : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    /// <summary>Made by the client: the same command twice is one decision.</summary>
    public required Guid Id { get; init; }

    public required Guid LeadId { get; init; }

    public required Guid ReviewerId { get; init; }

    public required DecisionKind Kind { get; init; }

    public required ReviewRound Round { get; init; }

    public required ReviewReason ItemReason { get; init; }

    public required double Propensity { get; init; }

    public required double DecisionValue { get; init; }

    public Band? Band { get; init; }

    public double? Probability { get; init; }

    /// <summary>Code.</summary>
    public string? Reason { get; init; }

    public string? Text { get; init; }

    /// <summary>The fact that is wrong.</summary>
    public string? Attribute { get; init; }

    public string? RightValue { get; init; }

    public double? SeenScore { get; init; }

    public double? SeenLow { get; init; }

    public double? SeenHigh { get; init; }

    public Band? SeenBand { get; init; }

    public int? SeenModel { get; init; }

    public int? SeenIcp { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>From shown to decided.</summary>
    public required int Milliseconds { get; init; }

    /// <summary>JSON of what undo takes back.</summary>
    public required string Effects { get; init; }

    public DateTimeOffset? UndoneAt { get; private set; }
}
