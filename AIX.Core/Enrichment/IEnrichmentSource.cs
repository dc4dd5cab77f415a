using AIX.Core.Tenancy;

namespace AIX.Core.Enrichment;

/// <summary>What a source tells, for ordering on the page and for how long its word lasts.</summary>
public enum SourceCategory
{
    Firmographic,
    Technographic,
    Demographic,
    Chronographic,
}

/// <summary>What a source is, before it is asked.</summary>
/// <param name="Name">Stable name; stands in facts.</param>
/// <param name="Attributes">Attributes that it can tell.</param>
/// <param name="Price">Of one answer, in the tenant's currency; 0 for a free source.</param>
/// <param name="BilledOnMatch">Whether an empty answer costs nothing.</param>
/// <param name="RatePerSecond">Calls a second that it allows, over all nodes.</param>
/// <param name="HitRate">Chance that it knows a company, in (0, 1].</param>
/// <param name="Reliability">Chance that what it says is right, in (0, 1); moved later by what agrees with it.</param>
/// <param name="NeedsKey">Whether a tenant must bring a key. A keyless source is public: its answers are shared between tenants.</param>
/// <param name="TimeToLive">How long an answer is not asked for again.</param>
public sealed record SourceDescription(
    string Name, string Title, SourceCategory Kind, IReadOnlyList<string> Attributes, decimal Price, bool BilledOnMatch, double RatePerSecond, double HitRate, double Reliability, bool NeedsKey, TimeSpan TimeToLive)
{
    public bool IsFree => Price == 0;
}

/// <summary>A company that a source is asked about.</summary>
/// <param name="Secret">The tenant's key for the source; null for a public one.</param>
public sealed record SourceQuestion(TenantId Tenant, Guid CompanyId, string Name, string? Domain, string? Cin, string? Secret)
{
    /// <summary>What an answer is kept under: the domain, else the name's key.</summary>
    public string Key => Domain ?? Companies.CompanyName.Key(Name) ?? Name;
}

/// <summary>One thing that a source said.</summary>
/// <param name="Url">Where it can be read again: an address or a record's number; null where there is none.</param>
public sealed record SourcedValue(string Attribute, string Value, string? Url = null);

public enum AnswerKind
{
    Found,

    /// <summary>The source does not know the company.</summary>
    Nothing,

    /// <summary>The source did not answer the question: throttled, failed, or nonsense. Never taken for "nothing".</summary>
    NotMeasured,
}

/// <summary>What came back.</summary>
/// <param name="RetryAfter">How long the source asked not to be asked; null when it did not.</param>
/// <param name="Note">Why it was not measured, for people; holds no key and no personal data.</param>
public sealed record SourceAnswer(AnswerKind Kind, IReadOnlyList<SourcedValue> Values, TimeSpan? RetryAfter = null, string? Note = null)
{
    public static SourceAnswer Nothing { get; } = new(AnswerKind.Nothing, []);

    public static SourceAnswer Found(IReadOnlyList<SourcedValue> values) => values.Count == 0 ? Nothing : new(AnswerKind.Found, values);

    public static SourceAnswer NotMeasured(string note, TimeSpan? retryAfter = null) => new(AnswerKind.NotMeasured, [], retryAfter, note);
}

/// <summary>Something outside that knows about companies. Implementations bound their own time and size; what they throw counts as a failure of the source.</summary>
public interface IEnrichmentSource
{
    SourceDescription Description { get; }

    /// <summary>Whether the question has what the source looks companies up by.</summary>
    bool CanAsk(SourceQuestion question);

    Task<SourceAnswer> AskAsync(SourceQuestion question, CancellationToken ct);
}
