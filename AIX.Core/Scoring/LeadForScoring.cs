using System.Globalization;
using System.Text.Json;
using AIX.Core.Enrichment;
using AIX.Core.Leads;

namespace AIX.Core.Scoring;

/// <summary>An engagement event, as scoring reads it.</summary>
public sealed record LeadAction(string Kind, string? Detail, DateTimeOffset At);

/// <summary>Everything that scoring reads of a lead, loaded for a whole batch in one query.</summary>
public sealed class LeadForScoring
{
    /// <summary>Name of the lead's own word among the sources.</summary>
    public const string OwnSource = "intake";

    /// <summary>What a value that came with the lead is worth.</summary>
    public const double OwnReliability = 0.8;

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

    /// <summary>What the sources of enrichment say: attribute → claims, the newest of each source.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Claim>> Facts { get; init; } = new Dictionary<string, IReadOnlyList<Claim>>();

    /// <summary>What the lead did, of the last 400 days.</summary>
    public IReadOnlyList<LeadAction> Actions { get; init; } = [];

    /// <summary>When the lead's own values came.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Now; facts age by it.</summary>
    public DateTimeOffset At { get; init; }

    public bool HasScore { get; init; }

    /// <summary>What the tenant's leads have taught about sources: source and attribute → chance of being right. Those not named stand by their seed.</summary>
    public IReadOnlyDictionary<(string Source, string Attribute), double> Reliabilities { get; init; } = new Dictionary<(string, string), double>();

    /// <summary>What the lead brought and what sources say of one attribute, made into one value; null when nobody says anything.</summary>
    /// <param name="own">The lead's own value.</param>
    public FusedValue? Fused(string attribute, string? own)
    {
        var claims = ClaimsOf(attribute, own);
        return claims.Count == 0 ? null : Fusion.Of(attribute, claims, At);
    }

    /// <summary>All that is said of an attribute, the lead's own word (of its attributes) first.</summary>
    public IReadOnlyList<Claim> ClaimsOf(string attribute) => ClaimsOf(attribute, Attributes.ValueKind == JsonValueKind.Object && Attributes.TryGetProperty(attribute, out var own) ? TextOf(own) : OwnOf(attribute));

    /// <summary>What stands in the lead's own row.</summary>
    private string? OwnOf(string attribute) => attribute switch
    {
        "title" => Title,
        "company" => Company,
        "website" => Domain,
        "city" => City,
        "country" => Country,
        _ => null,
    };

    /// <summary>The attribute on which sources disagree so that a person should look, the closest call first; null when they agree well enough.</summary>
    public string? Conflict() => Facts.Keys.Select(a => (Attribute: a, Claims: ClaimsOf(a))).Where(a => a.Claims.Count > 1)
        .Select(a => Fusion.Of(a.Attribute, a.Claims, At)).Where(f => f.Conflict).OrderBy(f => f.Confidence).ThenBy(f => f.Attribute, StringComparer.Ordinal).FirstOrDefault()?.Attribute;

    internal static string? TextOf(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetDouble().ToString("0.##", CultureInfo.InvariantCulture),
        _ => null,
    };

    private List<Claim> ClaimsOf(string attribute, string? own)
    {
        var claims = new List<Claim>();
        if (!string.IsNullOrWhiteSpace(own))
        {
            claims.Add(new Claim(FactId.Of(Id, attribute, OriginOf(attribute)), OwnSource, own, ReceivedAt, Learned(OwnSource, attribute, OwnReliability)));
        }

        if (Facts.TryGetValue(attribute, out var found))
        {
            claims.AddRange(found.Select(c => c with { Reliability = c.Confidence * Learned(c.Source, attribute, c.Reliability) }));
        }

        return claims;
    }

    private double Learned(string source, string attribute, double seed) => Reliabilities.TryGetValue((source, attribute), out var learned) ? learned : seed;

    public Guid? OriginOf(string attribute) => Origins is not null && Origins.TryGetValue(attribute, out var origin) ? origin : SourceId;
}
