using AIX.Core.Tenancy;

namespace AIX.Core.Enrichment;

/// <summary>What a tenant set for a source.</summary>
public sealed class SourceSetting : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required string Source { get; init; }

    public bool Enabled { get; private set; }

    /// <summary>The key, encrypted; null when the source needs none or none is given.</summary>
    public string? ProtectedKey { get; private set; }

    /// <summary>What the tenant pays per answer; null for the definition's price.</summary>
    public decimal? Price { get; private set; }

    /// <param name="protectedKey">Encrypted.</param>
    public void Change(bool enabled, string? protectedKey, decimal? price) => (Enabled, ProtectedKey, Price) = (enabled, protectedKey, price);
}

/// <summary>What a source answered about a company, until it is to be asked again. Of public sources one answer serves all tenants; see <see cref="PublicAnswer"/>.</summary>
public sealed class KeptAnswer : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required string Source { get; init; }

    public required string Key { get; init; }

    /// <summary>JSON array of <see cref="SourcedValue"/>; empty for "nothing".</summary>
    public required string Values { get; init; }

    public required DateTimeOffset FetchedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The same of a source that needs no key: what everybody can read, of no tenant.</summary>
public sealed class PublicAnswer
{
    public required string Source { get; init; }

    public required string Key { get; init; }

    public required string Values { get; init; }

    public required DateTimeOffset FetchedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>When a source may be asked next, for all nodes.</summary>
public sealed class SourcePace
{
    /// <summary>Source, and the tenant where each tenant's key has a rate of its own.</summary>
    public required string Scope { get; init; }

    /// <summary>Wall time of the next free slot.</summary>
    public required DateTimeOffset NextSlot { get; init; }
}

/// <summary>A call that was made: the ledger of costs. Append-only.</summary>
public sealed class SourceCall : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required string Source { get; init; }

    public required Guid CompanyId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required AnswerKind Answer { get; init; }

    public required decimal Cost { get; init; }

    public required int Milliseconds { get; init; }

    public string? Note { get; init; }
}

/// <summary>What a tenant spent on a day, reserved before each call.</summary>
public sealed class SourceSpend : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required DateOnly Day { get; init; }

    public required decimal Spent { get; init; }
}

/// <summary>The newest plan for a company, and what came of it.</summary>
public sealed class EnrichmentPlan : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid CompanyId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>JSON array of <see cref="PlanStep"/>.</summary>
    public required string Steps { get; init; }
}

public enum StepOutcome
{
    Found,
    Nothing,
    NotMeasured,

    /// <summary>Answered before; the answer still holds.</summary>
    Cached,

    /// <summary>The day's budget is used up.</summary>
    OverBudget,

    /// <summary>The source is too slow for the work at hand; skipped, not awaited.</summary>
    TooSlow,

    /// <summary>No answer could change where the leads go.</summary>
    Decided,

    /// <summary>The source looks companies up by something that is not known.</summary>
    CannotAsk,
}

/// <summary>A source in a plan, and what came of it.</summary>
/// <param name="Gain">See <see cref="SourceOption.Gain"/>.</param>
/// <param name="Facts">Values that it gave.</param>
public sealed record PlanStep(string Source, StepOutcome Outcome, double Gain, decimal Cost, int Facts, string? Note);

/// <summary>Something that a source said of a company. Append-only; its leads share it.</summary>
public sealed class CompanyFact : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid CompanyId { get; init; }

    public required string Attribute { get; init; }

    public required string Value { get; init; }

    public required string Source { get; init; }

    public string? Url { get; init; }

    public required DateTimeOffset ObservedAt { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required double Reliability { get; init; }
}
