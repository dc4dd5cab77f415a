using System.Collections.Concurrent;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Infrastructure.Live;

/// <summary>Events of all nodes, handed to whoever on this node listens for the tenant.</summary>
internal sealed class LiveFeed : ILiveFeed
{
    private readonly ConcurrentDictionary<(TenantId? Tenant, long Id), Action<IDomainEvent>> _listeners = new();
    private readonly ConcurrentDictionary<TenantId, long> _counts = new();
    private long _next;

    public long CountOf(TenantId tenant) => _counts.GetValueOrDefault(tenant);

    public IDisposable Subscribe(TenantId? tenant, Action<IDomainEvent> handler)
    {
        var key = (tenant, Interlocked.Increment(ref _next));
        _listeners[key] = handler;
        return new Subscription(() => _listeners.TryRemove(key, out _));
    }

    public void Publish(IDomainEvent domainEvent)
    {
        _counts.AddOrUpdate(domainEvent.TenantId, 1, (_, count) => count + 1);
        foreach (var (key, handler) in _listeners)
        {
            if (key.Tenant is null || key.Tenant == domainEvent.TenantId)
            {
                handler(domainEvent);
            }
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
