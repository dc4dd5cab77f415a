using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Enrichment;

/// <summary>A company with what is known, as planning needs it.</summary>
/// <param name="Leads">Those of the batch that work there.</param>
/// <param name="Known">Newest word of each source on each attribute.</param>
public sealed record CompanyToEnrich(Guid Id, string Name, string? Domain, string? Cin, IReadOnlyList<Guid> Leads, IReadOnlyList<KnownFact> Known);

public sealed record KnownFact(string Attribute, string Source, DateTimeOffset ObservedAt, double Reliability);

/// <summary>A source that a tenant switched on.</summary>
/// <param name="Price">The tenant's own price where it set one.</param>
/// <param name="Secret">Decrypted key; null for a public source.</param>
public sealed record EnabledSource(IEnrichmentSource Source, decimal Price, string? Secret);

/// <summary>An answer worth keeping.</summary>
/// <param name="Cost">What was paid for it.</param>
public sealed record MadeCall(EnabledSource Source, SourceQuestion Question, SourceAnswer Answer, decimal Cost, TimeSpan Took);

public interface ISourceStore
{
    Task<IReadOnlyList<CompanyToEnrich>> CompaniesAsync(IUnitOfWork work, Guid[] leads, CancellationToken ct);

    /// <summary>Answers that still hold; an empty list of values means that the source knows nothing.</summary>
    Task<IReadOnlyDictionary<(string Source, string Key), IReadOnlyList<SourcedValue>>> KeptAsync(IUnitOfWork work, IReadOnlyCollection<(SourceDescription Source, string Key)> questions, DateTimeOffset now, CancellationToken ct);

    /// <summary>Puts an amount aside before it is spent, in a transaction of its own.</summary>
    /// <returns>What was granted: the amount, or what is left of the day's budget.</returns>
    Task<decimal> ReserveAsync(TenantId tenant, DateOnly day, decimal amount, decimal budget, CancellationToken ct);

    /// <summary>Gives back what was not billed.</summary>
    Task ReleaseAsync(TenantId tenant, DateOnly day, decimal amount, CancellationToken ct);

    /// <summary>Writes calls, answers to keep, facts (also those of kept answers that are new to the tenant) and plans.</summary>
    /// <returns>Company and attribute of each fact that was new.</returns>
    Task<IReadOnlyList<(Guid Company, string Attribute)>> SaveAsync(
        IUnitOfWork work, IReadOnlyList<MadeCall> calls, IReadOnlyList<(SourceDescription Source, Guid Company, SourcedValue Value)> facts, DateTimeOffset now, TimeSpan nothingFor, CancellationToken ct);

    Task SavePlansAsync(IUnitOfWork work, IReadOnlyDictionary<Guid, IReadOnlyList<PlanStep>> plans, DateTimeOffset now, CancellationToken ct);
}

/// <summary>The sources there are, and which of them a tenant switched on.</summary>
public interface ISourceRegistry
{
    IReadOnlyList<SourceDescription> All { get; }

    Task<IReadOnlyList<EnabledSource>> EnabledAsync(TenantId tenant, CancellationToken ct);

    /// <summary>What the tenant set, for the page: no key is given out.</summary>
    Task<IReadOnlyList<SourceState>> StateAsync(TenantId tenant, DateTimeOffset now, CancellationToken ct);

    /// <param name="key">Null keeps the key that is there; empty removes it.</param>
    Task ChangeAsync(TenantId tenant, string source, bool enabled, string? key, decimal? price, CancellationToken ct);
}

/// <summary>A source as the settings page shows it.</summary>
/// <param name="Calls">Of the last 30 days, as are the figures after it.</param>
public sealed record SourceState(SourceDescription Source, bool Enabled, bool HasKey, decimal? Price, int Calls, int Found, int NotMeasured, decimal Cost, string? LastNote);

/// <summary>Shares a source's rate between all nodes.</summary>
public interface ISourcePace
{
    /// <summary>Takes turns at a source: all that are wanted if the last of them comes within the patience, else only those that are free at once.</summary>
    /// <returns>How many, and how long until the first; they follow each other at the source's rate.</returns>
    Task<(int Granted, TimeSpan Wait)> TakeAsync(string scope, double ratePerSecond, int wanted, TimeSpan patience, CancellationToken ct);

    /// <summary>Takes as many of the wanted turns as come within a time, at the full rate, without the margin that is kept towards sources; nobody else has them then.</summary>
    /// <returns>How many, and how long until the first; they follow each other at the source's rate.</returns>
    Task<(int Granted, TimeSpan Wait)> TakeWithinAsync(string scope, double ratePerSecond, int wanted, TimeSpan within, CancellationToken ct);

    /// <summary>Nobody asks before that much time has gone.</summary>
    Task BlockAsync(string scope, TimeSpan time, CancellationToken ct);
}

/// <summary>What knowing more is worth. Answered by the pipeline.</summary>
public interface IDecisionValue
{
    Task<Undecided> OfAsync(TenantId tenant, Guid[] leads, CancellationToken ct);
}

/// <param name="Leads">How undecided each lead is, in [0, 1]: 1 where the score's interval lies evenly on both sides of a threshold, 0 where it is far from all.</param>
/// <param name="Weights">What an attribute counts in the profile, in [0, 1]; those not named count <see cref="OtherWeight"/>.</param>
public sealed record Undecided(IReadOnlyDictionary<Guid, double> Leads, IReadOnlyDictionary<string, double> Weights)
{
    public const double OtherWeight = 0.03;

    public double WeightOf(string attribute) => Weights.TryGetValue(attribute, out var weight) ? weight : OtherWeight;
}
