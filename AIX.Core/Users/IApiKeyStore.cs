using AIX.Core.Tenancy;

namespace AIX.Core.Users;

/// <summary>An authenticated key, as read before the tenant is known.</summary>
public sealed record ApiKeyIdentity(TenantId TenantId, Guid KeyId, IReadOnlyList<string> Permissions, Guid? IssuedBy);

public sealed record ApiKeySummary(Guid Id, string Name, string Prefix, IReadOnlyList<string> Permissions, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt);

public interface IApiKeyStore
{
    /// <summary>The live key of this secret; null when unknown, expired or revoked.</summary>
    Task<ApiKeyIdentity?> AuthenticateAsync(string secret, CancellationToken ct);

    Task AddAsync(ApiKey key, CancellationToken ct);

    Task<IReadOnlyList<ApiKeySummary>> ListAsync(CancellationToken ct);

    /// <returns>False when the tenant has no such key.</returns>
    Task<bool> RevokeAsync(Guid keyId, CancellationToken ct);
}
