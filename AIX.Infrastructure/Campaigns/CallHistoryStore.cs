using AIX.Core.Campaigns;
using AIX.Core.Conversations;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Campaigns;

internal sealed class CallHistoryStore(DataSources sources) : ICallHistory
{
    public async Task<CallHistory> OfAsync(TenantId tenant, DateTimeOffset since, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            """
            SELECT disposition::int, count(*)::int, avg(greatest(0, extract(epoch FROM ended_at - created_at)))::float8, coalesce(avg(duration_seconds), 0)::float8
            FROM (SELECT disposition, ended_at, created_at, duration_seconds FROM aix.calls WHERE tenant_id = $1 AND created_at >= $2 AND ended_at IS NOT NULL AND disposition IS NOT NULL ORDER BY created_at DESC LIMIT 20000) c GROUP BY disposition
            """,
            tenant.Value, since);
        var rows = await command.AllAsync(r => (Outcome: (Disposition)r.GetInt32(0), Calls: r.GetInt32(1), Seconds: r.GetDouble(2), Talk: r.GetDouble(3)), ct);
        var all = rows.Sum(r => r.Calls);
        if (all == 0)
        {
            return CallHistory.Unknown;
        }

        var talked = rows.Where(r => r.Outcome is not (Disposition.NoAnswer or Disposition.Busy or Disposition.Failed or Disposition.Voicemail or Disposition.InvalidNumber)).ToList();
        return new CallHistory(all, [.. rows.Select(r => (r.Outcome, r.Calls / (double)all, r.Seconds))], talked.Count == 0 ? 0 : talked.Sum(t => t.Talk * t.Calls) / talked.Sum(t => t.Calls));
    }
}
