using AIX.Core.Tenancy;

namespace AIX.Infrastructure.Live;

/// <summary>An event on its way to every node; deleted after some minutes.</summary>
internal sealed class OutboxMessage : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Payload { get; init; }

    public required DateTimeOffset At { get; init; }
}
