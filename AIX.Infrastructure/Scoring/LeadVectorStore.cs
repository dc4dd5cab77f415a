using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using AIX.Core.Leads;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;

namespace AIX.Infrastructure.Scoring;

internal sealed class LeadVectorConfiguration : IEntityTypeConfiguration<LeadVector>
{
    public void Configure(EntityTypeBuilder<LeadVector> entity)
    {
        entity.ToTable("lead_vectors");
        entity.HasKey(v => new { v.TenantId, v.LeadId });
        entity.HasIndex(v => new { v.TenantId, v.Embedder, v.UpdatedAt });

        // No foreign key, as with standings: it is written under the standing's lock.
    }
}

internal sealed class LeadVectorStore(DataSources sources) : ILeadVectorStore
{
    public async Task SaveAsync(IUnitOfWork work, string embedder, IReadOnlyList<(Guid Lead, float[] Vector)> vectors, DateTimeOffset now, CancellationToken ct)
    {
        if (vectors.Count == 0)
        {
            return;
        }

        var unit = UnitOfWork.Of(work);
        var ordered = vectors.OrderBy(v => v.Lead).ToList();
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.lead_vectors (tenant_id, lead_id, embedder, vector, updated_at) SELECT $1, v.lead, $2, v.vector, $3 FROM unnest($4::uuid[], $5::bytea[]) AS v(lead, vector)
            JOIN aix.lead_standings st ON st.tenant_id = $1 AND st.lead_id = v.lead
            ON CONFLICT (tenant_id, lead_id) DO UPDATE SET embedder = excluded.embedder, vector = excluded.vector, updated_at = excluded.updated_at
            WHERE (aix.lead_vectors.embedder, aix.lead_vectors.vector) IS DISTINCT FROM (excluded.embedder, excluded.vector)
            """,
            unit.TenantId.Value, embedder, now, Sql.Column(ordered, v => v.Lead), Sql.Column(ordered, v => Bytes(v.Vector)));
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<(Guid Lead, float[] Vector)>> ChangedAsync(TenantId tenant, string embedder, DateTimeOffset since, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            "SELECT lead_id, vector FROM aix.lead_vectors WHERE tenant_id = $1 AND embedder = $2 AND updated_at >= $3 ORDER BY updated_at DESC LIMIT $4", tenant.Value, embedder, since, limit);
        var vectors = new List<(Guid, float[])>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            vectors.Add((reader.GetGuid(0), Floats(reader.GetFieldValue<byte[]>(1))));
        }

        return vectors;
    }

    public async Task<IReadOnlyList<(Guid Lead, float[] Vector, bool Won)>> OutcomesAsync(TenantId tenant, string embedder, DateTimeOffset since, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            """
            SELECT o.lead_id, v.vector, o.result FROM (
                SELECT DISTINCT ON (lead_id) lead_id, result FROM aix.lead_outcomes WHERE tenant_id = $1
                  AND lead_id IN (SELECT lead_id FROM aix.lead_outcomes WHERE tenant_id = $1 AND recorded_at >= $3 UNION SELECT lead_id FROM aix.lead_vectors WHERE tenant_id = $1 AND embedder = $2 AND updated_at >= $3)
                ORDER BY lead_id, occurred_at DESC, id DESC) o
            JOIN aix.lead_vectors v ON v.tenant_id = $1 AND v.lead_id = o.lead_id AND v.embedder = $2 LIMIT $4
            """,
            tenant.Value, embedder, since, limit);
        var outcomes = new List<(Guid, float[], bool)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            outcomes.Add((reader.GetGuid(0), Floats(reader.GetFieldValue<byte[]>(1)), reader.GetInt16(2) == (short)OutcomeResult.Won));
        }

        return outcomes;
    }

    private static byte[] Bytes(float[] vector)
    {
        var halves = new Half[vector.Length];
        TensorPrimitives.ConvertToHalf(vector, halves);
        return MemoryMarshal.AsBytes(halves.AsSpan()).ToArray();
    }

    private static float[] Floats(byte[] bytes)
    {
        var vector = new float[bytes.Length / 2];
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), vector);
        return vector;
    }
}
