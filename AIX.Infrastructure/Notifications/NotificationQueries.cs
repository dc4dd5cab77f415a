using AIX.Core.Leads;
using AIX.Core.Notifications;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Notifications;

internal sealed class NotificationQueries(DataSources sources) : INotificationQueries
{
    public async Task<(IReadOnlyList<NotificationRow> Newest, int Unread)> OfAsync(TenantId tenant, Guid user, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        var newest = await db.Set<Notification>().Where(n => n.UserId == user).OrderByDescending(n => n.At).ThenByDescending(n => n.Id).Take(limit)
            .Select(n => new NotificationRow(n.Id, n.Kind, n.LeadId, db.Set<Lead>().Where(l => l.Id == n.LeadId).Select(l => l.Name ?? l.Company).FirstOrDefault(), n.Text, n.At, n.ReadAt != null)).ToListAsync(ct);
        var unread = await db.Set<Notification>().Where(n => n.UserId == user && n.ReadAt == null).Take(100).CountAsync(ct);
        return (newest, unread);
    }

    public async Task ReadAsync(TenantId tenant, Guid user, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Set<Notification>().Where(n => n.UserId == user && n.ReadAt == null).ExecuteUpdateAsync(s => s.SetProperty(n => n.ReadAt, now), ct);
    }
}
