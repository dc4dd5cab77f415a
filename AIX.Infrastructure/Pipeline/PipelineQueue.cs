using System.Collections.Concurrent;
using AIX.Core.Pipeline;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Pipeline;

/// <summary>
/// <c>pipeline_runs</c> as a queue. Fair: a node serves the tenants that have work in turn. Fast: the claim walks the primary key and
/// updates in place, and remembers per tenant how far the front of the queue has been worked off, so that it does not walk over the dead rows there.
/// </summary>
internal sealed class PipelineQueue(DataSources sources, PipelineOptions options, NodeIdentity node, TimeProvider time) : IPipelineQueue
{
    private static readonly TimeSpan FrontLifetime = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, (long Id, DateTimeOffset Until)> _fronts = new();
    private Guid _last;

    public async Task<ClaimedBatch?> ClaimAsync(int limit, TimeSpan lease, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        var asked = new HashSet<Guid>();
        while (await NextTenantAsync(connection, _last, ct) is { } tenant)
        {
            _last = tenant;
            if (!asked.Add(tenant))
            {
                // The round is complete: every run is leased or backing off.
                return null;
            }

            if (await ClaimOfAsync(connection, tenant, limit, lease, ct) is { } batch)
            {
                return batch;
            }
        }

        return null;
    }

    public async Task AdvanceAsync(IUnitOfWork work, ClaimedBatch batch, Stage? next, DateTimeOffset leaseUntil, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        var ids = batch.Runs.Select(r => r.Id).ToArray();
        await using var sql = new NpgsqlBatch(unit.Connection);
        sql.Add(
            """
            INSERT INTO aix.pipeline_stats (tenant_id, node, stage, minute, done) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant_id, node, stage, minute) DO UPDATE SET done = aix.pipeline_stats.done + excluded.done
            """,
            batch.TenantId.Value,
            node.Name,
            (short)batch.Stage,
            Minute(time.GetUtcNow()),
            (long)ids.Length);
        _ = next is { } stage
            ? sql.Add(
                "UPDATE aix.pipeline_runs SET stage = $4, attempts = 0, lease_until = $5 WHERE tenant_id = $1 AND id = ANY($2) AND lease_token = $3",
                batch.TenantId.Value, ids, batch.LeaseToken, (short)stage, leaseUntil)
            : sql.Add("DELETE FROM aix.pipeline_runs WHERE tenant_id = $1 AND id = ANY($2) AND lease_token = $3", batch.TenantId.Value, ids, batch.LeaseToken);
        await sql.ExecuteNonQueryAsync(ct);
        if ((int)sql.BatchCommands[1].RecordsAffected != ids.Length)
        {
            throw new LeaseLostException();
        }
    }

    public async Task EnqueueAsync(IUnitOfWork work, Guid[] leads, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var sql = new NpgsqlBatch(unit.Connection);
        sql.Add("INSERT INTO aix.pipeline_runs (tenant_id, lead_id) SELECT $1, unnest($2::uuid[])", unit.TenantId.Value, leads);
        sql.Add("SELECT pg_notify('aix_work', $1)", unit.TenantId.Value.ToString());
        await sql.ExecuteNonQueryAsync(ct);
    }

    public async Task FailAsync(ClaimedBatch batch, string error, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var sql = new NpgsqlBatch(connection, transaction);
        var ids = batch.Runs.Select(r => r.Id).ToArray();
        sql.Add(
            """
            WITH dead AS (DELETE FROM aix.pipeline_runs WHERE tenant_id = $1 AND id = ANY($2) AND lease_token = $3 AND attempts + 1 >= $4 RETURNING *)
            INSERT INTO aix.dead_letters (tenant_id, run_id, lead_id, stage, attempts, error, at) SELECT tenant_id, id, lead_id, stage, attempts + 1, $5, $6 FROM dead
            ON CONFLICT (tenant_id, run_id) DO UPDATE SET attempts = excluded.attempts, error = excluded.error, at = excluded.at, stage = excluded.stage
            """,
            batch.TenantId.Value, ids, batch.LeaseToken, options.MaxAttempts, error, now);

        // Doubling up to an hour; ±20 % so that runs which failed together do not come back together.
        sql.Add(
            """
            UPDATE aix.pipeline_runs SET attempts = attempts + 1, lease_token = NULL, lease_until = NULL,
                   ready_at = $4::timestamptz + least(3600, $5 * power(2, attempts)) * (0.8 + 0.4 * random()) * interval '1 second'
            WHERE tenant_id = $1 AND id = ANY($2) AND lease_token = $3
            """,
            batch.TenantId.Value, ids, batch.LeaseToken, now, options.BackoffSeconds);
        await sql.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        _fronts.TryRemove(batch.TenantId.Value, out _);
    }

    public async Task<int> RetryAsync(TenantId tenant, long? runId, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, tenant, time, ct);
        await using var command = work.Connection.Command(
            """
            WITH back AS (DELETE FROM aix.dead_letters WHERE tenant_id = $1 AND ($2::bigint IS NULL OR run_id = $2) RETURNING tenant_id, run_id, lead_id, stage)
            INSERT INTO aix.pipeline_runs (tenant_id, id, lead_id, stage) SELECT * FROM back
            """,
            tenant.Value,
            new NpgsqlParameter { Value = (object?)runId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint });
        var count = await command.ExecuteNonQueryAsync(ct);
        await using var wake = work.Connection.Command("SELECT pg_notify('aix_work', $1)", tenant.ToString());
        await wake.ExecuteNonQueryAsync(ct);
        await work.CommitAsync(ct);
        _fronts.TryRemove(tenant.Value, out _);
        return count;
    }

    /// <summary>The tenant after this one, by id and around the end, that has any run: a step or two down the primary key.</summary>
    private static async Task<Guid?> NextTenantAsync(NpgsqlConnection connection, Guid after, CancellationToken ct)
    {
        await using var command = connection.Command(
            "SELECT coalesce((SELECT tenant_id FROM aix.pipeline_runs WHERE tenant_id > $1 ORDER BY tenant_id LIMIT 1), (SELECT tenant_id FROM aix.pipeline_runs ORDER BY tenant_id LIMIT 1))", after);
        return await command.ExecuteScalarAsync(ct) as Guid?;
    }

    private async Task<ClaimedBatch?> ClaimOfAsync(NpgsqlConnection connection, Guid tenant, int limit, TimeSpan lease, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var front = _fronts.TryGetValue(tenant, out var known) && known.Until > now ? known.Id : 0;
        var token = Guid.CreateVersion7(now);
        await using var command = connection.Command(
            """
            WITH ready AS (
                SELECT id, stage FROM aix.pipeline_runs
                WHERE tenant_id = $1 AND id > $2 AND (lease_until IS NULL OR lease_until < $3) AND (ready_at IS NULL OR ready_at <= $3)
                ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED)
            UPDATE aix.pipeline_runs r SET lease_token = $5, lease_until = $6
            FROM ready WHERE r.tenant_id = $1 AND r.id = ready.id AND r.stage = (SELECT stage FROM ready ORDER BY id LIMIT 1)
            RETURNING r.id, r.lead_id, r.stage, r.attempts
            """,
            tenant,
            front,
            now,
            limit,
            token,
            now + lease);
        var runs = new List<ClaimedRun>(limit);
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                runs.Add(new ClaimedRun(reader.GetInt64(0), reader.GetGuid(1), (Stage)reader.GetInt16(2), reader.GetInt32(3)));
            }
        }

        if (runs.Count == 0)
        {
            _fronts.TryRemove(tenant, out _);
            return null;
        }

        // Expired leases and back-offs lie before the front: it is forgotten every two seconds, and then they are found.
        _fronts[tenant] = (runs.Min(r => r.Id) - 1, front > 0 ? known.Until : now + FrontLifetime);
        return new ClaimedBatch(new TenantId(tenant), token, runs[0].Stage, runs);
    }

    private static DateTimeOffset Minute(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMinute));
}
