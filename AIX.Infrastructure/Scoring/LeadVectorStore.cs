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
        entity.HasOne<Lead>().WithMany().HasForeignKey(v => new { v.TenantId, v.LeadId }).OnDelete(DeleteBehavior.Cascade);
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
            ON CONFLICT (tenant_id, lead_id) DO UPDATE SET embedder = excluded.embedder, vector = excluded.vector, updated_at = excluded.updated_at
            WHERE (aix.lead_vectors.embedder, aix.lead_vectors.vector) IS DISTINCT FROM (excluded.embedder, excluded.vector)
            """,
            unit.TenantId.Value, embedder, now, Sql.Column(ordered, v => v.Lead), Sql.Column(ordered, v => MemoryMarshal.AsBytes(v.Vector.AsSpan()).ToArray()));
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<(IReadOnlyList<(Guid Lead, float[] Vector, DateTimeOffset At)> Vectors, IReadOnlyList<(Guid Lead, float[] Vector, bool Won)> Outcomes)> ChangedAsync(
        TenantId tenant, string embedder, DateTimeOffset since, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection());
        batch.Add("SELECT lead_id, vector, updated_at FROM aix.lead_vectors WHERE tenant_id = $1 AND embedder = $2 AND updated_at >= $3 ORDER BY updated_at DESC LIMIT $4", tenant.Value, embedder, since, limit);
        batch.Add(
            """
            SELECT o.lead_id, v.vector, o.result FROM (
                SELECT DISTINCT ON (lead_id) lead_id, result FROM aix.lead_outcomes WHERE tenant_id = $1
                  AND lead_id IN (SELECT lead_id FROM aix.lead_outcomes WHERE tenant_id = $1 AND recorded_at >= $3 UNION SELECT lead_id FROM aix.lead_vectors WHERE tenant_id = $1 AND updated_at >= $3)
                ORDER BY lead_id, occurred_at DESC, id DESC) o
            JOIN aix.lead_vectors v ON v.tenant_id = $1 AND v.lead_id = o.lead_id AND v.embedder = $2 LIMIT $4
            """,
            tenant.Value, embedder, since, limit);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var vectors = new List<(Guid, float[], DateTimeOffset)>();
        while (await reader.ReadAsync(ct))
        {
            vectors.Add((reader.GetGuid(0), Floats(reader.GetFieldValue<byte[]>(1)), reader.GetFieldValue<DateTimeOffset>(2)));
        }

        await reader.NextResultAsync(ct);
        var outcomes = new List<(Guid, float[], bool)>();
        while (await reader.ReadAsync(ct))
        {
            outcomes.Add((reader.GetGuid(0), Floats(reader.GetFieldValue<byte[]>(1)), reader.GetInt16(2) == (short)OutcomeResult.Won));
        }

        return (vectors, outcomes);
    }

    private static float[] Floats(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();
}
