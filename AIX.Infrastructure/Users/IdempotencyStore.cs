using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Users;

internal sealed class IdempotencyStore(DataSources sources, TimeProvider time) : IIdempotencyStore
{
    public async Task<StoredAnswer?> TakeAsync(TenantId tenant, string key, byte[] requestHash, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        var now = time.GetUtcNow();
        await using var take = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            """
            INSERT INTO aix.idempotency_records (tenant_id, key, request_hash, created_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (tenant_id, key) DO UPDATE SET request_hash = excluded.request_hash, created_at = excluded.created_at, status = NULL, content_type = NULL, body = NULL
            WHERE aix.idempotency_records.created_at < $5 OR (aix.idempotency_records.status IS NULL AND aix.idempotency_records.created_at < $6)
            """,
            tenant.Value, key, requestHash, now, now.AddDays(-1), now.AddMinutes(-2));
        if (await take.ExecuteNonQueryAsync(ct) == 1)
        {
            return null;
        }

        var record = await db.Set<IdempotencyRecord>().AsNoTracking().FirstAsync(r => r.Key == key, ct);
        return new StoredAnswer(record.RequestHash, record.Status, record.ContentType, record.Body);
    }

    public async Task SaveAsync(TenantId tenant, string key, int status, string? contentType, byte[] body, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Set<IdempotencyRecord>().Where(r => r.Key == key)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.Status, status).SetProperty(r => r.ContentType, contentType).SetProperty(r => r.Body, body), ct);
    }

    public async Task ReleaseAsync(TenantId tenant, string key, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Set<IdempotencyRecord>().Where(r => r.Key == key && r.Status == null).ExecuteDeleteAsync(ct);
    }
}
