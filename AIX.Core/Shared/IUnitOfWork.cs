using AIX.Core.Tenancy;

namespace AIX.Core.Shared;

/// <summary>One connection, one transaction, all stores of a use case. Disposed without <see cref="CommitAsync"/> it rolls back.</summary>
public interface IUnitOfWork : IAsyncDisposable
{
    TenantId TenantId { get; }

    /// <summary>Adds an event to the outbox; it goes out when and only when the transaction commits.</summary>
    void Raise(IDomainEvent domainEvent);

    /// <summary>Tells people something, with the commit.</summary>
    void Tell(Notice notice);

    Task CommitAsync(CancellationToken ct);
}

/// <summary>Something that one person should know.</summary>
/// <param name="Kind">Names the sentence.</param>
/// <param name="Text">What the sentence is filled with: names of leads only where the person may read them.</param>
public sealed record Notice(Guid UserId, string Kind, Guid? LeadId = null, string? Text = null);

/// <summary>These people have something new to know.</summary>
public sealed record PeopleTold(TenantId TenantId, IReadOnlyList<Guid> UserIds) : IDomainEvent
{
    public string Name => "people.told";
}

public interface IUnitOfWorkFactory
{
    Task<IUnitOfWork> BeginAsync(TenantId tenant, CancellationToken ct);
}
