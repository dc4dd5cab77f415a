using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using AIX.Core.Calls;
using AIX.Core.Conversations;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Calls;

internal sealed class DialogueStore(DataSources sources) : IDialogueStore
{
    private const int KnownMost = 20_000;

    /// <summary>A dialogue that was saved on another node is used from then on at the latest.</summary>
    private static readonly TimeSpan NewestFor = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(TenantId Tenant, string Key), (int? Version, long At)> _newest = new();

    public async Task<IReadOnlyList<KnowledgeArticle>> ArticlesAsync(TenantId tenant, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<KnowledgeArticle>().AsNoTracking().OrderBy(a => a.Title).Take(2_000).ToListAsync(ct);
    }

    public async Task SaveArticleAsync(IUnitOfWork work, KnowledgeArticle article, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.knowledge_articles (tenant_id, id, language, title, answer, keys, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (tenant_id, id) DO UPDATE SET language = excluded.language, title = excluded.title, answer = excluded.answer, keys = excluded.keys, updated_at = excluded.updated_at
            """,
            unit.TenantId.Value, article.Id, article.Language, article.Title, article.Answer, article.Keys, article.UpdatedAt);
        await command.ExecuteNonQueryAsync(ct);
    }

    public Task RemoveArticleAsync(IUnitOfWork work, Guid article, CancellationToken ct) => UnitOfWork.Of(work).Db.Set<KnowledgeArticle>().Where(a => a.Id == article).ExecuteDeleteAsync(ct);

    public async Task<IReadOnlyList<DialogueFlow>> FlowsAsync(TenantId tenant, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        var newest = await db.Set<FlowVersion>().AsNoTracking().GroupBy(f => f.Key).Select(g => g.OrderByDescending(f => f.Version).First()).ToListAsync(ct);
        return newest.ConvertAll(Read);
    }

    public async Task<int?> NewestFlowAsync(TenantId tenant, string key, CancellationToken ct)
    {
        if (_newest.TryGetValue((tenant, key), out var known) && Stopwatch.GetElapsedTime(known.At) < NewestFor)
        {
            return known.Version;
        }

        await using var connection = await sources.OpenAsync(tenant, ct);
        await using var command = connection.Command("SELECT max(version) FROM aix.flow_versions WHERE tenant_id = $1 AND key = $2", tenant.Value, key);
        var version = await command.ExecuteScalarAsync(ct) as int?;
        if (_newest.Count > KnownMost)
        {
            _newest.Clear();
        }

        _newest[(tenant, key)] = (version, Stopwatch.GetTimestamp());
        return version;
    }

    public async Task<DialogueFlow?> FlowAsync(TenantId tenant, string key, int version, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<FlowVersion>().AsNoTracking().FirstOrDefaultAsync(f => f.Key == key && f.Version == version, ct) is { } found ? Read(found) : null;
    }

    public async Task<int> SaveFlowAsync(IUnitOfWork work, DialogueFlow flow, Guid? author, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.flow_versions (tenant_id, key, version, document, author_id, at)
            SELECT $1, $2, 1 + greatest(1, coalesce((SELECT max(version) FROM aix.flow_versions WHERE tenant_id = $1 AND key = $2), 0)), $3, $4, $5 RETURNING version
            """,
            unit.TenantId.Value, flow.Key, Sql.Json(JsonSerializer.Serialize(flow, ShippedFlows.Json)), author, now);
        var version = (int)(await command.ExecuteScalarAsync(ct))!;
        _newest.TryRemove((unit.TenantId, flow.Key), out _);
        return version;
    }

    private static DialogueFlow Read(FlowVersion row) => JsonSerializer.Deserialize<DialogueFlow>(row.Document, ShippedFlows.Json)! with { Version = row.Version };
}
