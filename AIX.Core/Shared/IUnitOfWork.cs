using AIX.Core.Tenancy;

namespace AIX.Core.Shared;

/// <summary>One connection, one transaction, all stores of a use case. Disposed without <see cref="CommitAsync"/> it rolls back.</summary>
public interface IUnitOfWork : IAsyncDisposable
{
    TenantId TenantId { get; }

    /// <summary>Adds an event to the outbox; it goes out when and only when the transaction commits.</summary>
    void Raise(IDomainEvent domainEvent);

    Task CommitAsync(CancellationToken ct);
}

public interface IUnitOfWorkFactory
{
    Task<IUnitOfWork> BeginAsync(TenantId tenant, CancellationToken ct);
}
