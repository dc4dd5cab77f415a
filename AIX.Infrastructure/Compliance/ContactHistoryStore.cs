using AIX.Core.Compliance;
using AIX.Core.Shared;
using AIX.Infrastructure.Database;

namespace AIX.Infrastructure.Compliance;

internal sealed class ContactHistoryStore : IContactHistory
{
    public async Task<ContactHistory> OfAsync(IUnitOfWork work, string number, DateTimeOffset midnight, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);

        // Two who dial the same number at the same moment wait for each other here.
        await using (var hold = unit.Connection.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 41))", $"{unit.TenantId.Value}/{number}"))
        {
            await hold.ExecuteNonQueryAsync(ct);
        }

        await using var command = unit.Connection.Command(
            """
            SELECT EXISTS (SELECT FROM aix.suppressions WHERE tenant_id = $1 AND number = $2),
                   count(*) FILTER (WHERE created_at >= $3)::int, count(*) FILTER (WHERE created_at >= $4)::int, count(*)::int, coalesce(bool_or(state < 5), false)
            FROM aix.calls WHERE tenant_id = $1 AND to_number = $2 AND created_at >= $5
            """,
            unit.TenantId.Value, number, midnight.ToUniversalTime(), now.AddDays(-7), now.AddDays(-30));
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new ContactHistory(reader.GetBoolean(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetBoolean(4));
    }

    public async Task SuppressAsync(IUnitOfWork work, Suppression suppression, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            "INSERT INTO aix.suppressions (tenant_id, number, reason, call_id, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING", unit.TenantId.Value, suppression.Number, suppression.Reason, suppression.CallId, suppression.At);
        await command.ExecuteNonQueryAsync(ct);
    }
}
