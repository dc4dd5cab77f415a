using AIX.Core.Compliance;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Compliance;

internal sealed class SuppressionConfiguration : IEntityTypeConfiguration<Suppression>
{
    public void Configure(EntityTypeBuilder<Suppression> entity)
    {
        entity.ToTable("suppressions");
        entity.HasKey(e => new { e.TenantId, e.Number });
    }
}

internal sealed class ConsentEventConfiguration : IEntityTypeConfiguration<ConsentEvent>
{
    public void Configure(EntityTypeBuilder<ConsentEvent> entity)
    {
        entity.ToTable("consent_events");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.HasIndex(e => new { e.TenantId, e.Address, e.Channel, e.At });
    }
}

internal sealed class DndPreferenceConfiguration : IEntityTypeConfiguration<DndPreference>
{
    public void Configure(EntityTypeBuilder<DndPreference> entity)
    {
        entity.ToTable("dnd_preferences");
        entity.HasKey(e => new { e.TenantId, e.Number });
    }
}

internal sealed class ComplaintConfiguration : IEntityTypeConfiguration<Complaint>
{
    public void Configure(EntityTypeBuilder<Complaint> entity)
    {
        entity.ToTable("complaints");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.HasIndex(e => new { e.TenantId, e.Number, e.At });
    }
}

internal sealed class GateRecordConfiguration : IEntityTypeConfiguration<GateRecord>
{
    public void Configure(EntityTypeBuilder<GateRecord> entity)
    {
        entity.ToTable("gate_records");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.HasIndex(e => new { e.TenantId, e.Address, e.At });
        entity.HasIndex(e => new { e.TenantId, e.At });
    }
}

internal sealed class RuleSettingConfiguration : IEntityTypeConfiguration<RuleSetting>
{
    public void Configure(EntityTypeBuilder<RuleSetting> entity)
    {
        entity.ToTable("rule_settings");
        entity.HasKey(e => new { e.TenantId, e.Version });
        entity.Property(e => e.Document).HasColumnType("jsonb");
    }
}

internal sealed class ComplianceBatchConfiguration : IEntityTypeConfiguration<ComplianceBatch>
{
    public void Configure(EntityTypeBuilder<ComplianceBatch> entity)
    {
        entity.ToTable("compliance_batches");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.Property(e => e.Errors).HasColumnType("jsonb");
    }
}
