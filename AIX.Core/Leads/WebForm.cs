using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>A public form of a tenant: the key stands in the page that posts to it, and gives the right to add leads, nothing else.</summary>
public sealed class WebForm : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required string Key { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Finds a form before the tenant is known.</summary>
public interface IWebFormStore
{
    Task<WebForm?> FindAsync(string key, CancellationToken ct);

    /// <summary>Forms of the current tenant.</summary>
    Task<IReadOnlyList<WebForm>> ListAsync(CancellationToken ct);
}
