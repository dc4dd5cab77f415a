namespace AIX.Core.Tenancy;

/// <summary>The current tenant's own row.</summary>
public interface ITenantStore
{
    /// <summary>Settings and keys of the tenant; cached for a few seconds, refreshed at once on the node that changes them.</summary>
    Task<Tenant> GetAsync(TenantId id, CancellationToken ct);

    Task SaveSettingsAsync(TenantId id, TenantSettings settings, CancellationToken ct);
}
