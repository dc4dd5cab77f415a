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

    /// <summary>A person should look: the interval straddles a threshold, sources disagree, or champion and challenger do.</summary>
    private const string Doubtful = "(st.uncertain OR st.conflict IS NOT NULL OR coalesce(st.challenger_band <> st.band, false))";

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

    public async Task<IReadOnlyList<Guid>> SaveAsync(IUnitOfWork work, IReadOnlyList<RescoredLead> scores, IReadOnlyList<RoutedLead> routes, IReadOnlyList<RoutedLead> moved, int model, int icp, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        var tenant = unit.TenantId.Value;
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add(
            ScoreSql.Save,
            tenant, now, model, icp,
            Sql.Column(scores, s => s.LeadId), new long?[scores.Count], Sql.Column(scores, s => s.Snapshot), Sql.Column(scores, s => s.Score.Probability), Sql.Column(scores, s => s.Score.Low), Sql.Column(scores, s => s.Score.High),
            Sql.Column(scores, s => s.TopReason), Sql.Column(routes, r => (short?)r.Band), Sql.Column(routes, r => r.Uncertain),
            new string?[scores.Count], new short?[scores.Count]);
        await batch.ExecuteNonQueryAsync(ct);
        if (moved.Count == 0)
        {
            return [];
        }

        await using var move = unit.Connection.Command(
            $"""
            WITH moved AS (UPDATE aix.lead_standings st SET state = {StateSql.OfBand}, changed_at = $2, hot_at = CASE WHEN {StateSql.OfBand} = 2 THEN coalesce(st.hot_at, $2) ELSE st.hot_at END
                           WHERE st.tenant_id = $1 AND st.lead_id = ANY($3) AND st.state IN (3, 4) RETURNING st.lead_id, st.state)
            SELECT lead_id FROM moved WHERE state = 2
            """,
            tenant, now, Sql.Column(moved, r => r.LeadId));
        return await move.IdsAsync(ct);
    }

    public async IAsyncEnumerable<IReadOnlyList<LeadToRoute>> UncertainAsync(IUnitOfWork work, [EnumeratorCancellation] CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command($"SELECT st.lead_id, 0::bigint, st.score, st.score_low, st.score_high, {RoutingReader.Columns(false)} FROM aix.lead_standings st JOIN aix.leads l ON l.tenant_id = $1 AND l.id = st.lead_id WHERE st.tenant_id = $1 AND {Doubtful}", unit.TenantId.Value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var chunk = new List<LeadToRoute>(RescoreLeads.Chunk);
        while (await reader.ReadAsync(ct))
        {
            chunk.Add(RoutingReader.Read(reader, false));
            if (chunk.Count == RescoreLeads.Chunk)
            {
                yield return chunk;
                chunk = new List<LeadToRoute>(RescoreLeads.Chunk);
            }
        }

        yield return chunk;
    }

    public async Task<IReadOnlyList<Guid>> RouteReviewAsync(IUnitOfWork work, IReadOnlyList<RoutedLead> uncertain, TenantSettings settings, DateOnly day, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var certain = unit.Connection.Command(
            $"""
            WITH certain AS (DELETE FROM aix.review_items i USING aix.lead_standings st
                             WHERE i.tenant_id = $1 AND st.tenant_id = $1 AND st.lead_id = i.lead_id AND NOT ({Doubtful})
                               AND i.reason IN (0, 1, 2) AND i.round = 0 AND i.escalated_at IS NULL AND (i.held_until IS NULL OR i.held_until < $2) RETURNING i.lead_id), moved AS (UPDATE aix.lead_standings st SET {StateSql.Move("true", StateSql.OfBand)} FROM certain c WHERE st.tenant_id = $1 AND st.lead_id = c.lead_id AND st.state = 7 RETURNING st.lead_id, st.state)
            SELECT lead_id FROM moved WHERE state = 2
            """,
            unit.TenantId.Value, now);
        var hot = await certain.IdsAsync(ct);
        await using var batch = new NpgsqlBatch(unit.Connection);
        ReviewRouting.Add(batch, unit.TenantId.Value, uncertain, Sql.Column(uncertain, r => (short)LeadLifeCycle.Of(r.Band)), settings, day, now);
        await batch.ExecuteNonQueryAsync(ct);
        return hot;
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
