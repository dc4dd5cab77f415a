using System.Security.Cryptography;
using System.Text;
using AIX.Core.Tenancy;

namespace AIX.Core.Users;

/// <summary>A machine's key to one tenant with a set of permissions. Only its SHA-256 is stored: the key itself has 256 random bits, so no slow hash is needed.</summary>
public sealed class ApiKey : ITenantOwned
{
    private ApiKey()
    {
    }

    public ApiKey(TenantId tenant, Guid id, string name, string secret, IEnumerable<string> permissions, DateTimeOffset createdAt, DateTimeOffset? expiresAt = null, Guid? issuedBy = null)
    {
        (TenantId, Id, Name, CreatedAt, ExpiresAt, IssuedBy) = (tenant, id, name, createdAt, expiresAt, issuedBy);
        Hash = HashOf(secret);
        Prefix = secret[..Math.Min(8, secret.Length)];
        Permissions = [.. permissions];
    }

    public TenantId TenantId { get; private init; }

    public Guid Id { get; private init; }

    public string Name { get; private init; } = "";

    /// <summary>First characters of the key, to recognise it in a list.</summary>
    public string Prefix { get; private init; } = "";

    public byte[] Hash { get; private init; } = [];

    public string[] Permissions { get; private init; } = [];

    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>The person who issued it; null for those that came with the program.</summary>
    public Guid? IssuedBy { get; private init; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public static string NewSecret() => "aix_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public void Revoke(DateTimeOffset at) => RevokedAt ??= at;
}
