using AIX.Core.Review;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Review;

internal sealed class ReviewItemConfiguration : IEntityTypeConfiguration<ReviewItem>
{
    public void Configure(EntityTypeBuilder<ReviewItem> entity)
    {
        entity.ToTable("review_items");
        entity.HasKey(e => new { e.TenantId, e.LeadId });
        entity.HasIndex(e => new { e.TenantId, e.Day, e.DecisionValue });
        entity.HasIndex(e => new { e.TenantId, e.DecisionValue, e.CreatedAt });
        entity.HasIndex(e => new { e.TenantId, e.HolderId }).HasFilter("holder_id IS NOT NULL");
    }
}

internal sealed class ReviewDecisionConfiguration : IEntityTypeConfiguration<ReviewDecision>
{
    public void Configure(EntityTypeBuilder<ReviewDecision> entity)
    {
        entity.ToTable("review_decisions");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.Property(e => e.Effects).HasColumnType("jsonb");
        entity.HasIndex(e => new { e.TenantId, e.ReviewerId, e.At });
        entity.HasIndex(e => new { e.TenantId, e.LeadId, e.At });
        entity.HasIndex(e => new { e.TenantId, e.At });
    }
}

internal sealed class ReviewDraftConfiguration : IEntityTypeConfiguration<ReviewDraft>
{
    public void Configure(EntityTypeBuilder<ReviewDraft> entity)
    {
        entity.ToTable("review_drafts");
        entity.HasKey(e => new { e.TenantId, e.LeadId, e.UserId });
        entity.Property(e => e.Content).HasColumnType("jsonb");
    }
}
