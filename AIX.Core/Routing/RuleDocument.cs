using AIX.Core.Leads;

namespace AIX.Core.Routing;

public enum RuleOperator
{
    Is,
    IsNot,

    /// <summary>One of several values, parted by commas.</summary>
    OneOf,
    Contains,
    AtLeast,
    AtMost,
    IsKnown,
    IsUnknown,
}

/// <summary>What must hold of a lead.</summary>
/// <param name="Field"><c>score</c>, <c>band</c>, <c>source</c>, a standard field such as <c>country</c>, or an attribute.</param>
/// <param name="Value">Not used by <see cref="RuleOperator.IsKnown"/> and <see cref="RuleOperator.IsUnknown"/>.</param>
public sealed record RuleCondition(string Field, RuleOperator Operator, string Value = "");

public enum AssignTo
{
    Nobody,

    /// <summary>One after the other.</summary>
    InTurn,

    /// <summary>By a value of the lead, such as its region.</summary>
    Territory,

    /// <summary>Whoever has the fewest open leads.</summary>
    Load,

    Named,
}

public enum RuleThen
{
    /// <summary>As the band says.</summary>
    ByBand,
    Nurture,
    Archive,
}

/// <summary>What a rule asks and does.</summary>
public sealed record RuleDocument
{
    /// <summary>All must hold; none fits every lead.</summary>
    public IReadOnlyList<RuleCondition> Conditions { get; init; } = [];

    public AssignTo Assign { get; init; }

    /// <summary>Among whom; empty means all agents.</summary>
    public IReadOnlyList<Guid> Users { get; init; } = [];

    /// <summary>The field that <see cref="Territories"/> go by.</summary>
    public string TerritoryField { get; init; } = "region";

    /// <summary>Value → user, for <see cref="AssignTo.Territory"/>; a value that is not named falls to <see cref="Users"/> in turn.</summary>
    public IReadOnlyDictionary<string, Guid> Territories { get; init; } = new Dictionary<string, Guid>();

    public RuleThen Then { get; init; }

    /// <summary>Score it again after so many days, 1 to 3,650; null for never.</summary>
    public int? ReevaluateDays { get; init; }
}

/// <summary>What a rule did for one lead.</summary>
public sealed record RuledLead(Guid LeadId, Guid RuleId, Guid? OwnerId, RuleThen Then, int? ReevaluateDays)
{
    /// <summary>The state it leads to from <see cref="LeadState.Scored"/>.</summary>
    public LeadState TargetOf(Band band) => Then switch
    {
        RuleThen.Nurture => LeadState.Nurturing,
        RuleThen.Archive => LeadState.Archived,
        _ => LeadLifeCycle.Of(band),
    };
}
