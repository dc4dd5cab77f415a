using AIX.Core.Leads;
using AIX.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Leads;

internal sealed class LeadConfiguration : IEntityTypeConfiguration<Lead>
{
    public void Configure(EntityTypeBuilder<Lead> entity)
    {
        entity.ToTable("leads");
        entity.HasKey(l => new { l.TenantId, l.Id });
        entity.Property(l => l.Attributes).HasColumnType("jsonb");
        entity.Property(l => l.Origins).HasColumnType("jsonb");
        entity.Property<string>("NameOrder").HasComputedColumnSql("coalesce(lower(name), '')", stored: true).UseCollation("C");
        entity.HasIndex("TenantId", "NameOrder", "Id");
        entity.HasIndex(l => new { l.TenantId, l.NameHostKey }).HasFilter("name_host_key IS NOT NULL");
        entity.HasIndex(l => new { l.TenantId, l.SourceId, l.Id });
    }
}

internal sealed class LeadStandingConfiguration : IEntityTypeConfiguration<LeadStanding>
{
    public void Configure(EntityTypeBuilder<LeadStanding> entity)
    {
        // No foreign key, as with contacts. Who writes a score locks this row first, so that a lead that goes takes all its scores along.
        entity.ToTable("lead_standings");
        entity.HasKey(s => new { s.TenantId, s.LeadId });
        entity.Property(s => s.ScoreOrder).HasComputedColumnSql("coalesce(override_score, score, -1)", stored: true);
        entity.Property(s => s.ShownBand).HasComputedColumnSql("coalesce(override_band, band)", stored: true);
        entity.Property(s => s.State).HasDefaultValue(LeadState.Ingested).HasSentinel(LeadState.Ingested);
        entity.Property(s => s.Uncertain).HasDefaultValue(false);
        entity.HasIndex(s => new { s.TenantId, s.ScoreOrder, s.LeadId });
        entity.HasIndex(s => new { s.TenantId, s.ShownBand, s.ScoreOrder, s.LeadId }).HasFilter("shown_band IS NOT NULL");
        entity.HasIndex(s => new { s.TenantId, s.OwnerId, s.ScoreOrder, s.LeadId }).HasFilter("owner_id IS NOT NULL");
        entity.HasIndex(s => new { s.TenantId, s.NextDueAt, s.LeadId }).HasFilter("next_due_at IS NOT NULL");
        entity.HasIndex(s => new { s.TenantId, s.ReevaluateAt }).HasFilter("reevaluate_at IS NOT NULL");
        entity.HasIndex(s => new { s.TenantId, s.OverrideUntil }).HasFilter("override_until IS NOT NULL");
        entity.HasIndex(s => new { s.TenantId, s.HotAt }).HasFilter("hot_at IS NOT NULL");
        entity.HasIndex(s => new { s.TenantId, s.ScoreOrder, s.LeadId }, "ix_lead_standings_uncertain").HasFilter("uncertain");
    }
}

internal sealed class ContactPointConfiguration : IEntityTypeConfiguration<ContactPoint>
{
    public void Configure(EntityTypeBuilder<ContactPoint> entity)
    {
        entity.ToTable("contact_points");
        entity.HasKey(c => new { c.TenantId, c.LeadId, c.Kind, c.Position });
        entity.HasIndex(c => new { c.TenantId, c.BlindIndex }).IsUnique().HasFilter("blind_index IS NOT NULL");

        // No foreign key: its check costs an import a third of its time. A statement trigger on leads deletes the contacts of deleted leads.
    }
}

internal sealed class ExternalRefConfiguration : IEntityTypeConfiguration<ExternalRef>
{
    public void Configure(EntityTypeBuilder<ExternalRef> entity)
    {
        entity.ToTable("external_refs");
        entity.HasKey(r => new { r.TenantId, r.System, r.ExternalId });
        entity.HasOne<Lead>().WithMany().HasForeignKey(r => new { r.TenantId, r.LeadId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class LeadLabelConfiguration : IEntityTypeConfiguration<LeadLabel>
{
    public void Configure(EntityTypeBuilder<LeadLabel> entity)
    {
        entity.ToTable("lead_labels");
        entity.HasKey(l => new { l.TenantId, l.Id });
        entity.HasIndex(l => new { l.TenantId, l.LeadId, l.RecordedAt });
        entity.HasOne<Lead>().WithMany().HasForeignKey(l => new { l.TenantId, l.LeadId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class LeadOutcomeConfiguration : IEntityTypeConfiguration<LeadOutcome>
{
    public void Configure(EntityTypeBuilder<LeadOutcome> entity)
    {
        entity.ToTable("lead_outcomes");
        entity.HasKey(o => new { o.TenantId, o.Id });
        entity.Property(o => o.Amount).HasPrecision(18, 2);
        entity.HasIndex(o => new { o.TenantId, o.LeadId, o.OccurredAt });
        entity.HasOne<Lead>().WithMany().HasForeignKey(o => new { o.TenantId, o.LeadId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class AttributeDefinitionConfiguration : IEntityTypeConfiguration<AttributeDefinition>
{
    public void Configure(EntityTypeBuilder<AttributeDefinition> entity)
    {
        entity.ToTable("attribute_definitions");
        entity.HasKey(a => new { a.TenantId, a.Key });
    }
}

internal sealed class WebFormConfiguration : IEntityTypeConfiguration<WebForm>
{
    public void Configure(EntityTypeBuilder<WebForm> entity)
    {
        entity.ToTable("web_forms");
        entity.HasKey(f => new { f.TenantId, f.Id });
        entity.HasIndex(f => f.Key).IsUnique();
    }
}

/// <summary>Lower-case text that search looks through; kept apart from the lead because its trigram index is dear to write.</summary>
internal sealed class LeadSearch : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid LeadId { get; init; }

    public required string Text { get; init; }
}

internal sealed class LeadSearchConfiguration : IEntityTypeConfiguration<LeadSearch>
{
    public void Configure(EntityTypeBuilder<LeadSearch> entity)
    {
        entity.ToTable("lead_search");
        entity.HasKey(s => new { s.TenantId, s.LeadId });
        entity.HasOne<Lead>().WithMany().HasForeignKey(s => new { s.TenantId, s.LeadId }).OnDelete(DeleteBehavior.Cascade);
    }
}
