using AIX.Core.Learning;
using AIX.Core.Scoring;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Learning;

/// <summary>Outcomes and judgements joined with the snapshot that was known before each.</summary>
internal sealed class TrainingSets(DataSources sources, LearningOptions options) : ITrainingSets
{
    public async Task<IReadOnlyList<TrainingRow>> LoadAsync(TenantId tenant, DateTimeOffset asOf, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            """
            WITH last AS (
                SELECT DISTINCT ON (lead_id) lead_id, result, occurred_at, 1::float8 AS weight, false AS judgement FROM aix.lead_outcomes
                WHERE tenant_id = $1 AND recorded_at <= $2 AND occurred_at <= $2 ORDER BY lead_id, occurred_at DESC, recorded_at DESC, id DESC),
            judged AS (
                SELECT DISTINCT ON (lead_id) lead_id, good::int::smallint AS result, recorded_at AS occurred_at, confidence * $4 AS weight, true AS judgement FROM aix.lead_labels l
                WHERE tenant_id = $1 AND recorded_at <= $2 AND NOT EXISTS (SELECT 1 FROM last o WHERE o.lead_id = l.lead_id) ORDER BY lead_id, recorded_at DESC, id DESC),
            newest AS (SELECT * FROM (SELECT * FROM last UNION ALL SELECT * FROM judged WHERE weight > 0) both_kinds ORDER BY occurred_at DESC, lead_id DESC LIMIT $3)
            SELECT o.lead_id, o.result, o.occurred_at, s.at, s.features, s.at <= o.occurred_at, o.weight, o.judgement
            FROM newest o
            CROSS JOIN LATERAL (
                SELECT at, features FROM aix.feature_snapshots s WHERE s.tenant_id = $1 AND s.lead_id = o.lead_id AND s.at <= $2
                ORDER BY s.at <= o.occurred_at DESC, CASE WHEN s.at <= o.occurred_at THEN s.at END DESC NULLS LAST, s.at LIMIT 1) s
            ORDER BY o.occurred_at, o.lead_id
            """,
            tenant.Value,
            asOf,
            limit,
            options.LabelWeight);
        command.CommandTimeout = 300;
        var rows = new List<TrainingRow>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new TrainingRow(
                reader.GetGuid(0), SnapshotCodec.Read(reader.GetFieldValue<byte[]>(4)), reader.GetInt16(1), reader.GetDouble(6),
                reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetBoolean(5), reader.GetBoolean(7)));
        }

        return rows;
    }

    public async Task<IReadOnlyList<(IReadOnlyList<Feature> Features, DateTimeOffset At)>> RecentAsync(TenantId tenant, DateTimeOffset since, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        var rows = await db.Set<FeatureSnapshot>().AsNoTracking().Where(s => s.At > since).OrderByDescending(s => s.RunId).Take(limit).Select(s => new { s.Features, s.At }).ToListAsync(ct);
        return [.. rows.Select(r => (SnapshotCodec.Read(r.Features), r.At))];
    }
}
