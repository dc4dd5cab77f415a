using System.Text.Json;
using AIX.Core.Leads;
using AIX.Core.Scoring;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Scoring;

internal sealed class LeadRationaleConfiguration : IEntityTypeConfiguration<LeadRationale>
{
    public void Configure(EntityTypeBuilder<LeadRationale> entity)
    {
        entity.ToTable("lead_rationales");
        entity.HasKey(r => new { r.TenantId, r.LeadId, r.Language });
        entity.Property(r => r.Lines).HasColumnType("jsonb");
        entity.HasOne<Lead>().WithMany().HasForeignKey(r => new { r.TenantId, r.LeadId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class RationaleStore(DataSources sources) : IRationaleStore
{
    public async Task<IReadOnlyList<RationaleLine>?> FindAsync(TenantId tenant, Guid lead, string language, DateTimeOffset scoredAt, string writer, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        var lines = await db.Set<LeadRationale>().Where(r => r.LeadId == lead && r.Language == language && r.ScoredAt == scoredAt && r.Writer == writer).Select(r => r.Lines).FirstOrDefaultAsync(ct);
        return lines is null ? null : JsonSerializer.Deserialize<List<RationaleLine>>(lines);
    }

    public async Task SaveAsync(LeadRationale rationale, CancellationToken ct)
    {
        await using var db = sources.Context(rationale.TenantId);

        // Two people may look at the same moment, and the lead may have gone.
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO aix.lead_rationales (tenant_id, lead_id, language, scored_at, lines, writer)
            SELECT l.tenant_id, l.id, {rationale.Language}, {rationale.ScoredAt}, {rationale.Lines}::jsonb, {rationale.Writer} FROM aix.leads l WHERE l.tenant_id = {rationale.TenantId.Value} AND l.id = {rationale.LeadId} FOR KEY SHARE
            ON CONFLICT (tenant_id, lead_id, language) DO UPDATE SET scored_at = excluded.scored_at, lines = excluded.lines, writer = excluded.writer
            """,
            ct);
    }
}
