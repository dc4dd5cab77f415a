using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

public enum Band
{
    Cold,
    Warm,
    Hot,
}

/// <summary>How a value came in.</summary>
public enum SourceKind
{
    Import,
    Api,
    Form,
    Crm,
    Manual,
}

/// <summary>The current picture of a person who may buy. The values of the first intake stand in the row; what later sources
/// changed is named in <see cref="Origins"/>, and the values they replaced are kept as superseded facts.</summary>
public sealed class Lead : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public string? Name { get; private set; }

    public string? Company { get; private set; }

    /// <summary>Host of the company: the e-mail's full host unless free mail, else the website's.</summary>
    public string? Domain { get; private set; }

    public string? Title { get; private set; }

    public string? City { get; private set; }

    public string? Country { get; private set; }

    /// <summary>JSON object: attribute key → string, number, boolean or array of strings.</summary>
    public string Attributes { get; private set; } = "{}";

    /// <summary>JSON object: attribute key → origin that set it after the first intake; null when the first intake set everything.</summary>
    public string? Origins { get; private set; }

    public SourceKind SourceKind { get; private set; }

    /// <summary>The import, API key or form of the first intake.</summary>
    public Guid? SourceId { get; private set; }

    /// <summary>Blind index of normalised name and company host, for deduplication.</summary>
    public Guid? NameHostKey { get; private set; }

    /// <summary>Counts changes; guards undo.</summary>
    public int Version { get; private set; }

    /// <summary>When the lead came into being at its source; file order or intake time when unknown.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset RecordedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }
}
