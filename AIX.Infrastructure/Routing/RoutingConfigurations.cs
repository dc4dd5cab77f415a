using AIX.Core.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Routing;

internal sealed class RoutingRuleConfiguration : IEntityTypeConfiguration<RoutingRule>
{
    public void Configure(EntityTypeBuilder<RoutingRule> entity)
    {
        entity.ToTable("routing_rules");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.Property(e => e.Document).HasColumnType("jsonb");
    }
}
