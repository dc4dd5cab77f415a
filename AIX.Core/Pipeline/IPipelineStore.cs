using AIX.Core.Enrichment;
using AIX.Core.Routing;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Pipeline;

/// <summary>Reads and writes of the stages, a batch at a time, inside the stage's transaction.</summary>
internal interface IPipelineStore
{
    /// <summary>Makes the leads findable: writes their search text.</summary>
    Task IndexAsync(IUnitOfWork work, Guid[] leads, CancellationToken ct);

    Task<IReadOnlyList<LeadForEnrichment>> LoadForEnrichmentAsync(IUnitOfWork work, Guid[] leads, CancellationToken ct);

    /// <summary>Appends facts that are not known yet: same lead, attribute, source and value.</summary>
    /// <returns>Lead and attribute of each fact that was new.</returns>
    Task<IReadOnlyList<(Guid Lead, string Attribute)>> AddFactsAsync(IUnitOfWork work, IReadOnlyList<FoundFact> facts, DateTimeOffset now, CancellationToken ct);

    /// <summary>Takes a fact back that was added by mistake.</summary>
    Task RemoveFactAsync(IUnitOfWork work, Guid lead, string attribute, string source, string value, CancellationToken ct);

    /// <summary>Moves the tenant's picture of its sources.</summary>
    Task LearnReliabilityAsync(IUnitOfWork work, IReadOnlyList<ReliabilityGain> gains, CancellationToken ct);

    Task<IReadOnlyList<LeadForScoring>> LoadForScoringAsync(IUnitOfWork work, Guid[] leads, DateTimeOffset now, CancellationToken ct);

    Task SaveScoresAsync(IUnitOfWork work, IReadOnlyList<ScoredLead> scores, IReadOnlyDictionary<Guid, long> runs, TenantSettings settings, DateTimeOffset now, CancellationToken ct);

    /// <param name="withFacts">Whether rules will ask about the leads.</param>
    Task<IReadOnlyList<LeadToRoute>> LoadForRoutingAsync(IUnitOfWork work, IReadOnlyList<ClaimedRun> runs, bool withFacts, CancellationToken ct);

    /// <summary>Writes bands, owners and states, and sends the most valuable decisions of the day to review, at most the tenant's cap.</summary>
    /// <returns>Leads that became hot.</returns>
    Task<IReadOnlyList<HotLead>> SaveRoutesAsync(IUnitOfWork work, IReadOnlyList<RoutedLead> routes, IReadOnlyList<RuledLead> ruled, TenantSettings settings, DateTimeOffset now, CancellationToken ct);

    /// <summary>The leads have been enriched.</summary>
    Task EnrichedAsync(IUnitOfWork work, Guid[] leads, CancellationToken ct);
}

/// <summary>A lead that became hot, and whose it is.</summary>
public sealed record HotLead(Guid LeadId, Guid? OwnerId);
