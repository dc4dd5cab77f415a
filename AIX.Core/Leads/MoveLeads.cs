using AIX.Core.Shared;

namespace AIX.Core.Leads;

/// <summary>Takes over leads that became hot: finds each an owner by the tenant's rules and tells whoever it is. Answered by the pipeline, which does the same for leads it routes itself.</summary>
public interface IHandOver
{
    Task ExecuteAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, CancellationToken ct);
}

/// <summary>Moves leads to where a band leads, when a person says so or time does: with a transition for every step, and handed over where they become hot.</summary>
public sealed class MoveLeads(ILeadWorkStore store, IHandOver handOver)
{
    /// <param name="from">Where all of them stand.</param>
    /// <returns>They became hot and were handed over.</returns>
    public async Task<bool> ToBandAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, LeadState from, Band band, TransitionOrigin origin, Guid? actor, DateTimeOffset now, CancellationToken ct)
    {
        var path = LeadLifeCycle.PathTo(from, band);
        await store.MoveAsync(work, leads, from, path, origin, actor, now, ct);
        var hot = path.Count > 0 && path[^1] == LeadState.Assigned;
        if (hot)
        {
            await handOver.ExecuteAsync(work, leads, ct);
        }

        return hot;
    }
}
