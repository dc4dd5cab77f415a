using AIX.Core.Campaigns;
using AIX.Core.Insights;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Campaigns;

internal sealed class CampaignConfiguration : IEntityTypeConfiguration<Campaign>
{
    public void Configure(EntityTypeBuilder<Campaign> entity)
    {
        entity.ToTable("campaigns");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.Property(e => e.Plan).HasColumnType("jsonb");
        entity.HasIndex(e => new { e.TenantId, e.CreatedAt });
    }
}

internal sealed class CampaignMemberConfiguration : IEntityTypeConfiguration<CampaignMember>
{
    public void Configure(EntityTypeBuilder<CampaignMember> entity)
    {
        entity.ToTable("campaign_members");
        entity.HasKey(e => new { e.TenantId, e.CampaignId, e.LeadId });
        entity.HasOne<Campaign>().WithMany().HasForeignKey(e => new { e.TenantId, e.CampaignId }).OnDelete(DeleteBehavior.Cascade);

        // Who waits, by time; who is due, in the order of their turns in each country; who is claimed.
        entity.HasIndex(e => new { e.TenantId, e.CampaignId, e.NextAt }).HasFilter("state = 1 AND NOT is_due");
        entity.HasIndex(e => new { e.TenantId, e.CampaignId, e.Prefix, e.IsCallback, e.Priority }).IsDescending(false, false, false, true, true).HasFilter("state = 1 AND is_due");
        entity.HasIndex(e => new { e.TenantId, e.CampaignId, e.LeaseUntil }).HasFilter("lease_until IS NOT NULL");
        entity.HasIndex(e => new { e.TenantId, e.CampaignId, e.Number });
        entity.HasIndex(e => new { e.TenantId, e.LeadId });
        entity.HasIndex(e => new { e.TenantId, e.CampaignId, e.State });
    }
}

internal sealed class CallHourConfiguration : IEntityTypeConfiguration<CallHour>
{
    public void Configure(EntityTypeBuilder<CallHour> entity)
    {
        entity.ToTable("call_hours");
        entity.HasKey(e => new { e.TenantId, e.Day, e.Hour, e.CampaignId, e.AgentId, e.Language, e.Variant, e.Region });
        entity.HasIndex(e => new { e.TenantId, e.Region, e.Day });
        entity.HasIndex(e => new { e.TenantId, e.AgentId, e.Day });
    }
}

internal sealed class CallHourTotalConfiguration : IEntityTypeConfiguration<CallHourTotal>
{
    public void Configure(EntityTypeBuilder<CallHourTotal> entity)
    {
        entity.ToTable("call_hour_totals");
        entity.HasKey(e => new { e.TenantId, e.Day, e.Hour, e.CampaignId, e.Language, e.Variant });
    }
}
