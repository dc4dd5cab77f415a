using System.Runtime.CompilerServices;
using AIX.Core.Leads;
using AIX.Core.Pipeline;
using AIX.Core.Routing;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Pipeline;

/// <summary>A chunk per statement; a million leads pass in well under a minute (<c>./aix bench rescore</c>).</summary>
internal sealed class RescoringStore(DataSources sources) : IRescoringStore
{
    private const string Columns = "st.lead_id, st.snapshot, st.band, st.icp_version, f.features FROM aix.lead_standings st JOIN aix.feature_snapshots f ON f.tenant_id = $1 AND f.run_id = st.snapshot WHERE st.tenant_id = $1";

    public async Task<int> CountAsync(TenantId tenant, int model, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<LeadStanding>().CountAsync(s => s.Snapshot != null && s.ModelVersion != model, ct);
    }

    public Task<IReadOnlyList<LeadSnapshot>> ReadAsync(TenantId tenant, int model, Guid after, int limit, CancellationToken ct) =>
        ReadAsync(tenant, $"SELECT {Columns} AND st.model_version <> $2 AND st.lead_id > $3 ORDER BY st.lead_id LIMIT $4", [tenant.Value, model, after, limit], ct);

    public async Task<(IReadOnlyList<LeadSnapshot> Leads, int All)> SampleAsync(TenantId tenant, int size, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        var all = await db.Set<LeadStanding>().CountAsync(s => s.Snapshot != null, ct);
        var every = Math.Max(1, (all + size - 1) / size);
        return (await ReadAsync(tenant, $"SELECT {Columns} AND hashtextextended(st.lead_id::text, 7) % $2 = 0", [tenant.Value, (long)every], ct), all);
    }

    public async Task SaveAsync(IUnitOfWork work, IReadOnlyList<RescoredLead> scores, IReadOnlyList<RoutedLead> routes, IReadOnlyList<RoutedLead> moved, int model, int icp, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        var tenant = unit.TenantId.Value;
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add(
            ScoreSql.Save,
            tenant, now, model, icp,
            Sql.Column(scores, s => s.LeadId), new long?[scores.Count], Sql.Column(scores, s => s.Snapshot), Sql.Column(scores, s => s.Score.Probability), Sql.Column(scores, s => s.Score.Low), Sql.Column(scores, s => s.Score.High),
            Sql.Column(scores, s => s.TopReason), Sql.Column(routes, r => (short?)r.Band), Sql.Column(routes, r => r.Uncertain));
        if (moved.Count > 0)
        {
            batch.Add(
                """
                UPDATE aix.leads l SET state = CASE r.band WHEN 2 THEN 2 WHEN 1 THEN 3 ELSE 4 END, updated_at = $2
                FROM unnest($3::uuid[], $4::smallint[]) AS r(lead, band) WHERE l.tenant_id = $1 AND l.id = r.lead AND l.state IN (2, 3, 4)
                """,
                tenant, now, Sql.Column(moved, r => r.LeadId), Sql.Column(moved, r => (short)r.Band));
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    public async IAsyncEnumerable<IReadOnlyList<LeadToRoute>> UncertainAsync(IUnitOfWork work, [EnumeratorCancellation] CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command("SELECT lead_id, score, score_low, score_high FROM aix.lead_standings WHERE tenant_id = $1 AND uncertain", unit.TenantId.Value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var chunk = new List<LeadToRoute>(RescoreLeads.Chunk);
        while (await reader.ReadAsync(ct))
        {
            chunk.Add(new LeadToRoute(reader.GetGuid(0), 0, reader.GetDouble(1), reader.GetDouble(2), reader.GetDouble(3)));
            if (chunk.Count == RescoreLeads.Chunk)
            {
                yield return chunk;
                chunk = new List<LeadToRoute>(RescoreLeads.Chunk);
            }
        }

        yield return chunk;
    }

    public async Task RouteReviewAsync(IUnitOfWork work, IReadOnlyList<RoutedLead> uncertain, TenantSettings settings, DateOnly day, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add(
            """
            WITH certain AS (DELETE FROM aix.review_items i USING aix.lead_standings st
                             WHERE i.tenant_id = $1 AND st.tenant_id = $1 AND st.lead_id = i.lead_id AND NOT st.uncertain RETURNING i.lead_id, st.band)
            UPDATE aix.leads l SET state = CASE c.band WHEN 2 THEN 2 WHEN 1 THEN 3 ELSE 4 END, updated_at = $2 FROM certain c WHERE l.tenant_id = $1 AND l.id = c.lead_id AND l.state = 1
            """,
            unit.TenantId.Value, now);
        ReviewRouting.Add(batch, unit.TenantId.Value, uncertain, settings, day, now);
        await batch.ExecuteNonQueryAsync(ct);
    }

    private async Task<IReadOnlyList<LeadSnapshot>> ReadAsync(TenantId tenant, string sql, object[] values, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(sql, values);
        var leads = new List<LeadSnapshot>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            leads.Add(new LeadSnapshot(reader.GetGuid(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : (Band)reader.GetInt16(2), reader.GetInt32(3), reader.GetFieldValue<byte[]>(4)));
        }

        return leads;
    }
}
