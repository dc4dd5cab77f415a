using AIX.Core.Auditing;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Live;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIX.Infrastructure.Users;

internal sealed class TenantConfiguration : IEntityTypeConfiguration<Tenant>
{
    public void Configure(EntityTypeBuilder<Tenant> entity)
    {
        entity.ToTable("tenants");
        entity.HasKey(t => t.TenantId);
        entity.HasIndex(t => t.Slug).IsUnique();
        entity.Property(t => t.Settings).HasColumnType("jsonb").HasConversion(
            s => System.Text.Json.JsonSerializer.Serialize(s, LiveEvents.Json),
            s => System.Text.Json.JsonSerializer.Deserialize<TenantSettings>(s, LiveEvents.Json)!);
    }
}

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> entity)
    {
        entity.ToTable("users");
        entity.HasKey(u => new { u.TenantId, u.Id });
        entity.HasIndex(u => u.NormalizedEmail).IsUnique();
    }
}

internal sealed class UserPreferencesConfiguration : IEntityTypeConfiguration<UserPreferences>
{
    public void Configure(EntityTypeBuilder<UserPreferences> entity)
    {
        entity.ToTable("user_preferences");
        entity.HasKey(p => new { p.TenantId, p.UserId });
        entity.Property(p => p.Data).HasColumnType("jsonb");
    }
}

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> entity)
    {
        entity.ToTable("api_keys");
        entity.HasKey(k => new { k.TenantId, k.Id });
        entity.HasIndex(k => k.Hash).IsUnique();
    }
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entity)
    {
        entity.ToTable("audit_entries");
        entity.Property(e => e.FromAddress).HasMaxLength(64);
        entity.HasKey(a => new { a.TenantId, a.Id });
        entity.HasIndex(e => new { e.TenantId, e.Sequence }).IsUnique().HasFilter("sequence > 0");
        entity.Property(a => a.Details).HasColumnType("jsonb");
    }
}

internal sealed class OutboxMessageConfiguration : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> entity)
    {
        entity.ToTable("outbox");
        entity.HasKey(o => new { o.TenantId, o.Id });
        entity.Property(o => o.Payload).HasColumnType("jsonb");

        // Ids are version 7: time-ordered, so that one index serves look-up by id and catching up.
        entity.HasIndex(o => o.Id).IsUnique();
    }
}

/// <summary>The answer to a POST with an Idempotency-Key, kept for a day.</summary>
internal sealed class IdempotencyRecord : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of method, path and body.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>HTTP status; null while the first request is still running.</summary>
    public int? Status { get; set; }

    public string? ContentType { get; set; }

    public byte[]? Body { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class IdempotencyRecordConfiguration : IEntityTypeConfiguration<IdempotencyRecord>
{
    public void Configure(EntityTypeBuilder<IdempotencyRecord> entity)
    {
        entity.ToTable("idempotency_records");
        entity.HasKey(r => new { r.TenantId, r.Key });
    }
}

/// <summary>A key of ASP.NET's data protection, shared by all nodes so that they read each other's cookies. Belongs to no tenant.</summary>
internal sealed class DataProtectionKey
{
    public int Id { get; init; }

    public required string FriendlyName { get; init; }

    public required string Xml { get; init; }
}

internal sealed class DataProtectionKeyConfiguration : IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<DataProtectionKey> entity)
    {
        entity.ToTable("data_protection_keys");
        entity.HasKey(k => k.Id);
    }
}
