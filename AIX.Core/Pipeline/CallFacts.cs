using AIX.Core.Calls;
using AIX.Core.Enrichment;
using AIX.Core.Shared;

namespace AIX.Core.Pipeline;

/// <summary>What was said on a call becomes facts with the call as source, and the lead is scored again.</summary>
internal sealed class CallFacts(IPipelineStore store, IPipelineQueue queue, TimeProvider time) : ICallFacts
{
    public const string Source = "call";

    /// <summary>Said by the person, heard by a machine.</summary>
    private const double Reliability = 0.85;

    public async Task AddAsync(IUnitOfWork work, Guid lead, IReadOnlyDictionary<string, string> facts, CancellationToken ct)
    {
        await store.AddFactsAsync(work, [.. facts.Select(f => new FoundFact(lead, f.Key, f.Value, Source, Reliability))], time.GetUtcNow(), ct);
        await queue.EnqueueAsync(work, [lead], ct);
    }
}
