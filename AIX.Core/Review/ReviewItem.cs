using AIX.Core.Tenancy;

namespace AIX.Core.Review;

/// <summary>Why a lead came to a person.</summary>
public enum ReviewReason
{
    /// <summary>Its interval straddles a threshold.</summary>
    Straddles,

    /// <summary>Sources disagree.</summary>
    Conflict,

    /// <summary>Champion and challenger see another band.</summary>
    ModelsDisagree,

    /// <summary>Drawn by lot.</summary>
    Exploration,

    /// <summary>Somebody sent it.</summary>
    Manual,
}

public enum ReviewRound
{
    First,

    /// <summary>Blind: the second reviewer does not see what the first said.</summary>
    Second,

    /// <summary>The two disagreed; a manager decides.</summary>
    Adjudication,
}

/// <summary>A lead that waits for a person's decision.</summary>
public sealed class ReviewItem : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid LeadId { get; init; }

    /// <summary>The tenant's day that it counts against.</summary>
    public required DateOnly Day { get; init; }

    public required ReviewReason Reason { get; init; }

    /// <summary>What a decision is worth; the queue's order.</summary>
    public required double DecisionValue { get; init; }

    /// <summary>Chance, in (0, 1], that a lead like this was sent here: what an unbiased estimate weighs it by.</summary>
    public required double Propensity { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who sent it by hand.</summary>
    public Guid? SentBy { get; init; }

    public string? Note { get; init; }

    public ReviewRound Round { get; private set; }

    /// <summary>The decision that is looked at a second time.</summary>
    public Guid? FirstDecision { get; private set; }

    public Guid? SecondDecision { get; private set; }

    /// <summary>May not be the second.</summary>
    public Guid? FirstReviewer { get; private set; }

    public Guid? SecondReviewer { get; private set; }

    /// <summary>Who has it on screen.</summary>
    public Guid? HolderId { get; private set; }

    public DateTimeOffset? HeldUntil { get; private set; }

    public DateTimeOffset? PostponedUntil { get; private set; }

    /// <summary>For managers since then.</summary>
    public DateTimeOffset? EscalatedAt { get; private set; }
}
