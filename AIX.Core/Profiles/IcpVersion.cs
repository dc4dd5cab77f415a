using AIX.Core.Tenancy;

namespace AIX.Core.Profiles;

public enum IcpState
{
    Production,

    /// <summary>A draft: shown, tried, not used.</summary>
    Candidate,
    Archived,
}

/// <summary>A stored version of the tenant's profile. The document never changes; what changes is what the version is to the tenant.</summary>
public sealed class IcpVersion : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required int Version { get; init; }

    /// <summary>JSON of <see cref="IdealCustomerProfile"/>.</summary>
    public required string Document { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public IcpState State { get; init; }

    /// <summary>Who made it; null for the one that a tenant begins with.</summary>
    public string? CreatedBy { get; init; }
}

public interface IProfileStore
{
    /// <summary>The profile in production; cached for a few seconds.</summary>
    Task<IdealCustomerProfile> CurrentAsync(TenantId tenant, CancellationToken ct);

    /// <summary>All versions, the newest first.</summary>
    Task<IReadOnlyList<IcpVersion>> VersionsAsync(TenantId tenant, CancellationToken ct);

    /// <summary>Stores a draft as a new version; an older draft is archived.</summary>
    /// <returns>The version's number.</returns>
    Task<int> AddDraftAsync(TenantId tenant, IdealCustomerProfile profile, string actor, DateTimeOffset now, CancellationToken ct);

    /// <summary>Puts a version into production, archives the one that was, and sends every lead through the pipeline again.</summary>
    /// <returns>False when there is no such version, or it is in production already.</returns>
    Task<bool> PublishAsync(TenantId tenant, int version, CancellationToken ct);

    /// <summary>A version by its number, for ledgers of older scores.</summary>
    Task<IdealCustomerProfile?> FindAsync(TenantId tenant, int version, CancellationToken ct);
}
