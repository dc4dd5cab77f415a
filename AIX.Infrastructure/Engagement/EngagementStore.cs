using AIX.Core.Engagement;
using AIX.Core.Leads;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;

namespace AIX.Infrastructure.Engagement;

internal sealed class EngagementEventConfiguration : IEntityTypeConfiguration<EngagementEvent>
{
    public void Configure(EntityTypeBuilder<EngagementEvent> entity)
    {
        entity.ToTable("engagement_events");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.HasIndex(e => new { e.TenantId, e.LeadId, e.At });
        entity.HasOne<Lead>().WithMany().HasForeignKey(e => new { e.TenantId, e.LeadId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class EngagementStore(DataSources sources, TimeProvider time) : IEngagementStore
{
    public async Task<bool> AddAsync(TenantId tenant, Guid lead, IReadOnlyList<EngagementEvent> events, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, tenant, time, ct);
        if (!await work.Db.Set<Lead>().AnyAsync(l => l.Id == lead, ct))
        {
            return false;
        }

        await using var batch = new NpgsqlBatch(work.Connection);
        batch.Add(
            "INSERT INTO aix.engagement_events (tenant_id, id, lead_id, kind, detail, at) SELECT $1, e.id, $2, e.kind, e.detail, e.at FROM unnest($3::uuid[], $4::text[], $5::text[], $6::timestamptz[]) AS e(id, kind, detail, at)",
            tenant.Value, lead, Sql.Column(events, e => e.Id), Sql.Column(events, e => e.Kind), Sql.Column(events, e => e.Detail), Sql.Column(events, e => e.At.ToUniversalTime()));

        // One run is enough for events that come one after the other.
        batch.Add("INSERT INTO aix.pipeline_runs (tenant_id, lead_id) SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM aix.pipeline_runs r WHERE r.tenant_id = $1 AND r.lead_id = $2 AND r.lease_token IS NULL AND r.stage = 0)", tenant.Value, lead);
        batch.Add("SELECT pg_notify('aix_work', $1)", tenant.Value.ToString());
        await batch.ExecuteNonQueryAsync(ct);
        await work.CommitAsync(ct);
        return true;
    }
}
