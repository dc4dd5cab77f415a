using AIX.Core.Tenancy;

namespace AIX.Core.Users;

/// <summary>A person who signs in; belongs to exactly one tenant. The e-mail is unique across tenants.</summary>
public sealed class User : ITenantOwned
{
    private User()
    {
    }

    public User(TenantId tenant, Guid id, string email, string displayName, Role role) =>
        (TenantId, Id, Email, NormalizedEmail, DisplayName, Role) = (tenant, id, email, email.ToUpperInvariant(), displayName, role);

    public TenantId TenantId { get; private init; }

    public Guid Id { get; private init; }

    public string Email { get; private set; } = "";

    public string NormalizedEmail { get; private set; } = "";

    public string DisplayName { get; private set; } = "";

    public Role Role { get; private set; }

    public string? PasswordHash { get; private set; }

    public string SecurityStamp { get; private set; } = "";

    public int AccessFailedCount { get; private set; }

    public DateTimeOffset? LockoutEnd { get; private set; }

    public void SetEmail(string email, string? normalized) => (Email, NormalizedEmail) = (email, normalized ?? email.ToUpperInvariant());

    public void SetPasswordHash(string? hash) => PasswordHash = hash;

    public void SetSecurityStamp(string stamp) => SecurityStamp = stamp;

    public void SetAccessFailedCount(int count) => AccessFailedCount = count;

    public void SetLockoutEnd(DateTimeOffset? end) => LockoutEnd = end;
}
