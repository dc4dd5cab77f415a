using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Compliance;

/// <summary>Figures for the compliance page.</summary>
public sealed record ComplianceBoard(int Suppressed, int Consented, int Scrubbed, DateTimeOffset? LastScrub, int Allowed24, int Denied24, IReadOnlyList<(string Rule, int Count)> Denials);

/// <summary>What was taken in, kept and asked for.</summary>
public interface IComplianceStore
{
    Task AddConsentsAsync(IUnitOfWork work, IReadOnlyList<ConsentEvent> events, CancellationToken ct);

    /// <summary>A later scrub replaces an earlier one; never the other way round.</summary>
    Task SavePreferencesAsync(IUnitOfWork work, IReadOnlyList<DndPreference> rows, CancellationToken ct);

    Task SuppressAsync(IUnitOfWork work, IReadOnlyList<Suppression> rows, CancellationToken ct);

    Task AddBatchAsync(IUnitOfWork work, ComplianceBatch batch, CancellationToken ct);

    Task<int> SaveTighteningAsync(IUnitOfWork work, string document, Guid? author, DateTimeOffset now, CancellationToken ct);

    Task<IReadOnlyList<ComplianceBatch>> BatchesAsync(TenantId tenant, int limit, CancellationToken ct);

    Task<ComplianceBoard> BoardAsync(TenantId tenant, DateTimeOffset now, CancellationToken ct);

    /// <summary>The ledger of one address, the newest first.</summary>
    Task<IReadOnlyList<ConsentEvent>> LedgerAsync(TenantId tenant, string address, CancellationToken ct);

    /// <summary>Suppressed addresses, in order, after one; for export and for the page.</summary>
    Task<IReadOnlyList<Suppression>> SuppressionsAsync(TenantId tenant, string? after, int limit, CancellationToken ct);

    /// <summary>Decisions about an address, or the newest of all.</summary>
    Task<IReadOnlyList<GateRecord>> DecisionsAsync(TenantId tenant, string? address, int limit, CancellationToken ct);
}

/// <summary>A file came in, somebody was suppressed or opted out, the rules were tightened.</summary>
public sealed record ComplianceChanged(TenantId TenantId) : IDomainEvent
{
    public string Name => "compliance.changed";
}
