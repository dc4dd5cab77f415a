using AIX.Core.Calls;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Calls;

internal sealed class CallConfiguration : IEntityTypeConfiguration<Call>
{
    public void Configure(EntityTypeBuilder<Call> entity)
    {
        entity.ToTable("calls");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.Property(e => e.Gate).HasColumnType("jsonb");
        entity.Property(e => e.Conversation).HasColumnType("jsonb");
        entity.Property(e => e.Facts).HasColumnType("jsonb");
        entity.HasIndex(e => new { e.TenantId, e.LeadId, e.CreatedAt });
        entity.HasIndex(e => new { e.TenantId, e.CreatedAt });
        entity.HasIndex(e => new { e.TenantId, e.ToNumber, e.CreatedAt });
        entity.HasIndex(e => new { e.TenantId, e.ProviderSid }).IsUnique().HasFilter("provider_sid IS NOT NULL");
        entity.HasIndex(e => e.ProviderSid).HasFilter("provider_sid IS NOT NULL");

        // Not by what each event changes: an update that touches no index stays on its page (PostgreSQL's HOT), and a call has five of them.
        entity.HasIndex(e => e.CreatedAt).HasFilter("NOT wrapped_up");
        entity.HasIndex(e => e.Id);

        // One attempt is made once, whoever claims it.
        entity.HasIndex(e => new { e.TenantId, e.CampaignId, e.LeadId, e.Attempt }).IsUnique().HasFilter("campaign_id IS NOT NULL");
        entity.HasIndex(e => new { e.TenantId, e.CampaignId }).HasFilter("NOT wrapped_up");
        entity.HasIndex(e => new { e.TenantId, e.CampaignId, e.CreatedAt }).HasFilter("campaign_id IS NOT NULL");
        entity.HasIndex(e => new { e.TenantId, e.CampaignId, e.EndedAt }).HasFilter("campaign_id IS NOT NULL");
    }
}

internal sealed class CallTurnConfiguration : IEntityTypeConfiguration<CallTurn>
{
    public void Configure(EntityTypeBuilder<CallTurn> entity)
    {
        entity.ToTable("call_turns");
        entity.HasKey(e => new { e.TenantId, e.CallId, e.Sequence });
        entity.Property(e => e.Slots).HasColumnType("jsonb");
        entity.HasOne<Call>().WithMany().HasForeignKey(e => new { e.TenantId, e.CallId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class CallEventConfiguration : IEntityTypeConfiguration<CallEvent>
{
    public void Configure(EntityTypeBuilder<CallEvent> entity)
    {
        entity.ToTable("call_events");
        entity.HasKey(e => new { e.TenantId, e.CallId, e.Key });
        entity.HasOne<Call>().WithMany().HasForeignKey(e => new { e.TenantId, e.CallId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class CallRecordingConfiguration : IEntityTypeConfiguration<CallRecording>
{
    public void Configure(EntityTypeBuilder<CallRecording> entity)
    {
        entity.ToTable("call_recordings");
        entity.HasKey(e => new { e.TenantId, e.CallId });
        entity.HasOne<Call>().WithMany().HasForeignKey(e => new { e.TenantId, e.CallId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class KnowledgeArticleConfiguration : IEntityTypeConfiguration<KnowledgeArticle>
{
    public void Configure(EntityTypeBuilder<KnowledgeArticle> entity)
    {
        entity.ToTable("knowledge_articles");
        entity.HasKey(e => new { e.TenantId, e.Id });
    }
}

internal sealed class FlowVersionConfiguration : IEntityTypeConfiguration<FlowVersion>
{
    public void Configure(EntityTypeBuilder<FlowVersion> entity)
    {
        entity.ToTable("flow_versions");
        entity.HasKey(e => new { e.TenantId, e.Key, e.Version });
        entity.Property(e => e.Document).HasColumnType("jsonb");
    }
}
