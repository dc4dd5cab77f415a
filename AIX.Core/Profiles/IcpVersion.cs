using AIX.Core.Tenancy;

namespace AIX.Core.Profiles;

/// <summary>A stored version of the tenant's profile; the one in production has no archive date.</summary>
public sealed class IcpVersion : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required int Version { get; init; }

    /// <summary>JSON of <see cref="IdealCustomerProfile"/>.</summary>
    public required string Document { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ArchivedAt { get; private set; }
}

public interface IProfileStore
{
    /// <summary>The profile in production; cached for a few seconds.</summary>
    Task<IdealCustomerProfile> CurrentAsync(TenantId tenant, CancellationToken ct);

    /// <summary>A version by its number, for ledgers of older scores.</summary>
    Task<IdealCustomerProfile?> FindAsync(TenantId tenant, int version, CancellationToken ct);
}
