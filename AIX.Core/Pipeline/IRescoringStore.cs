using AIX.Core.Routing;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Pipeline;

/// <summary>Reads snapshots and writes scores of many leads, a chunk per statement.</summary>
public interface IRescoringStore
{
    /// <summary>Scored leads whose score is another model's.</summary>
    Task<int> CountAsync(TenantId tenant, int model, CancellationToken ct);

    /// <summary>The next of them, in the order of their ids.</summary>
    /// <param name="after">Id of the last lead read; empty for the first chunk.</param>
    Task<IReadOnlyList<LeadSnapshot>> ReadAsync(TenantId tenant, int model, Guid after, int limit, CancellationToken ct);

    /// <summary>About <paramref name="size"/> scored leads, spread evenly, and how many there are in all.</summary>
    Task<(IReadOnlyList<LeadSnapshot> Leads, int All)> SampleAsync(TenantId tenant, int size, CancellationToken ct);

    /// <summary>Writes standings and history; leads that have gone, or were scored from a newer snapshot meanwhile, are passed over.</summary>
    /// <param name="moved">Those whose band is another now: their state follows, unless a person has them.</param>
    /// <returns>Leads that became hot by it.</returns>
    Task<IReadOnlyList<Guid>> SaveAsync(IUnitOfWork work, IReadOnlyList<RescoredLead> scores, IReadOnlyList<RoutedLead> routes, IReadOnlyList<RoutedLead> moved, int model, int icp, DateTimeOffset now, CancellationToken ct);

    /// <summary>Every lead that a person should look at, with its score, some thousands at a time.</summary>
    IAsyncEnumerable<IReadOnlyList<LeadToRoute>> UncertainAsync(IUnitOfWork work, CancellationToken ct);

    /// <summary>Takes leads that are certain now out of the review queue, and sends the given ones in, at most the tenant's cap a day.</summary>
    /// <returns>Leads that became hot by it.</returns>
    Task<IReadOnlyList<Guid>> RouteReviewAsync(IUnitOfWork work, IReadOnlyList<RoutedLead> uncertain, TenantSettings settings, DateOnly day, DateTimeOffset now, CancellationToken ct);
}
