using AIX.Core.Tenancy;

namespace AIX.Core.Users;

/// <summary>A stored answer to a POST.</summary>
/// <param name="RequestHash">SHA-256 of the request.</param>
/// <param name="Status">HTTP status; null while the first request is running.</param>
public sealed record StoredAnswer(byte[] RequestHash, int? Status, string? ContentType, byte[]? Body);

/// <summary>Remembers answers by idempotency key, per tenant, for a day.</summary>
public interface IIdempotencyStore
{
    /// <summary>Takes the key for a first request; else the answer that is stored under it, or is on its way.</summary>
    /// <returns>Null when the key is ours now.</returns>
    Task<StoredAnswer?> TakeAsync(TenantId tenant, string key, byte[] requestHash, CancellationToken ct);

    Task SaveAsync(TenantId tenant, string key, int status, string? contentType, byte[] body, CancellationToken ct);

    /// <summary>Frees a key whose request failed inside, so that it can be sent again.</summary>
    Task ReleaseAsync(TenantId tenant, string key, CancellationToken ct);
}
