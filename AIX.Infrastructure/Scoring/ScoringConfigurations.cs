using AIX.Core.Enrichment;
using AIX.Core.Leads;
using AIX.Core.Profiles;
using AIX.Core.Scoring;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Scoring;

internal sealed class LeadScoreConfiguration : IEntityTypeConfiguration<LeadScore>
{
    public void Configure(EntityTypeBuilder<LeadScore> entity)
    {
        entity.ToTable("lead_scores");
        entity.HasKey(s => new { s.TenantId, s.RunId });
        entity.Property(s => s.RunId).ValueGeneratedNever();
        entity.HasIndex(s => new { s.TenantId, s.LeadId, s.At });
    }
}

internal sealed class FeatureSnapshotConfiguration : IEntityTypeConfiguration<FeatureSnapshot>
{
    public void Configure(EntityTypeBuilder<FeatureSnapshot> entity)
    {
        entity.ToTable("feature_snapshots");
        entity.HasKey(s => new { s.TenantId, s.RunId });
        entity.Property(s => s.RunId).ValueGeneratedNever();
        entity.HasIndex(s => new { s.TenantId, s.LeadId, s.At });
    }
}

internal sealed class LeadFactConfiguration : IEntityTypeConfiguration<LeadFact>
{
    public void Configure(EntityTypeBuilder<LeadFact> entity)
    {
        entity.ToTable("facts");
        entity.HasKey(f => new { f.TenantId, f.Id });
        entity.HasIndex(f => new { f.TenantId, f.LeadId });
        entity.HasOne<Lead>().WithMany().HasForeignKey(f => new { f.TenantId, f.LeadId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class LearnedReliabilityConfiguration : IEntityTypeConfiguration<LearnedReliability>
{
    public void Configure(EntityTypeBuilder<LearnedReliability> entity)
    {
        entity.ToTable("source_reliabilities");
        entity.HasKey(r => new { r.TenantId, r.Source, r.Attribute });
    }
}

internal sealed class IcpVersionConfiguration : IEntityTypeConfiguration<IcpVersion>
{
    public void Configure(EntityTypeBuilder<IcpVersion> entity)
    {
        entity.ToTable("icp_versions");
        entity.HasKey(v => new { v.TenantId, v.Version });
        entity.Property(v => v.Version).ValueGeneratedNever();
        entity.Property(v => v.Document).HasColumnType("jsonb");
    }
}
