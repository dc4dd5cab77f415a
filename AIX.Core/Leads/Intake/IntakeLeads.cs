using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads.Intake;

/// <summary>Drafts of one source, to be taken in together.</summary>
/// <param name="SourceId">The import, key or form that they came through.</param>
/// <param name="AsNew">The drafts decided as if none of them were known; given by an import that expects new people, so that the look-up can be skipped when that holds.</param>
/// <param name="Turn">Order among chunks of one import; such chunks share the tenant's lock, everybody else has it alone.</param>
/// <param name="Alongside">Written in the same transaction, for instance an import's progress.</param>
internal sealed record IntakeBatch(
    TenantId TenantId,
    SourceKind SourceKind,
    Guid? SourceId,
    IReadOnlyList<LeadDraft> Drafts,
    CollisionRules Rules,
    Guid? ImportId = null,
    IntakeResolution? AsNew = null,
    IntakeTurn? Turn = null,
    Func<IUnitOfWork, IReadOnlyList<IntakeItem>, CancellationToken, Task>? Alongside = null);

/// <summary>The one way in: validate, deduplicate, store and enqueue, in one transaction.</summary>
internal sealed class IntakeLeads(IUnitOfWorkFactory works, IIntakeStore store, TimeProvider time)
{
    public async Task<IReadOnlyList<IntakeItem>> ExecuteAsync(IntakeBatch batch, CancellationToken ct)
    {
        try
        {
            var items = await StoreAsync(batch, ct);
            batch.Turn?.Committed();
            return items;
        }
        catch (Exception ex)
        {
            batch.Turn?.Failed(ex);
            throw;
        }
    }

    private async Task<IReadOnlyList<IntakeItem>> StoreAsync(IntakeBatch batch, CancellationToken ct)
    {
        await (batch.Turn?.MayLock ?? Task.CompletedTask);
        await using var work = await works.BeginAsync(batch.TenantId, ct);
        await store.LockAsync(work, shared: batch.Turn is not null, ct);
        batch.Turn?.Locked();

        var items = await AddAsNewAsync(work, batch, ct);
        await (batch.Turn?.MayMerge ?? Task.CompletedTask);
        items ??= await MergeAsync(work, batch, ct);
        if (batch.Alongside is { } alongside)
        {
            await alongside(work, items, ct);
        }

        await work.CommitAsync(ct);
        return items;
    }

    /// <summary>The short way: store everybody as new, and take it back when one of them turns out to be known.</summary>
    private async Task<IReadOnlyList<IntakeItem>?> AddAsNewAsync(IUnitOfWork work, IntakeBatch batch, CancellationToken ct) =>
        batch.AsNew is { } fresh && await store.TryAddNewAsync(work, Write(batch, fresh), IntakeKeys.Of(batch.Drafts), ct) ? fresh.Items : null;

    private async Task<IReadOnlyList<IntakeItem>> MergeAsync(IUnitOfWork work, IntakeBatch batch, CancellationToken ct)
    {
        var known = await store.LoadMatchesAsync(work, IntakeKeys.Of(batch.Drafts), ct);
        var resolution = IntakeResolver.Resolve(batch.Drafts, known, batch.Rules, batch.SourceId, time.GetUtcNow());
        if (resolution.Added.Count + resolution.Changed.Count > 0)
        {
            await store.SaveAsync(work, Write(batch, resolution), ct);
        }

        return resolution.Items;
    }

    private IntakeWrite Write(IntakeBatch batch, IntakeResolution resolution) =>
        new(resolution.Added, resolution.Changed, batch.SourceKind, batch.SourceId, batch.ImportId, time.GetUtcNow());
}
