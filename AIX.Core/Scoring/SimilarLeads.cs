using System.Collections.Concurrent;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Text;

namespace AIX.Core.Scoring;

/// <summary>A stored embedding of a lead.</summary>
public sealed class LeadVector : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid LeadId { get; init; }

    /// <summary><see cref="IEmbedder.Name"/>: vectors of another embedder are not compared.</summary>
    public required string Embedder { get; init; }

    /// <summary>Half-precision numbers (IEEE 754 binary16), little-endian.</summary>
    public required byte[] Vector { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A lead like another.</summary>
/// <param name="Similarity">Cosine of the embeddings, at most 1.</param>
public sealed record SimilarLead(Guid LeadId, double Similarity);

public interface ILeadVectorStore
{
    Task SaveAsync(IUnitOfWork work, string embedder, IReadOnlyList<(Guid Lead, float[] Vector)> vectors, DateTimeOffset now, CancellationToken ct);

    /// <summary>Vectors written at or after a moment, at most <paramref name="limit"/>, the newest.</summary>
    Task<IReadOnlyList<(Guid Lead, float[] Vector)>> ChangedAsync(TenantId tenant, string embedder, DateTimeOffset since, int limit, CancellationToken ct);

    /// <summary>Leads with an outcome, where outcome or vector was written since: whether they were won.</summary>
    Task<IReadOnlyList<(Guid Lead, float[] Vector, bool Won)>> OutcomesAsync(TenantId tenant, string embedder, DateTimeOffset since, int limit, CancellationToken ct);
}

/// <summary>
/// Finds leads by what they are like. An index per tenant lies in memory (exact inner product), is filled from the database when first asked and kept up by what changed since; the tenant that was
/// asked least lately makes room for another.
/// </summary>
public sealed class SimilarLeads(ILeadVectorStore store, IEmbedder embedder, TimeProvider time)
{
    /// <summary>Newest leads that are compared.</summary>
    private const int MaxVectors = 200_000;

    private const int MaxTenants = 16;

    /// <summary>Won leads from which on "like our customers" means something, and how many of the nearest are averaged.</summary>
    private const int MinWon = 10;

    private const int Nearest = 3;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    /// <summary>A transaction that began earlier may commit later.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<TenantId, TenantIndex> _indexes = new();

    /// <summary>Null where a text has no word.</summary>
    public async Task<IReadOnlyList<float[]?>> EmbedAsync(IReadOnlyList<LeadForScoring> leads, CancellationToken ct) =>
        [.. (await embedder.EmbedAsync([.. leads.Select(LeadText.Of)], ct)).Select(v => Array.TrueForAll(v, x => x == 0) ? null : v)];

    public Task SaveAsync(IUnitOfWork work, IReadOnlyList<(Guid Lead, float[] Vector)> vectors, CancellationToken ct) => store.SaveAsync(work, embedder.Name, vectors, time.GetUtcNow(), ct);

    /// <summary>Mean similarity to the three nearest won leads, each lead itself left out; null before there are ten, and for a lead without a vector.</summary>
    public async Task<double?[]> LikeWonAsync(TenantId tenant, IReadOnlyList<(Guid Lead, float[]? Vector)> leads, CancellationToken ct)
    {
        var index = await IndexAsync(tenant, wonOnly: true, ct);
        return [.. leads.Select(l => l.Vector is null || index.Won.Count < MinWon ? null : (double?)index.Won.Search(l.Vector, Nearest, id => id != l.Lead).Select(h => (double)h.Score).DefaultIfEmpty(0).Average())];
    }

    /// <summary>The leads most like one, the most alike first.</summary>
    /// <param name="wonOnly">Only among leads that were won.</param>
    public async Task<IReadOnlyList<SimilarLead>> LikeAsync(TenantId tenant, Guid lead, int count, bool wonOnly, CancellationToken ct)
    {
        var index = await IndexAsync(tenant, wonOnly: false, ct);
        return index.All.Find(lead) is not { } vector ? [] : [.. (wonOnly ? index.Won : index.All).Search(vector, count, id => id != lead).Select(h => new SimilarLead(h.Key, h.Score))];
    }

    /// <param name="wonOnly">Scoring looks at won leads alone: the vectors of all are not brought into memory for it.</param>
    private async Task<TenantIndex> IndexAsync(TenantId tenant, bool wonOnly, CancellationToken ct)
    {
        var index = _indexes.GetOrAdd(tenant, _ => new TenantIndex(embedder.Dimensions));
        await index.Gate.WaitAsync(ct);
        try
        {
            index.AskedAt = time.GetUtcNow();
            if (index.WonReadAt is not { } wonReadAt || time.GetUtcNow() - wonReadAt >= Fresh)
            {
                await ReadWonAsync(tenant, index, ct);
            }

            if (!wonOnly && (index.AllReadAt is not { } allReadAt || time.GetUtcNow() - allReadAt >= Fresh))
            {
                await ReadAllAsync(tenant, index, ct);
            }
        }
        finally
        {
            index.Gate.Release();
        }

        if (_indexes.Count > MaxTenants && _indexes.MinBy(i => i.Value.AskedAt) is var oldest && oldest.Key != tenant)
        {
            _indexes.TryRemove(oldest);
        }

        return index;
    }

    private async Task ReadWonAsync(TenantId tenant, TenantIndex index, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        foreach (var (lead, vector, won) in await store.OutcomesAsync(tenant, embedder.Name, index.WonReadAt is { } readAt ? readAt - Overlap : DateTimeOffset.MinValue, MaxVectors, ct))
        {
            if (won)
            {
                index.Won.Set(lead, vector);
            }
            else
            {
                index.Won.Remove(lead);
            }
        }

        index.WonReadAt = now;
    }

    private async Task ReadAllAsync(TenantId tenant, TenantIndex index, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        foreach (var (lead, vector) in await store.ChangedAsync(tenant, embedder.Name, index.AllReadAt is { } readAt ? readAt - Overlap : DateTimeOffset.MinValue, MaxVectors, ct))
        {
            index.All.Set(lead, vector);
        }

        index.AllReadAt = now;
    }

    /// <summary>Not disposed when it makes room: who is searching in it goes on.</summary>
    private sealed class TenantIndex(int dimensions)
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public VectorIndex<Guid> All { get; } = new(dimensions);

        public VectorIndex<Guid> Won { get; } = new(dimensions);

        public DateTimeOffset? WonReadAt { get; set; }

        public DateTimeOffset? AllReadAt { get; set; }

        public DateTimeOffset AskedAt { get; set; }
    }
}
