using System.Collections.Concurrent;
using System.Text.Json;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Users;

internal sealed class People(DataSources sources, TimeProvider time) : IPeople
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly ConcurrentDictionary<TenantId, (IReadOnlyList<Person> People, DateTimeOffset Until)> _cache = new();

    public async Task<IReadOnlyList<Person>> ListAsync(TenantId tenant, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (_cache.TryGetValue(tenant, out var cached) && cached.Until > now)
        {
            return cached.People;
        }

        await using var db = sources.Context(tenant);
        var people = await db.Set<User>().OrderBy(u => u.DisplayName).ThenBy(u => u.Id).Select(u => new Person(u.Id, u.DisplayName, u.Role)).ToListAsync(ct);
        _cache[tenant] = (people, now + Lifetime);
        return people;
    }

    public async Task<Preferences> PreferencesAsync(TenantId tenant, Guid user, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        var data = await db.Set<UserPreferences>().Where(p => p.UserId == user).Select(p => p.Data).FirstOrDefaultAsync(ct);
        return data is null ? new Preferences() : JsonSerializer.Deserialize<Preferences>(data, Json)!;
    }

    public async Task SaveAsync(TenantId tenant, Guid user, Preferences preferences, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO aix.user_preferences (tenant_id, user_id, data) VALUES ({tenant.Value}, {user}, {JsonSerializer.Serialize(preferences, Json)}::jsonb) ON CONFLICT (tenant_id, user_id) DO UPDATE SET data = excluded.data", ct);
    }
}
