using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>Invented leads to try AIX with; they come and go with one click.</summary>
public interface ISampleLeads
{
    /// <summary>Source of sample leads, by which they are found again.</summary>
    static readonly Guid Source = new("a1c5a3d1-0000-7000-8000-000000000001");

    Task<int> CountAsync(TenantId tenant, CancellationToken ct);

    Task<int> AddAsync(TenantId tenant, CancellationToken ct);

    /// <returns>Leads that went.</returns>
    Task<int> RemoveAsync(TenantId tenant, CancellationToken ct);
}
