using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

public enum BulkKind
{
    Assign,
    Tag,
    Untag,
    Nurture,
    Archive,
    SendToReview,
    Rescore,
    Export,

    /// <summary>Names the leads for a calling campaign, whose gate looks at each.</summary>
    Campaign,
}

public enum BulkState
{
    Waiting,
    Running,
    Done,
    Failed,
    Cancelled,

    /// <summary>Being undone.</summary>
    Undoing,
    Undone,
}

/// <summary>Work on many leads at once, done in the background.</summary>
public sealed class BulkJob : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required BulkKind Kind { get; init; }

    /// <summary>JSON of the filter, or of the chosen leads.</summary>
    public required string Filter { get; init; }

    /// <summary>JSON.</summary>
    public required string Arguments { get; init; }

    public Guid? CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public BulkState State { get; private set; }

    /// <summary>Leads that it is about; null until counted.</summary>
    public int? Total { get; private set; }

    public int Done { get; private set; }

    public int Changed { get; private set; }

    /// <summary>The last lead that was done: where another node goes on.</summary>
    public Guid? After { get; private set; }

    public Guid? LeaseToken { get; private set; }

    public DateTimeOffset? LeaseUntil { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public string? Failure { get; private set; }
}
