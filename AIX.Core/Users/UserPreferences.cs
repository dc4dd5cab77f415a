using AIX.Core.Tenancy;

namespace AIX.Core.Users;

/// <summary>What a person set for themselves.</summary>
public sealed class UserPreferences : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>JSON: keys, columns, density.</summary>
    public required string Data { get; init; }
}
