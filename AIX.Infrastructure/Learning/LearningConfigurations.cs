using AIX.Core.Learning;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Learning;

internal sealed class ModelVersionConfiguration : IEntityTypeConfiguration<ModelVersion>
{
    public void Configure(EntityTypeBuilder<ModelVersion> entity)
    {
        entity.ToTable("model_versions");
        entity.HasKey(m => new { m.TenantId, m.Version });
        entity.Property(m => m.Version).ValueGeneratedNever();
        entity.Property(m => m.Options).HasColumnType("jsonb");
        entity.Property(m => m.Report).HasColumnType("jsonb");
    }
}

internal sealed class ModelCheckConfiguration : IEntityTypeConfiguration<ModelCheck>
{
    public void Configure(EntityTypeBuilder<ModelCheck> entity)
    {
        entity.ToTable("model_checks");
        entity.HasKey(c => new { c.TenantId, c.Version });
        entity.Property(c => c.Version).ValueGeneratedNever();
        entity.Property(c => c.Alarms).HasColumnType("jsonb");
    }
}

internal sealed class PooledPriorConfiguration : IEntityTypeConfiguration<PooledPriorRow>
{
    public void Configure(EntityTypeBuilder<PooledPriorRow> entity)
    {
        entity.ToTable("pooled_priors");
        entity.HasKey(p => p.Feature);
    }
}

internal sealed class ModelAliasConfiguration : IEntityTypeConfiguration<ModelAlias>
{
    public void Configure(EntityTypeBuilder<ModelAlias> entity)
    {
        // No foreign key: version 1, the profile, has no row.
        entity.ToTable("model_aliases");
        entity.HasKey(a => new { a.TenantId, a.Name });
    }
}
