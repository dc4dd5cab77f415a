using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Routing;

/// <summary>A rule with its document read.</summary>
public sealed record ReadRule(RoutingRule Rule, RuleDocument Document);

public interface IRoutingStore
{
    /// <summary>All rules in their order; cached for a few seconds.</summary>
    Task<IReadOnlyList<ReadRule>> RulesAsync(TenantId tenant, CancellationToken ct);

    /// <summary>Replaces all rules.</summary>
    Task SaveAsync(IUnitOfWork work, IReadOnlyList<ReadRule> rules, CancellationToken ct);

    /// <summary>Takes so many turns of a rule; nobody else gets the same.</summary>
    /// <returns>The first of them.</returns>
    Task<long> TakeTurnsAsync(IUnitOfWork work, Guid rule, int count, CancellationToken ct);

    /// <summary>Every agent of the tenant, in the order of their ids.</summary>
    /// <param name="withLoad">Counts the open leads that each owns; 0 otherwise.</param>
    Task<IReadOnlyList<(Guid User, int Open)>> AgentsAsync(IUnitOfWork work, bool withLoad, CancellationToken ct);

    /// <summary>The given leads as rules see them.</summary>
    Task<IReadOnlyList<LeadToRoute>> LoadAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, CancellationToken ct);

    /// <summary>Scored leads as rules see them, a chunk at a time, for a dry run.</summary>
    IAsyncEnumerable<IReadOnlyList<LeadToRoute>> LeadsAsync(TenantId tenant, CancellationToken ct);
}
