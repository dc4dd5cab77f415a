using System.Text.Json;
using AIX.Core.Leads;

namespace AIX.Core.Scoring;

/// <summary>Everything that scoring reads of a lead, loaded for a whole batch in one query.</summary>
public sealed class LeadForScoring
{
    public required Guid Id { get; init; }

    public string? Name { get; init; }

    public string? Company { get; init; }

    public string? Domain { get; init; }

    public string? Title { get; init; }

    public string? City { get; init; }

    public string? Country { get; init; }

    /// <summary>JSON object of attributes.</summary>
    public JsonElement Attributes { get; init; }

    public IReadOnlyDictionary<string, Guid>? Origins { get; init; }

    public Guid? SourceId { get; init; }

    public string? Email { get; init; }

    public string? Phone { get; init; }

    public PhoneLine PhoneLine { get; init; }

    /// <summary>Facts that enrichment found: attribute → id and value; the newest of each attribute.</summary>
    public IReadOnlyDictionary<string, (Guid Id, string Value)> Facts { get; init; } = new Dictionary<string, (Guid, string)>();

    public bool HasScore { get; init; }

    public Guid? OriginOf(string attribute) => Origins is not null && Origins.TryGetValue(attribute, out var origin) ? origin : SourceId;
}
