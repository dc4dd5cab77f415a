using AIX.Core.Companies;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Enrichment;

/// <summary>A company of the tenant's own list.</summary>
public sealed class DirectoryEntry : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary><see cref="CompanyName.Key"/>.</summary>
    public string? NameKey { get; init; }

    /// <summary>Host without <c>www.</c>, lower-case.</summary>
    public string? Domain { get; init; }

    /// <summary>JSON object: attribute → value as text.</summary>
    public required string Values { get; init; }

    public required DateTimeOffset ImportedAt { get; init; }
}

/// <summary>A company found for a lead.</summary>
public sealed record DirectoryMatch(string? NameKey, string? Domain, string Name, IReadOnlyDictionary<string, string> Values);

public interface IDirectoryStore
{
    /// <summary>Puts a new list in the place of the old one, and has the leads that name a company enriched again.</summary>
    Task ReplaceAsync(IUnitOfWork work, IReadOnlyList<DirectoryEntry> entries, CancellationToken ct);

    /// <summary>Companies with one of the domains or names.</summary>
    Task<IReadOnlyList<DirectoryMatch>> FindAsync(IUnitOfWork work, IReadOnlyCollection<string> domains, IReadOnlyCollection<string> nameKeys, CancellationToken ct);

    Task<(int Companies, DateTimeOffset? ImportedAt)> StateAsync(TenantId tenant, CancellationToken ct);
}
