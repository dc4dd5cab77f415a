using AIX.Core.Auditing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Users;

/// <summary>The secret is shown once; only its hash stays.</summary>
public sealed record IssuedApiKey(Guid Id, string Secret);

/// <summary>Issues and revokes the tenant's API keys.</summary>
public sealed class ManageApiKeys(IApiKeyStore keys, IAuditLog audit, TimeProvider time)
{
    public async Task<Result<IssuedApiKey>> IssueAsync(TenantId tenant, Actor actor, string name, IReadOnlyCollection<string> permissions, DateTimeOffset? expiresAt, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 80)
        {
            return new Error(ErrorKind.Invalid, "invalid-key-name", "Give the key a name of 1 to 80 characters.", "name");
        }

        if (permissions.Count == 0 || permissions.Except(Permission.All).Any())
        {
            return new Error(ErrorKind.Invalid, "invalid-permissions", "Choose at least one of: " + string.Join(", ", Permission.All) + ".", "permissions");
        }

        var now = time.GetUtcNow();
        var secret = ApiKey.NewSecret();
        var key = new ApiKey(tenant, Guid.CreateVersion7(now), name.Trim(), secret, permissions, now, expiresAt, actor.Answers);
        await keys.AddAsync(key, ct);
        await audit.AppendAsync(tenant, actor, "apiKey.issued", new { key.Id, permissions }, ct);
        return new IssuedApiKey(key.Id, secret);
    }

    public async Task<Result<Guid>> RevokeAsync(TenantId tenant, Actor actor, Guid keyId, CancellationToken ct)
    {
        if (!await keys.RevokeAsync(keyId, ct))
        {
            return new Error(ErrorKind.NotFound, "unknown-key", "There is no such API key.");
        }

        await audit.AppendAsync(tenant, actor, "apiKey.revoked", new { keyId }, ct);
        return keyId;
    }
}
