using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Auditing;

/// <summary>One chain a tenant: each line's hash covers the line and the hash before it, so that a line that is changed or taken out shows. Lines are appended one after the other, under a lock of the chain.</summary>
internal sealed class AuditLog(DataSources sources, TimeProvider time) : IAuditLog
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public async Task AppendAsync(TenantId tenant, Actor actor, string action, object details, CancellationToken ct)
    {
        // Microseconds: what the database keeps is what was hashed.
        var now = new DateTimeOffset(time.GetUtcNow().UtcTicks / 10 * 10, TimeSpan.Zero);
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using (var hold = connection.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 47))", tenant.Value.ToString()))
        {
            await hold.ExecuteNonQueryAsync(ct);
        }

        await using var last = connection.Command("SELECT sequence, hash FROM aix.audit_entries WHERE tenant_id = $1 ORDER BY sequence DESC LIMIT 1", tenant.Value);
        var (sequence, before) = await last.AllAsync(r => (r.GetInt64(0), r.GetString(1)), ct) is [var found] ? found : (0L, "");
        var entry = new AuditEntry { TenantId = tenant, Id = Guid.CreateVersion7(now), At = now, ActorKind = actor.Kind, ActorId = actor.Id, FromAddress = actor.From, Action = action, Details = JsonSerializer.Serialize(details, Json), Sequence = sequence + 1, Hash = "" };
        await using var insert = connection.Command(
            "INSERT INTO aix.audit_entries (tenant_id, id, at, actor_kind, actor_id, from_address, action, details, sequence, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            tenant.Value, entry.Id, entry.At, entry.ActorKind, entry.ActorId, entry.FromAddress, entry.Action, Sql.Json(entry.Details), entry.Sequence, HashOf(entry, before));
        await insert.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    public async Task<IReadOnlyList<AuditLine>> ListAsync(TenantId tenant, string? action, long? before, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            """
            SELECT a.sequence, a.at, a.actor_kind, coalesce(u.display_name, k.name), a.from_address, a.action, a.details::text, a.hash FROM aix.audit_entries a
            LEFT JOIN aix.users u ON u.tenant_id = $1 AND u.id = a.actor_id LEFT JOIN aix.api_keys k ON k.tenant_id = $1 AND k.id = a.actor_id
            WHERE a.tenant_id = $1 AND starts_with(a.action, $2) AND a.sequence < $3 ORDER BY a.sequence DESC, a.at DESC LIMIT $4
            """,
            tenant.Value, action ?? "", before ?? long.MaxValue, limit);
        return await command.AllAsync(r => new AuditLine(r.GetInt64(0), r.GetFieldValue<DateTimeOffset>(1), r.GetString(2), r.Nullable<string>(3), r.Nullable<string>(4), r.GetString(5), r.GetString(6), r.GetString(7)), ct);
    }

    public async Task<AuditVerdict> VerifyAsync(TenantId tenant, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        var (before, expected) = ("", 0L);
        await foreach (var entry in db.Set<AuditEntry>().AsNoTracking().Where(e => e.Sequence > 0).OrderBy(e => e.Sequence).AsAsyncEnumerable().WithCancellation(ct))
        {
            if (entry.Sequence != ++expected || entry.Hash != HashOf(entry, before))
            {
                return new AuditVerdict(expected - 1, expected, entry.At);
            }

            before = entry.Hash;
        }

        return new AuditVerdict(expected, null, null);
    }

    /// <summary>Details are hashed as PostgreSQL keeps them: keys in its own order, so they are put in one order here.</summary>
    private static string HashOf(AuditEntry entry, string before)
    {
        using var details = JsonDocument.Parse(entry.Details);
        var text = new StringBuilder(before).Append('\n').Append(entry.Sequence.ToString(CultureInfo.InvariantCulture)).Append('\n').Append(entry.TenantId.Value).Append('\n').Append(entry.Id).Append('\n').Append(entry.At.UtcTicks.ToString(CultureInfo.InvariantCulture))
            .Append('\n').Append(entry.ActorKind).Append('\n').Append(entry.ActorId).Append('\n').Append(entry.Action).Append('\n');

        // Lines from before there was an address have the hashes that they had.
        if (entry.FromAddress is { } address)
        {
            text.Append("from ").Append(address).Append('\n');
        }

        Write(text, details.RootElement);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>JSON with sorted keys and numbers by their value: 1.0 and 1 are the same to the database.</summary>
    private static void Write(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var property in element.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    text.Append(JsonSerializer.Serialize(property.Name)).Append(':');
                    Write(text, property.Value);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in element.EnumerateArray())
                {
                    Write(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.Number:
                text.Append(element.GetDouble().ToString("R", CultureInfo.InvariantCulture));
                break;
            case JsonValueKind.String:
                text.Append(JsonSerializer.Serialize(element.GetString()));
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }
}
