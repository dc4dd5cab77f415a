using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Leads;

/// <summary>Bulk work, some thousand leads a transaction.</summary>
internal sealed class BulkStore(DataSources sources, ITenantStore tenants, IEnumerable<IAudience> audiences, TimeProvider time) : IBulkStore
{
    public const int Chunk = 2_000;

    public async Task AddAsync(BulkJob job, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, job.TenantId, time, ct);
        work.Db.Add(job);
        await work.Db.SaveChangesAsync(ct);
        await WakeAsync(work, ct);
        work.Raise(new BulkProgressed(job.TenantId, job.Id));
        await work.CommitAsync(ct);
    }

    public async Task<IReadOnlyList<BulkRow>> ListAsync(TenantId tenant, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await RowsAsync(db, db.Set<BulkJob>().OrderByDescending(j => j.CreatedAt).Take(limit), ct);
    }

    public async Task<BulkRow?> GetAsync(TenantId tenant, Guid job, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await RowsAsync(db, db.Set<BulkJob>().Where(j => j.Id == job), ct) is [var row] ? row : null;
    }

    public async Task<bool> SetStateAsync(TenantId tenant, Guid job, IReadOnlyCollection<BulkState> from, BulkState to, DateTimeOffset now, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, tenant, time, ct);
        await using (var command = work.Connection.Command(
            "UPDATE aix.bulk_jobs SET state = $4, done = CASE WHEN $4 = 5 THEN 0 ELSE done END, after = CASE WHEN $4 = 5 THEN NULL ELSE after END, lease_until = NULL, lease_token = NULL, ended_at = CASE WHEN $4 = 4 THEN $5 END WHERE tenant_id = $1 AND id = $2 AND state = ANY($3)",
            tenant.Value, job, from.Select(s => (short)s).ToArray(), (short)to, now))
        {
            if (await command.ExecuteNonQueryAsync(ct) == 0)
            {
                return false;
            }
        }

        await WakeAsync(work, ct);
        work.Raise(new BulkProgressed(tenant, job));
        await work.CommitAsync(ct);
        return true;
    }

    public async Task<BulkClaim?> ClaimAsync(DateTimeOffset now, TimeSpan lease, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        var token = Guid.CreateVersion7(now);
        await using var command = connection.Command(
            """
            UPDATE aix.bulk_jobs SET state = CASE state WHEN 0 THEN 1 ELSE state END, lease_token = $1, lease_until = $2
            WHERE (tenant_id, id) = (SELECT tenant_id, id FROM aix.bulk_jobs WHERE state IN (0, 1, 5) AND (lease_until IS NULL OR lease_until < $3) ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING tenant_id, id
            """,
            token, now + lease, now);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new BulkClaim(new TenantId(reader.GetGuid(0)), reader.GetGuid(1), token) : null;
    }

    public async Task<bool> StepAsync(BulkClaim claim, TimeSpan lease, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var work = await UnitOfWork.BeginAsync(sources, claim.TenantId, time, ct);
        await using (var hold = work.Connection.Command("UPDATE aix.bulk_jobs SET lease_until = $4 WHERE tenant_id = $1 AND id = $2 AND lease_token = $3 AND state IN (1, 5)", claim.TenantId.Value, claim.JobId, claim.LeaseToken, now + lease))
        {
            if (await hold.ExecuteNonQueryAsync(ct) == 0)
            {
                return false;
            }
        }

        var job = await work.Db.Set<BulkJob>().AsNoTracking().FirstAsync(j => j.Id == claim.JobId, ct);
        var done = job.State == BulkState.Undoing ? await UndoAsync(work, job, now, ct) : await DoAsync(work, job, now, ct);
        if (!done.IsOk)
        {
            // Nothing of this chunk is kept; what was done before can be undone.
            await work.DisposeAsync();
            await FailAsync(claim, done.Error.Message, ct);
            return false;
        }

        work.Raise(new BulkProgressed(claim.TenantId, claim.JobId));
        await work.CommitAsync(ct);
        return done.Value;
    }

    public async Task FailAsync(BulkClaim claim, string reason, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, claim.TenantId, time, ct);
        await using (var command = work.Connection.Command("UPDATE aix.bulk_jobs SET state = 3, failure = $3, ended_at = $4 WHERE tenant_id = $1 AND id = $2", claim.TenantId.Value, claim.JobId, reason, time.GetUtcNow()))
        {
            await command.ExecuteNonQueryAsync(ct);
        }

        work.Raise(new BulkProgressed(claim.TenantId, claim.JobId));
        await work.CommitAsync(ct);
    }

    public async IAsyncEnumerable<byte[]> FileAsync(TenantId tenant, Guid job, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await foreach (var part in db.Set<BulkPart>().AsNoTracking().Where(p => p.JobId == job).OrderBy(p => p.Part).Select(p => p.Content).AsAsyncEnumerable().WithCancellation(ct))
        {
            yield return part;
        }
    }

    private async Task<Result<bool>> DoAsync(UnitOfWork work, BulkJob job, DateTimeOffset now, CancellationToken ct)
    {
        var filter = JsonSerializer.Deserialize<LeadFilter>(job.Filter, ManageViews.Json)!;
        if (job.Total is null)
        {
            await CountAsync(work, job, filter, ct);
        }

        var leads = await NextAsync(work, filter, job.After ?? Guid.Empty, ct);
        if (leads.Length == 0)
        {
            await EndAsync(work, job, BulkState.Done, now, ct);
            return false;
        }

        var arguments = JsonSerializer.Deserialize<BulkArguments>(job.Arguments, ManageViews.Json)!;
        var settings = (await tenants.GetAsync(work.TenantId, ct)).Settings;
        var changed = 0;
        async Task<int> ActAsync() => changed = job.Kind == BulkKind.Export ? await BulkExport.WriteAsync(work, job, leads, ct) : await BulkSql.DoAsync(work, job, leads, arguments, settings, now, ct);
        if (job.Kind != BulkKind.Campaign)
        {
            await ActAsync();
        }
        else if (await audiences.Single().NameAsync(work, arguments.CampaignId!.Value, new Actor("user", job.CreatedBy), ActAsync, ct) is { } refused)
        {
            return refused;
        }

        await ProgressAsync(work, job.Id, leads[^1], leads.Length, changed, ct);
        if (job.Kind != BulkKind.Export)
        {
            work.Raise(new LeadsTouched(work.TenantId, leads));
        }

        return true;
    }

    private static async Task<Result<bool>> UndoAsync(UnitOfWork work, BulkJob job, DateTimeOffset now, CancellationToken ct)
    {
        var leads = await BulkSql.UndoAsync(work, job, Chunk, now, ct);
        if (leads.Length == 0)
        {
            await EndAsync(work, job, BulkState.Undone, now, ct);
            return false;
        }

        await ProgressAsync(work, job.Id, null, leads.Length, 0, ct);
        work.Raise(new LeadsTouched(work.TenantId, leads));
        return true;
    }

    private static async Task CountAsync(UnitOfWork work, BulkJob job, LeadFilter filter, CancellationToken ct)
    {
        await using var command = work.Connection.CreateCommand();
        LeadFilterSql.Add(command, work.TenantId.Value);
        var where = LeadFilterSql.Where(command, filter, null);
        command.CommandText = $"UPDATE aix.bulk_jobs SET total = (SELECT count(*)::int FROM aix.leads l JOIN aix.lead_standings st ON st.tenant_id = l.tenant_id AND st.lead_id = l.id WHERE l.tenant_id = $1{where}) WHERE tenant_id = $1 AND id = {LeadFilterSql.Add(command, job.Id)}";
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>In the order of ids, so that changed leads that leave the filter move nothing.</summary>
    private static async Task<Guid[]> NextAsync(UnitOfWork work, LeadFilter filter, Guid after, CancellationToken ct)
    {
        await using var command = work.Connection.CreateCommand();
        LeadFilterSql.Add(command, work.TenantId.Value);
        var where = LeadFilterSql.Where(command, filter, null);
        command.CommandText = $"SELECT st.lead_id FROM aix.leads l JOIN aix.lead_standings st ON st.tenant_id = l.tenant_id AND st.lead_id = l.id WHERE l.tenant_id = $1{where} AND st.lead_id > {LeadFilterSql.Add(command, after)} ORDER BY st.lead_id LIMIT {Chunk}";
        var leads = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            leads.Add(reader.GetGuid(0));
        }

        return [.. leads];
    }

    private static async Task ProgressAsync(UnitOfWork work, Guid job, Guid? after, int done, int changed, CancellationToken ct)
    {
        await using var command = work.Connection.Command("UPDATE aix.bulk_jobs SET done = done + $3, changed = changed + $4, after = coalesce($5, after) WHERE tenant_id = $1 AND id = $2", work.TenantId.Value, job, done, changed, after);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task EndAsync(UnitOfWork work, BulkJob job, BulkState state, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = work.Connection.Command("UPDATE aix.bulk_jobs SET state = $3, ended_at = $4, lease_until = NULL WHERE tenant_id = $1 AND id = $2", work.TenantId.Value, job.Id, (short)state, now);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task WakeAsync(UnitOfWork work, CancellationToken ct)
    {
        await using var command = work.Connection.Command("SELECT pg_notify('aix_bulk', '')");
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<IReadOnlyList<BulkRow>> RowsAsync(AixDbContext db, IQueryable<BulkJob> jobs, CancellationToken ct) =>
    [
        .. (await jobs.AsNoTracking().Select(j => new { Job = j, By = db.Set<User>().Where(u => u.Id == j.CreatedBy).Select(u => u.DisplayName).FirstOrDefault() }).ToListAsync(ct))
            .Select(j => new BulkRow(j.Job.Id, j.Job.Kind, j.Job.State, JsonSerializer.Deserialize<BulkArguments>(j.Job.Arguments, ManageViews.Json)!, j.Job.Total, j.Job.Done, j.Job.Changed, j.By, j.Job.CreatedAt, j.Job.EndedAt, j.Job.Failure)),
    ];
}
