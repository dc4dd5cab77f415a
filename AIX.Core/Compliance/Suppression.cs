using AIX.Core.Tenancy;

namespace AIX.Core.Compliance;

/// <summary>A number that the whole tenant never calls again.</summary>
public sealed class Suppression : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    /// <summary>E.164.</summary>
    public required string Number { get; init; }

    /// <summary>Why: <c>optOut</c>, <c>minor</c>, <c>person</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>The call on which it was said; null where it came in another way.</summary>
    public Guid? CallId { get; init; }

    public required DateTimeOffset At { get; init; }
}
