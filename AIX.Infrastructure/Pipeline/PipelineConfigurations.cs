using AIX.Core.Leads;
using AIX.Core.Pipeline;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Pipeline;

internal sealed class PipelineRunConfiguration : IEntityTypeConfiguration<PipelineRun>
{
    public void Configure(EntityTypeBuilder<PipelineRun> entity)
    {
        // No foreign key to the lead: a run of a lead that is gone simply ends, and the queue stays fast.
        entity.ToTable("pipeline_runs");
        entity.HasKey(r => new { r.TenantId, r.Id });
        entity.Property(r => r.Id).UseIdentityByDefaultColumn();
        entity.Property(r => r.Attempts).HasDefaultValue(0);
        entity.Property(r => r.Stage).HasDefaultValue(Stage.Validate).HasSentinel((Stage)(-1));
    }
}

internal sealed class DeadLetterConfiguration : IEntityTypeConfiguration<DeadLetter>
{
    public void Configure(EntityTypeBuilder<DeadLetter> entity)
    {
        entity.ToTable("dead_letters");
        entity.HasKey(d => new { d.TenantId, d.RunId });
        entity.Property(d => d.RunId).ValueGeneratedNever();
    }
}

internal sealed class PipelineStatConfiguration : IEntityTypeConfiguration<PipelineStat>
{
    public void Configure(EntityTypeBuilder<PipelineStat> entity)
    {
        entity.ToTable("pipeline_stats");
        entity.HasKey(s => new { s.TenantId, s.Node, s.Stage, s.Minute });
    }
}
