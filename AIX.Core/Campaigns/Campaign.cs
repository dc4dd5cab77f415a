using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

public enum CampaignState
{
    Draft,

    /// <summary>Waits for a second admin.</summary>
    Approval,

    /// <summary>Launched; begins at its time.</summary>
    Scheduled,
    Running,
    Paused,
    Completed,
    Cancelled,

    /// <summary>It came to its end without one call: nobody of its audience could be called.</summary>
    Failed,
}

/// <summary>A calling campaign. Its plan is fixed from the launch on.</summary>
public sealed class Campaign : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required CampaignState State { get; init; }

    /// <summary><see cref="CampaignPlan"/> as JSON.</summary>
    public required string Plan { get; init; }

    /// <summary>Counts changes of the draft: who edits an older one is told.</summary>
    public required int Version { get; init; }

    /// <summary>The campaign that this one calls again.</summary>
    public Guid? ParentId { get; init; }

    public Guid? CreatedBy { get; init; }

    public Guid? LaunchedBy { get; init; }

    public Guid? ApprovedBy { get; init; }

    /// <summary>Leads that it was launched or approved for; see <see cref="AudienceLimit"/>.</summary>
    public int? ApprovedLeads { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartsAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it is paused or failed, when the program did it: <c>breaker</c>, <c>abandoned</c>, <c>route</c>, <c>grew</c>; <c>nobody</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>Leads that the filter named are still being taken into the audience, after this one; null when all are in.</summary>
    public Guid? AudienceAfter { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}

public enum MemberState
{
    /// <summary>Named, not yet looked at by the gate.</summary>
    Picked,

    /// <summary>To be called when its time comes.</summary>
    Waiting,

    /// <summary>An attempt goes on.</summary>
    Calling,
    Done,

    /// <summary>Left out, for <see cref="CampaignMember.Rule"/>.</summary>
    Excluded,
}

/// <summary>A lead of a campaign's audience, and where the campaign stands with it.</summary>
public sealed class CampaignMember : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid CampaignId { get; init; }

    public required Guid LeadId { get; init; }

    public required MemberState State { get; init; }

    /// <summary>E.164; empty until looked at.</summary>
    public required string Number { get; init; }

    /// <summary>Country code of the number, for its calling window.</summary>
    public required string Prefix { get; init; }

    public required string Language { get; init; }

    public required string Variant { get; init; }

    /// <summary>Score times freshness; the highest is called first.</summary>
    public required double Priority { get; init; }

    /// <summary>Agreed on: goes before everybody else at its time.</summary>
    public bool IsCallback { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Its time has come: set by the beat after <see cref="NextAt"/>, so that a claim finds who is next without passing all who wait.</summary>
    public bool IsDue { get; init; }

    /// <summary>Wall-clock time until which a node has claimed it.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    public Guid? LeaseToken { get; init; }

    /// <summary>The rule that said no last.</summary>
    public string? Rule { get; init; }

    public short? LastOutcome { get; init; }

    public DateTimeOffset? LastAt { get; init; }
}

/// <summary>A campaign changed: its state, its audience, or how far it is.</summary>
public sealed record CampaignChanged(TenantId TenantId, Guid CampaignId) : IDomainEvent
{
    public string Name => "campaign.changed";
}
