using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>A step in a lead's life that was not the pipeline's routine.</summary>
public sealed class LeadTransition : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid LeadId { get; init; }

    public required LeadState FromState { get; init; }

    public required LeadState ToState { get; init; }

    public required TransitionOrigin Origin { get; init; }

    public Guid? ActorId { get; init; }

    /// <summary>The import that brought it, for undo.</summary>
    public Guid? ImportId { get; init; }

    /// <summary>The outcome that ended the lead's life, for its correction.</summary>
    public Guid? OutcomeId { get; init; }

    public required DateTimeOffset At { get; init; }
}
