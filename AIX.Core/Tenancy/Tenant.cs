namespace AIX.Core.Tenancy;

/// <summary>A customer organisation with its settings.</summary>
public sealed class Tenant : ITenantOwned
{
    private Tenant()
    {
    }

    public Tenant(TenantId id, string name, string slug, byte[] blindIndexKey, DateTimeOffset createdAt) =>
        (TenantId, Name, Slug, BlindIndexKey, CreatedAt, Settings) = (id, name, slug, blindIndexKey, createdAt, new TenantSettings());

    public TenantId TenantId { get; private init; }

    public string Name { get; private set; } = "";

    /// <summary>Lower-case name for addresses and file names; unique.</summary>
    public string Slug { get; private init; } = "";

    /// <summary>32 random bytes; the HMAC-SHA256 key of this tenant's blind indexes.</summary>
    public byte[] BlindIndexKey { get; private init; } = [];

    public DateTimeOffset CreatedAt { get; private init; }

    public TenantSettings Settings { get; private set; } = null!;

    public void Change(TenantSettings settings) => Settings = settings;
}
