namespace AIX.Core.Pipeline;

/// <summary>One stage as the pipeline page shows it.</summary>
/// <param name="Waiting">Runs that wait for this stage.</param>
/// <param name="Running">Of them, under a lease now.</param>
/// <param name="PerSecond">Runs brought through in the last minutes, per second.</param>
public sealed record StageStatus(Stage Stage, int Waiting, int Running, double PerSecond);

public sealed record FailedRun(long RunId, Guid LeadId, string? LeadName, Stage Stage, int Attempts, string Error, DateTimeOffset At);

public sealed record NodeStatus(string Node, long Done);

/// <param name="Retrying">Runs that wait for their back-off to end.</param>
public sealed record PipelineStatus(IReadOnlyList<StageStatus> Stages, int Retrying, int Failed, IReadOnlyList<FailedRun> FailedRuns, IReadOnlyList<NodeStatus> Nodes);

public interface IPipelineQueries
{
    Task<PipelineStatus> StatusAsync(DateTimeOffset now, CancellationToken ct);
}
