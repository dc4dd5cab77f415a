using System.Text.Json;
using AIX.Core.Companies;
using AIX.Core.Enrichment;
using AIX.Core.Leads;

namespace AIX.Core.Scoring;

public sealed record ContactDetail(ContactKind Kind, string Value, PhoneLine Line, string? Flag);

/// <summary>Something that happened to the lead.</summary>
/// <param name="Kind"><c>received</c>, <c>changed</c>, <c>scored</c>, <c>outcome</c>.</param>
public sealed record HistoryEntry(DateTimeOffset At, string Kind, string? Text, double? Score = null, double? Low = null, double? High = null, Band? Band = null, int? ModelVersion = null, int? IcpVersion = null);

/// <summary>The company that the lead is held to work at.</summary>
/// <param name="Evidence">What spoke for it; empty for a company that was new.</param>
/// <param name="OtherLeads">Other leads that work there.</param>
/// <param name="PlannedAt">When sources were last asked about it; null when never.</param>
/// <param name="Spent">What was paid for what is known of it.</param>
public sealed record CompanyDetail(
    Guid Id, string Name, double Confidence, IReadOnlyList<CompanyKeyKind> Evidence, IReadOnlyList<RejectedCompany> Rejected, int OtherLeads, DateTimeOffset? PlannedAt, IReadOnlyList<PlanStep> Plan, decimal Spent);

/// <summary>Everything known about one lead, with its current score explained.</summary>
public sealed record LeadDetail(
    LeadRow Lead, string? Domain, IReadOnlyList<ContactDetail> Contacts, IReadOnlyList<string> ExternalIds, JsonElement Attributes, string Source, DateTimeOffset ReceivedAt,
    IReadOnlyList<Fact> Facts, Ledger? Ledger, IReadOnlyList<HistoryEntry> History)
{
    /// <summary>Unknown features that widen the interval, the dearest first.</summary>
    public IReadOnlyList<UnknownFeature> Unknown { get; init; } = [];

    /// <summary>Null when nothing tells the lead's company.</summary>
    public CompanyDetail? Company { get; init; }

    /// <summary>Attributes of which sources say different things, with what stands and what came next; those that a person should look at first.</summary>
    public IReadOnlyList<FusedValue> Disagreements(DateTimeOffset now) =>
    [
        .. Facts.Where(f => !f.Superseded)
            .GroupBy(f => f.Attribute, StringComparer.Ordinal)
            .Where(g => g.DistinctBy(f => Fusion.Key(f.Value)).Skip(1).Any())
            .Select(g => Fusion.Of(g.Key, [.. g.Select(f => new Claim(f.Id, f.Source, f.Value, f.FetchedAt, f.Reliability))], now))
            .Where(f => f.RunnerUp is not null)
            .OrderByDescending(f => f.Conflict).ThenBy(f => f.Confidence),
    ];
}

public interface ILeadDetailQueries
{
    /// <summary>Null when the tenant has no such lead.</summary>
    Task<LeadDetail?> GetAsync(Guid id, CancellationToken ct);
}
