using System.ComponentModel.DataAnnotations;

namespace AIX.Core.Pipeline;

/// <summary>How a node works through the queue.</summary>
public sealed class PipelineOptions
{
    public const string Section = "Pipeline";

    /// <summary>Workers of this node; 0 leaves the work to other nodes.</summary>
    [Range(0, 64)]
    public int Workers { get; set; } = 2;

    /// <summary>Runs claimed at once.</summary>
    [Range(1, 2000)]
    public int BatchSize { get; set; } = 250;

    /// <summary>How long a claim is held before another worker may take it.</summary>
    [Range(5, 3600)]
    public int LeaseSeconds { get; set; } = 60;

    /// <summary>Failures of a stage before a run becomes a dead letter.</summary>
    [Range(1, 50)]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>First back-off; doubles with each failure, up to one hour, ±20 %.</summary>
    [Range(1, 600)]
    public int BackoffSeconds { get; set; } = 5;

    /// <summary>How often an idle worker looks without having been woken: picks up back-offs and expired leases.</summary>
    [Range(1, 300)]
    public int PollSeconds { get; set; } = 2;
}
