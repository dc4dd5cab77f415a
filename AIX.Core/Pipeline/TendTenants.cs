using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Pipeline;

public interface ITendingStore
{
    Task<IReadOnlyList<TenantId>> TenantsAsync(CancellationToken ct);

    /// <summary>Callbacks that were due and not made, each once: for its owner, and for every manager where it has none.</summary>
    Task<IReadOnlyList<(Guid Person, Guid Lead, string Title)>> MissedCallbacksAsync(IUnitOfWork work, DateTimeOffset now, DateTimeOffset dueBefore, CancellationToken ct);

    /// <summary>Ends overrides whose time is up.</summary>
    /// <returns>Their leads with where they stand now.</returns>
    Task<IReadOnlyList<(Guid Lead, LeadState State, Band? Band)>> EndOverridesAsync(IUnitOfWork work, DateTimeOffset now, CancellationToken ct);

    /// <summary>Takes leads up again whose date has come: those in nurture or archive are being scored again from here on.</summary>
    Task<IReadOnlyList<Guid>> ReevaluateAsync(IUnitOfWork work, DateTimeOffset now, int limit, CancellationToken ct);

    /// <summary>Deletes notices and bulk work from before that date.</summary>
    Task ForgetAsync(IUnitOfWork work, DateTimeOffset before, CancellationToken ct);

    /// <summary>Open tasks that are due and whose owner has not been told.</summary>
    Task<IReadOnlyList<(Guid Owner, Guid Lead, string Title)>> DueTasksAsync(IUnitOfWork work, DateTimeOffset now, CancellationToken ct);
}

/// <summary>What time alone brings about: overrides end, leads are looked at again, tasks fall due. Run every minute, on one node.</summary>
public sealed class TendTenants(ITendingStore store, MoveLeads moves, IPipelineQueue queue, IUnitOfWorkFactory works, TimeProvider time)
{
    private const int AtOnce = 5_000;

    /// <summary>A callback that nobody made for so long was missed.</summary>
    private static readonly TimeSpan MissedAfter = TimeSpan.FromMinutes(15);

    /// <summary>Read notices and finished bulk work are kept so long.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    public async Task ExecuteAsync(CancellationToken ct)
    {
        foreach (var tenant in await store.TenantsAsync(ct))
        {
            await TendAsync(tenant, ct);
        }
    }

    private async Task TendAsync(TenantId tenant, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var work = await works.BeginAsync(tenant, ct);
        var ended = await store.EndOverridesAsync(work, now, ct);
        foreach (var alike in ended.Where(e => e.Band is not null).GroupBy(e => (e.State, Band: e.Band!.Value)))
        {
            await moves.ToBandAsync(work, [.. alike.Select(e => e.Lead)], alike.Key.State, alike.Key.Band, TransitionOrigin.Rule, null, now, ct);
        }

        await store.ForgetAsync(work, now - Kept, ct);

        var again = await store.ReevaluateAsync(work, now, AtOnce, ct);
        if (again.Count > 0)
        {
            await queue.EnqueueAsync(work, [.. again], ct);
        }

        foreach (var (owner, lead, title) in await store.DueTasksAsync(work, now, ct))
        {
            work.Tell(new Notice(owner, "taskDue", lead, title));
        }

        foreach (var (person, lead, title) in await store.MissedCallbacksAsync(work, now, now - MissedAfter, ct))
        {
            work.Tell(new Notice(person, "callbackMissed", lead, title));
        }

        if (ended.Count + again.Count > 0)
        {
            work.Raise(new LeadsTouched(tenant, [.. ended.Select(e => e.Lead), .. again]));
        }

        await work.CommitAsync(ct);
    }
}
