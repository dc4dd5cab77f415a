using AIX.Core.Conversations;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Calls;

/// <summary>What the assistant knows: dialogue flows, whose saved versions stay, and articles.</summary>
public interface IDialogueStore
{
    Task<IReadOnlyList<KnowledgeArticle>> ArticlesAsync(TenantId tenant, CancellationToken ct);

    Task SaveArticleAsync(IUnitOfWork work, KnowledgeArticle article, CancellationToken ct);

    Task RemoveArticleAsync(IUnitOfWork work, Guid article, CancellationToken ct);

    /// <summary>The newest version of every flow that the tenant has saved.</summary>
    Task<IReadOnlyList<DialogueFlow>> FlowsAsync(TenantId tenant, CancellationToken ct);

    /// <summary>The newest version of a flow that the tenant has saved; null where it has saved none.</summary>
    Task<int?> NewestFlowAsync(TenantId tenant, string key, CancellationToken ct);

    Task<DialogueFlow?> FlowAsync(TenantId tenant, string key, int version, CancellationToken ct);

    /// <returns>The new version.</returns>
    Task<int> SaveFlowAsync(IUnitOfWork work, DialogueFlow flow, Guid? author, DateTimeOffset now, CancellationToken ct);
}
