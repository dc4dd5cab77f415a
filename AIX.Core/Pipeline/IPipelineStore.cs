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

    /// <summary>Moves the tenant's picture of its sources.</summary>
    Task LearnReliabilityAsync(IUnitOfWork work, IReadOnlyList<ReliabilityGain> gains, CancellationToken ct);

    Task<IReadOnlyList<LeadForScoring>> LoadForScoringAsync(IUnitOfWork work, Guid[] leads, DateTimeOffset now, CancellationToken ct);

    Task SaveScoresAsync(IUnitOfWork work, IReadOnlyList<ScoredLead> scores, IReadOnlyDictionary<Guid, long> runs, DateTimeOffset now, CancellationToken ct);

    Task<IReadOnlyList<LeadToRoute>> LoadForRoutingAsync(IUnitOfWork work, IReadOnlyList<ClaimedRun> runs, CancellationToken ct);

    /// <summary>Writes bands and states, and sends the most valuable uncertain leads of the day to review, at most the tenant's cap.</summary>
    Task SaveRoutesAsync(IUnitOfWork work, IReadOnlyList<RoutedLead> routes, TenantSettings settings, DateOnly day, DateTimeOffset now, CancellationToken ct);
}
