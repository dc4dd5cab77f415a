using AIX.Core.Tenancy;

namespace AIX.Core.Shared;

/// <summary>Events of all nodes, as they arrive on this one.</summary>
public interface ILiveFeed
{
    /// <summary>Listens until disposed. The handler runs on the feed's thread: it must hand over and return.</summary>
    /// <param name="tenant">Null listens to all tenants; for the hub, which sorts them into groups itself.</param>
    IDisposable Subscribe(TenantId? tenant, Action<IDomainEvent> handler);

    /// <summary>How many events of the tenant have come; counted before anybody hears of one. What was read from the database since the same count holds all of them.</summary>
    long CountOf(TenantId tenant);
}

/// <summary>Whether the program can do its work.</summary>
public interface IReadiness
{
    Task<bool> IsReadyAsync(CancellationToken ct);
}
