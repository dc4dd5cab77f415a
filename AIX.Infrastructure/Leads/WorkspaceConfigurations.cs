using AIX.Core.Leads;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Leads;

// No foreign keys to leads: what hangs on a lead goes by the statement trigger, as with contacts.

internal sealed class LeadNoteConfiguration : IEntityTypeConfiguration<LeadNote>
{
    public void Configure(EntityTypeBuilder<LeadNote> entity)
    {
        entity.ToTable("lead_notes");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.HasIndex(e => new { e.TenantId, e.LeadId, e.At });
    }
}

internal sealed class LeadTaskConfiguration : IEntityTypeConfiguration<LeadTask>
{
    public void Configure(EntityTypeBuilder<LeadTask> entity)
    {
        entity.ToTable("lead_tasks");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.HasIndex(e => new { e.TenantId, e.LeadId, e.DueAt });
        entity.HasIndex(e => new { e.TenantId, e.OwnerId, e.DueAt }).HasFilter("done_at IS NULL");

        // The calendar of callbacks.
        entity.HasIndex(e => new { e.TenantId, e.DueAt }).HasFilter("kind = 3");
    }
}

internal sealed class LeadTagConfiguration : IEntityTypeConfiguration<LeadTag>
{
    public void Configure(EntityTypeBuilder<LeadTag> entity)
    {
        entity.ToTable("lead_tags");
        entity.HasKey(e => new { e.TenantId, e.LeadId, e.Tag });
        entity.HasIndex(e => new { e.TenantId, e.Tag, e.LeadId });
    }
}

internal sealed class ScoreOverrideConfiguration : IEntityTypeConfiguration<ScoreOverride>
{
    public void Configure(EntityTypeBuilder<ScoreOverride> entity)
    {
        entity.ToTable("score_overrides");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.HasIndex(e => new { e.TenantId, e.LeadId, e.At });
    }
}

internal sealed class LeadTransitionConfiguration : IEntityTypeConfiguration<LeadTransition>
{
    public void Configure(EntityTypeBuilder<LeadTransition> entity)
    {
        entity.ToTable("lead_transitions");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.HasIndex(e => new { e.TenantId, e.LeadId, e.At });
        entity.HasIndex(e => new { e.TenantId, e.ImportId }).HasFilter("import_id IS NOT NULL");
    }
}

internal sealed class LeadViewConfiguration : IEntityTypeConfiguration<LeadView>
{
    public void Configure(EntityTypeBuilder<LeadView> entity)
    {
        entity.ToTable("lead_views");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.Property(e => e.Definition).HasColumnType("jsonb");
    }
}

internal sealed class LeadMergeConfiguration : IEntityTypeConfiguration<LeadMerge>
{
    public void Configure(EntityTypeBuilder<LeadMerge> entity)
    {
        entity.ToTable("lead_merges");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.Property(e => e.Images).HasColumnType("jsonb");
        entity.HasIndex(e => new { e.TenantId, e.LoserId });
        entity.HasIndex(e => new { e.TenantId, e.WinnerId });
    }
}

internal sealed class BulkJobConfiguration : IEntityTypeConfiguration<BulkJob>
{
    public void Configure(EntityTypeBuilder<BulkJob> entity)
    {
        entity.ToTable("bulk_jobs");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.Property(e => e.Filter).HasColumnType("jsonb");
        entity.Property(e => e.Arguments).HasColumnType("jsonb");
        entity.HasIndex(e => e.LeaseUntil).HasFilter("state IN (0, 1, 5)");
    }
}

internal sealed class BulkChangeConfiguration : IEntityTypeConfiguration<BulkChange>
{
    public void Configure(EntityTypeBuilder<BulkChange> entity)
    {
        entity.ToTable("bulk_changes");
        entity.HasKey(e => new { e.TenantId, e.JobId, e.LeadId });
        entity.Property(e => e.Before).HasColumnType("jsonb");
    }
}

internal sealed class BulkPartConfiguration : IEntityTypeConfiguration<BulkPart>
{
    public void Configure(EntityTypeBuilder<BulkPart> entity)
    {
        entity.ToTable("bulk_parts");
        entity.HasKey(e => new { e.TenantId, e.JobId, e.Part });
    }
}
