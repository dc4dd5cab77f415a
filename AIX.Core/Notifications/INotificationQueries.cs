using AIX.Core.Tenancy;

namespace AIX.Core.Notifications;

/// <summary>A notice as the bell shows it.</summary>
public sealed record NotificationRow(Guid Id, string Kind, Guid? LeadId, string? LeadName, string? Text, DateTimeOffset At, bool Read);

public interface INotificationQueries
{
    /// <summary>The newest, and how many are unread (counted up to 100).</summary>
    Task<(IReadOnlyList<NotificationRow> Newest, int Unread)> OfAsync(TenantId tenant, Guid user, int limit, CancellationToken ct);

    Task ReadAsync(TenantId tenant, Guid user, DateTimeOffset now, CancellationToken ct);
}
