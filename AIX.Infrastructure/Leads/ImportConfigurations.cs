using AIX.Core.Leads;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Leads;

internal sealed class ImportBatchConfiguration : IEntityTypeConfiguration<ImportBatch>
{
    public void Configure(EntityTypeBuilder<ImportBatch> entity)
    {
        entity.ToTable("imports");
        entity.HasKey(i => new { i.TenantId, i.Id });
        entity.Property(i => i.Mapping).HasColumnType("jsonb");
        entity.HasIndex(i => i.LeaseUntil).HasFilter("state = 1");
    }
}

internal sealed class ImportFilePartConfiguration : IEntityTypeConfiguration<ImportFilePart>
{
    public void Configure(EntityTypeBuilder<ImportFilePart> entity)
    {
        entity.ToTable("import_file_parts");
        entity.HasKey(p => new { p.TenantId, p.ImportId, p.Part });
        entity.HasOne<ImportBatch>().WithMany().HasForeignKey(p => new { p.TenantId, p.ImportId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ImportErrorConfiguration : IEntityTypeConfiguration<ImportError>
{
    public void Configure(EntityTypeBuilder<ImportError> entity)
    {
        entity.ToTable("import_errors");
        entity.HasKey(e => new { e.TenantId, e.ImportId, e.Row });
        entity.HasOne<ImportBatch>().WithMany().HasForeignKey(e => new { e.TenantId, e.ImportId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ImportChangeConfiguration : IEntityTypeConfiguration<ImportChange>
{
    public void Configure(EntityTypeBuilder<ImportChange> entity)
    {
        entity.ToTable("import_changes");
        entity.HasKey(c => new { c.TenantId, c.ImportId, c.LeadId });
        entity.Property(c => c.Before).HasColumnType("jsonb");
        entity.HasOne<Lead>().WithMany().HasForeignKey(c => new { c.TenantId, c.LeadId }).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<ImportBatch>().WithMany().HasForeignKey(c => new { c.TenantId, c.ImportId }).OnDelete(DeleteBehavior.Cascade);
    }
}
