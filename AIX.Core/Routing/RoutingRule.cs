using AIX.Core.Tenancy;

namespace AIX.Core.Routing;

/// <summary>A rule of the tenant: which leads, and what becomes of them. The first that fits is used.</summary>
public sealed class RoutingRule : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required int Position { get; init; }

    public required string Name { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>JSON of <see cref="RuleDocument"/>.</summary>
    public required string Document { get; init; }

    /// <summary>Whose turn it is, for assignment in turn.</summary>
    public long Turn { get; private set; }
}
