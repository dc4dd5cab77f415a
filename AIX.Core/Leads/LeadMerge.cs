using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>Two leads that were made one, with what it takes to undo it.</summary>
public sealed class LeadMerge : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid WinnerId { get; init; }

    public required Guid LoserId { get; init; }

    /// <summary>The winner's version after the merge; guards undo.</summary>
    public required int WinnerVersion { get; init; }

    /// <summary>JSON: table → rows of both leads before.</summary>
    public required string Images { get; init; }

    public Guid? ActorId { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? UndoneAt { get; private set; }
}
