using System.Diagnostics.Metrics;

namespace AIX.Infrastructure.Pipeline;

/// <summary>Counters of the pipeline, under the meter <c>AIX</c>.</summary>
internal sealed class PipelineMeter(IMeterFactory meters)
{
    public const string Name = "AIX";

    private readonly Counter<long> _done = meters.Create(Name).CreateCounter<long>("aix_pipeline_runs_done", description: "Runs brought through all stages");
    private readonly Counter<long> _failed = meters.Create(Name).CreateCounter<long>("aix_pipeline_runs_failed", description: "Failures of a run's stage");

    public void Done(int runs) => _done.Add(runs);

    public void Failed() => _failed.Add(1);
}
