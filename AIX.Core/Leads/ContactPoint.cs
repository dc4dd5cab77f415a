using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

public enum ContactKind
{
    Email,
    Phone,
}

/// <summary>What kind of line a phone number is, by its country's numbering plan.</summary>
public enum PhoneLine
{
    Unknown,
    Mobile,
    Landline,
    MobileOrLandline,
    TollFree,
    Premium,
    Other,
}

/// <summary>One e-mail or phone of a lead. The value is found through its keyed blind index alone, so that it can become ciphertext.</summary>
public sealed class ContactPoint : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid LeadId { get; init; }

    public required ContactKind Kind { get; init; }

    /// <summary>0 is the one to use first.</summary>
    public required short Position { get; init; }

    /// <summary>Normalised (E.164, lower-case host) when valid; as it came in otherwise.</summary>
    public required string Value { get; init; }

    /// <summary>First 16 bytes of HMAC-SHA256 under the tenant's key; null for a flagged value.</summary>
    public Guid? BlindIndex { get; init; }

    public PhoneLine Line { get; init; }

    /// <summary>Why the value cannot be used; null when it can.</summary>
    public string? Flag { get; init; }
}
