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
        await db.Set<LeadRationale>().Where(r => r.LeadId == rationale.LeadId && r.Language == rationale.Language).ExecuteDeleteAsync(ct);
        if (await db.Set<Lead>().AnyAsync(l => l.Id == rationale.LeadId, ct))
        {
            db.Add(rationale);
            await db.SaveChangesAsync(ct);
        }
    }
}
