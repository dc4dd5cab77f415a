using System.Collections.Concurrent;
using AIX.Core.Conversations;
using AIX.Core.Tenancy;
using AIX.Core.Text;

namespace AIX.Core.Calls;

/// <summary>Flows, intents and articles as conversations need them, cached on the node.</summary>
public interface IFlowBook
{
    /// <summary>The tenant's newest version of a flow, or the shipped one.</summary>
    Task<DialogueFlow?> NewestAsync(TenantId tenant, string key, CancellationToken ct);

    Task<IReadOnlyList<DialogueFlow>> AllAsync(TenantId tenant, CancellationToken ct);

    /// <summary>A conversation that runs a version of a flow, with an article for what was heard at hand.</summary>
    /// <param name="heard">What it will be asked to hear; empty for the opening and for silence.</param>
    Task<Conversation> ConversationAsync(TenantId tenant, string key, int version, string heard, CancellationToken ct);

    /// <summary>A conversation on a flow that is not saved yet, for the tester.</summary>
    Task<Conversation> ConversationAsync(TenantId tenant, DialogueFlow flow, string heard, CancellationToken ct);

    /// <summary>Learns the intents, in the background, unless that was done; asked for at start, so that the first call does not wait.</summary>
    Task WarmAsync(CancellationToken ct);

    /// <summary>The intents are learned, or cannot be, which a call then says.</summary>
    bool IsWarm { get; }
}

internal sealed class FlowBook(IDialogueStore store, IEmbedder embedder, TimeProvider time) : IFlowBook
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<(TenantId, string, int), DialogueFlow> _versions = new();
    private readonly ConcurrentDictionary<TenantId, (KnowledgeIndex Index, DateTimeOffset Until)> _articles = new();
    /// <summary>Learned on a thread of its own: whoever needs it waits without holding one of the pool's, of which there are few.</summary>
    private readonly Lazy<Task<IntentModel>> _intents = new(() => Task.Factory.StartNew(
        () => IntentModel.Train([.. IntentCorpus.All.Select(r => (r.Text, r.Intent))], IntentTraining.OfCalls), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));

    public Task WarmAsync(CancellationToken ct) => _intents.Value.WaitAsync(ct);

    public bool IsWarm => _intents is { IsValueCreated: true, Value.IsCompleted: true };

    public async Task<DialogueFlow?> NewestAsync(TenantId tenant, string key, CancellationToken ct) =>
        await store.NewestFlowAsync(tenant, key, ct) is { } version ? await VersionAsync(tenant, key, version, ct) : ShippedFlows.All.FirstOrDefault(f => f.Key == key);

    public async Task<IReadOnlyList<DialogueFlow>> AllAsync(TenantId tenant, CancellationToken ct)
    {
        var own = await store.FlowsAsync(tenant, ct);
        return [.. own, .. ShippedFlows.All.Where(f => own.All(o => o.Key != f.Key))];
    }

    public async Task<Conversation> ConversationAsync(TenantId tenant, string key, int version, string heard, CancellationToken ct)
    {
        var flow = await VersionAsync(tenant, key, version, ct) ?? throw new InvalidOperationException($"Version {version} of the dialogue “{key}” is gone.");
        return await ConversationAsync(tenant, flow, heard, ct);
    }

    /// <summary>A version never changes.</summary>
    private async Task<DialogueFlow?> VersionAsync(TenantId tenant, string key, int version, CancellationToken ct)
    {
        if (!_versions.TryGetValue((tenant, key, version), out var flow) && ((version == 1 ? ShippedFlows.All.FirstOrDefault(f => f.Key == key) : null) ?? await store.FlowAsync(tenant, key, version, ct)) is { } found)
        {
            _versions[(tenant, key, version)] = flow = found;
        }

        return flow;
    }

    public async Task<Conversation> ConversationAsync(TenantId tenant, DialogueFlow flow, string heard, CancellationToken ct)
    {
        var index = await IndexAsync(tenant, ct);
        var vector = heard.Length == 0 ? [] : (await embedder.EmbedAsync([heard[..Math.Min(heard.Length, Conversation.MaxHeard)]], ct))[0];

        // The opening and silence need no intents: they are not kept waiting while these are learned.
        var intents = heard.Length == 0 ? null : await _intents.Value.WaitAsync(ct);
        return new Conversation(flow, text => (intents ?? throw new InvalidOperationException("A conversation that was asked for silence cannot hear words.")).Classify(text), (question, language) => index.Find(question, vector, language));
    }

    private async Task<KnowledgeIndex> IndexAsync(TenantId tenant, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (_articles.TryGetValue(tenant, out var cached) && cached.Until > now)
        {
            return cached.Index;
        }

        var articles = await store.ArticlesAsync(tenant, ct);
        var vectors = articles.Count == 0 ? [] : await embedder.EmbedAsync([.. articles.Select(a => $"{a.Title} {a.Keys} {a.Answer}")], ct);
        var index = new KnowledgeIndex([.. articles.Select((a, i) => new KnowledgeEntry(a.Id, a.Language, a.Title, a.Answer, a.Keys, vectors[i]))]);
        _articles[tenant] = (index, now + Lifetime);
        return index;
    }
}
