using AIX.Core.Tenancy;

namespace AIX.Core.Pipeline;

/// <summary>One lead's way through the stages. Deleted when done; a run that failed too often moves to <see cref="DeadLetter"/>.</summary>
public sealed class PipelineRun : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    /// <summary>Ascending: the order of the queue.</summary>
    public long Id { get; init; }

    public required Guid LeadId { get; init; }

    public Stage Stage { get; private set; }

    /// <summary>Failures of the current stage.</summary>
    public int Attempts { get; private set; }

    /// <summary>Not before; set by back-off.</summary>
    public DateTimeOffset? ReadyAt { get; private set; }

    public Guid? LeaseToken { get; private set; }

    public DateTimeOffset? LeaseUntil { get; private set; }
}

/// <summary>A run that needs a person.</summary>
public sealed class DeadLetter : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required long RunId { get; init; }

    public required Guid LeadId { get; init; }

    public required Stage Stage { get; init; }

    public required int Attempts { get; init; }

    public required string Error { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>How many runs a node brought through a stage in a minute; for rates and fairness.</summary>
public sealed class PipelineStat : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required string Node { get; init; }

    public required Stage Stage { get; init; }

    public required DateTimeOffset Minute { get; init; }

    public required long Done { get; init; }
}
