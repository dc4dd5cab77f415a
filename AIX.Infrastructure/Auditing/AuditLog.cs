using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;

namespace AIX.Infrastructure.Auditing;

internal sealed class AuditLog(DataSources sources, TimeProvider time) : IAuditLog
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public async Task AppendAsync(TenantId tenant, Actor actor, string action, object details, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var db = sources.Context(tenant);
        db.Add(new AuditEntry
        {
            TenantId = tenant,
            Id = Guid.CreateVersion7(now),
            At = now,
            ActorKind = actor.Kind,
            ActorId = actor.Id,
            Action = action,
            Details = JsonSerializer.Serialize(details, Json),
        });
        await db.SaveChangesAsync(ct);
    }
}
