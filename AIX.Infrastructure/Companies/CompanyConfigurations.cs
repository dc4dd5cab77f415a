using AIX.Core.Companies;
using AIX.Core.Leads;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Companies;

internal sealed class CompanyConfiguration : IEntityTypeConfiguration<Company>
{
    public void Configure(EntityTypeBuilder<Company> entity)
    {
        entity.ToTable("companies");
        entity.HasKey(c => new { c.TenantId, c.Id });
    }
}

internal sealed class CompanyKeyConfiguration : IEntityTypeConfiguration<CompanyKey>
{
    public void Configure(EntityTypeBuilder<CompanyKey> entity)
    {
        entity.ToTable("company_keys");
        entity.HasKey(k => new { k.TenantId, k.Kind, k.Value, k.CompanyId });
        entity.HasIndex(k => new { k.TenantId, k.CompanyId });
        entity.HasOne<Company>().WithMany().HasForeignKey(k => new { k.TenantId, k.CompanyId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class LeadCompanyConfiguration : IEntityTypeConfiguration<LeadCompany>
{
    public void Configure(EntityTypeBuilder<LeadCompany> entity)
    {
        entity.ToTable("lead_companies");
        entity.HasKey(l => new { l.TenantId, l.LeadId });
        entity.Property(l => l.Rejected).HasColumnType("jsonb");
        entity.HasIndex(l => new { l.TenantId, l.CompanyId });
        entity.HasOne<Lead>().WithMany().HasForeignKey(l => new { l.TenantId, l.LeadId }).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Company>().WithMany().HasForeignKey(l => new { l.TenantId, l.CompanyId });
    }
}
