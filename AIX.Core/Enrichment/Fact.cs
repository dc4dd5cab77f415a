using System.Security.Cryptography;
using System.Text;
using AIX.Core.Tenancy;

namespace AIX.Core.Enrichment;

/// <summary>Something that a source said about a lead.</summary>
/// <param name="Attribute">Field or custom attribute.</param>
/// <param name="Source">What said it: a file, the API, a form, an enrichment source.</param>
/// <param name="Reliability">Chance that the source is right, in (0, 1).</param>
/// <param name="Superseded">A later source has replaced the value; kept for history and for citations.</param>
public sealed record Fact(Guid Id, string Attribute, string Value, string Source, DateTimeOffset FetchedAt, double Reliability, bool Superseded = false)
{
    /// <summary>Where it can be read again; null when there is no such place.</summary>
    public string? Url { get; init; }

    /// <summary>How it came to be known: <c>given</c> with the lead, <c>derived</c> from what was given, looked up in the tenant's <c>directory</c> or at a <c>source</c>, <c>counted</c> from events, or a person's <c>correction</c>.</summary>
    public string Method => Source switch
    {
        LeadFact.Person => "correction",
        DirectorySource.Name => "directory",
        LeadFact.Engagement => "counted",
        _ when OfflineSources.IsOne(Source) => "derived",
        _ => IsOfCompany ? "source" : "given",
    };

    /// <summary>Whether it was said of the lead's company, which other leads share.</summary>
    public bool IsOfCompany { get; init; }
}

/// <summary>A stored fact. Append-only: what enrichment found, and what intake values a later source replaced. Values that
/// stand are in the lead's row; <see cref="FactId"/> gives them the same id there as here.</summary>
public sealed class LeadFact : ITenantOwned
{
    /// <summary>Source of what a person corrected.</summary>
    public const string Person = "person";

    /// <summary>Source of what was counted from events.</summary>
    public const string Engagement = "engagement";

    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid LeadId { get; init; }

    public required string Attribute { get; init; }

    public required string Value { get; init; }

    public required string Source { get; init; }

    public required DateTimeOffset ObservedAt { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required double Reliability { get; init; }

    public bool Superseded { get; init; }
}

/// <summary>Ids of facts: the same lead, attribute and origin always give the same id, so that a citation stays true however often the value is read.</summary>
public static class FactId
{
    /// <summary>A version 8 UUID (RFC 9562): the first 16 bytes of SHA-256 over lead, origin and attribute.</summary>
    public static Guid Of(Guid lead, string attribute, Guid? origin)
    {
        Span<byte> input = stackalloc byte[32 + 512];
        lead.TryWriteBytes(input);
        (origin ?? Guid.Empty).TryWriteBytes(input[16..]);
        var length = 32 + Encoding.UTF8.GetBytes(attribute.AsSpan(0, Math.Min(attribute.Length, 120)), input[32..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input[..length], hash);
        hash[7] = (byte)((hash[7] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16]);
    }
}
