using System.Collections.Concurrent;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Tenancy;

internal sealed class TenantStore(DataSources sources, TimeProvider time) : ITenantStore
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TenantId, (Tenant Tenant, DateTimeOffset Until)> _cache = new();

    public async Task<Tenant> GetAsync(TenantId id, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (_cache.TryGetValue(id, out var cached) && cached.Until > now)
        {
            return cached.Tenant;
        }

        await using var db = sources.Context(id);
        var tenant = await db.Set<Tenant>().AsNoTracking().FirstAsync(ct);
        _cache[id] = (tenant, now + Lifetime);
        return tenant;
    }

    public async Task SaveSettingsAsync(TenantId id, TenantSettings settings, CancellationToken ct)
    {
        await using var db = sources.Context(id);
        var tenant = await db.Set<Tenant>().FirstAsync(ct);
        tenant.Change(settings);
        await db.SaveChangesAsync(ct);
        _cache.TryRemove(id, out _);
    }
}
