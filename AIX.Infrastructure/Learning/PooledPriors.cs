using System.Text.Json;
using AIX.Core.Learning;
using AIX.Core.Scoring;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Learning;

/// <summary>A row of the platform's own table: numbers over at least three tenants, none of one.</summary>
internal sealed class PooledPriorRow
{
    public required string Feature { get; init; }

    public required double Weight { get; init; }

    public required double Sd { get; init; }

    public required int Tenants { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Pools under the queue's role, which of a model sees its report and nothing else; tenants read what came out.</summary>
internal sealed class PooledPriors(DataSources sources, TimeProvider time) : IPooledPriors
{
    public async Task<IReadOnlyList<PooledWeight>> LoadAsync(CancellationToken ct)
    {
        await using var db = sources.Context(default);
        return await db.Set<PooledPriorRow>().AsNoTracking().Select(r => new PooledWeight(r.Feature, r.Weight, r.Sd, r.Tenants)).ToListAsync(ct);
    }

    public async Task<int> RefreshAsync(CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        var weights = new List<(string Feature, SubScoreWeight Weight)>();
        await using (var command = connection.Command(
            """
            SELECT m.report->'subScoreWeights' FROM aix.tenants t
            JOIN aix.model_aliases a ON a.tenant_id = t.tenant_id AND a.name = 'champion'
            JOIN aix.model_versions m ON m.tenant_id = t.tenant_id AND m.version = a.version
            WHERE (t.settings->>'sharesPrior')::bool AND jsonb_typeof(m.report->'subScoreWeights') = 'object'
            """))
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                weights.AddRange(JsonSerializer.Deserialize<Dictionary<string, SubScoreWeight>>(reader.GetString(0), TrainModel.Json)!.Select(w => (w.Key, w.Value)));
            }
        }

        var pooled = weights.GroupBy(w => w.Feature, w => w.Weight).Select(g => PooledPrior.Of(g.Key, [.. g])).OfType<PooledWeight>().ToList();
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        batch.Add("DELETE FROM aix.pooled_priors");
        batch.Add(
            "INSERT INTO aix.pooled_priors (feature, weight, sd, tenants, at) SELECT f.*, $5 FROM unnest($1::text[], $2::float8[], $3::float8[], $4::int[]) AS f",
            pooled.Select(p => p.Feature).ToArray(), pooled.Select(p => p.Weight).ToArray(), pooled.Select(p => p.Sd).ToArray(), pooled.Select(p => p.Tenants).ToArray(), time.GetUtcNow());
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return pooled.Count;
    }
}
