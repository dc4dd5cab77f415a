namespace AIX.Core.Pipeline;

/// <summary>The stages of a run, in their order.</summary>
public enum Stage
{
    Validate,
    Enrich,
    Score,
    Route,
    Sync,
}
