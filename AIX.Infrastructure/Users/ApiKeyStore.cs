using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Users;

internal sealed class ApiKeyStore(DataSources sources, ICurrentTenant current, TimeProvider time) : IApiKeyStore
{
    public async Task<ApiKeyIdentity?> AuthenticateAsync(string secret, CancellationToken ct)
    {
        await using var connection = await sources.Front.OpenConnectionAsync(ct);
        await using var command = connection.Command(
            "SELECT tenant_id, id, permissions, issued_by FROM aix.api_keys WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)", ApiKey.HashOf(secret), time.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new ApiKeyIdentity(new TenantId(reader.GetGuid(0)), reader.GetGuid(1), reader.GetFieldValue<string[]>(2), reader.Nullable<Guid?>(3)) : null;
    }

    public async Task AddAsync(ApiKey key, CancellationToken ct)
    {
        await using var db = sources.Context(key.TenantId);
        db.Add(key);
        await db.SaveChangesAsync(ct);
    }

    public async Task<IReadOnlyList<ApiKeySummary>> ListAsync(CancellationToken ct)
    {
        await using var db = sources.Context(current.Id ?? default);
        return await db.Set<ApiKey>().OrderBy(k => k.Id).Select(k => new ApiKeySummary(k.Id, k.Name, k.Prefix, k.Permissions, k.CreatedAt, k.ExpiresAt, k.RevokedAt)).ToListAsync(ct);
    }

    public async Task<bool> RevokeAsync(Guid keyId, CancellationToken ct)
    {
        await using var db = sources.Context(current.Id ?? default);
        if (await db.Set<ApiKey>().FirstOrDefaultAsync(k => k.Id == keyId, ct) is not { } key)
        {
            return false;
        }

        key.Revoke(time.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return true;
    }
}
