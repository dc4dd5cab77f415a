using AIX.Core.Companies;
using AIX.Core.Enrichment;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Enrichment;

internal sealed class SourceSettingConfiguration : IEntityTypeConfiguration<SourceSetting>
{
    public void Configure(EntityTypeBuilder<SourceSetting> entity)
    {
        entity.ToTable("source_settings");
        entity.HasKey(s => new { s.TenantId, s.Source });
        entity.Property(s => s.Price).HasPrecision(12, 4);
    }
}

internal sealed class KeptAnswerConfiguration : IEntityTypeConfiguration<KeptAnswer>
{
    public void Configure(EntityTypeBuilder<KeptAnswer> entity)
    {
        entity.ToTable("kept_answers");
        entity.HasKey(a => new { a.TenantId, a.Source, a.Key });
        entity.Property(a => a.Values).HasColumnType("jsonb");
    }
}

internal sealed class PublicAnswerConfiguration : IEntityTypeConfiguration<PublicAnswer>
{
    public void Configure(EntityTypeBuilder<PublicAnswer> entity)
    {
        entity.ToTable("public_answers");
        entity.HasKey(a => new { a.Source, a.Key });
        entity.Property(a => a.Values).HasColumnType("jsonb");
    }
}

internal sealed class SourcePaceConfiguration : IEntityTypeConfiguration<Core.Enrichment.SourcePace>
{
    public void Configure(EntityTypeBuilder<Core.Enrichment.SourcePace> entity)
    {
        entity.ToTable("source_paces");
        entity.HasKey(p => p.Scope);
    }
}

internal sealed class SourceCallConfiguration : IEntityTypeConfiguration<SourceCall>
{
    public void Configure(EntityTypeBuilder<SourceCall> entity)
    {
        entity.ToTable("source_calls");
        entity.HasKey(c => new { c.TenantId, c.Id });
        entity.Property(c => c.Cost).HasPrecision(12, 4);
        entity.HasIndex(c => new { c.TenantId, c.At, c.Source });
    }
}

internal sealed class SourceSpendConfiguration : IEntityTypeConfiguration<SourceSpend>
{
    public void Configure(EntityTypeBuilder<SourceSpend> entity)
    {
        entity.ToTable("source_spends");
        entity.HasKey(s => new { s.TenantId, s.Day });
        entity.Property(s => s.Spent).HasPrecision(14, 4);
    }
}

internal sealed class EnrichmentPlanConfiguration : IEntityTypeConfiguration<EnrichmentPlan>
{
    public void Configure(EntityTypeBuilder<EnrichmentPlan> entity)
    {
        entity.ToTable("enrichment_plans");
        entity.HasKey(p => new { p.TenantId, p.CompanyId });
        entity.Property(p => p.Steps).HasColumnType("jsonb");
        entity.HasOne<Company>().WithMany().HasForeignKey(p => new { p.TenantId, p.CompanyId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class CompanyFactConfiguration : IEntityTypeConfiguration<CompanyFact>
{
    public void Configure(EntityTypeBuilder<CompanyFact> entity)
    {
        entity.ToTable("company_facts");
        entity.HasKey(f => new { f.TenantId, f.Id });
        entity.HasIndex(f => new { f.TenantId, f.CompanyId, f.Attribute, f.Source });
        entity.HasOne<Company>().WithMany().HasForeignKey(f => new { f.TenantId, f.CompanyId }).OnDelete(DeleteBehavior.Cascade);
    }
}
