using AIX.Core.Companies;
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

        // No foreign key, as with contacts: it is written with its company, in one transaction, and companies stay.
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

        // No foreign keys, as with contacts. Who writes a link locks the lead; the trigger on leads takes it along.
    }
}
