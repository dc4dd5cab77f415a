using AIX.Core.Tenancy;

namespace AIX.Core.Insights;

/// <summary>A step of the funnel.</summary>
public sealed record FunnelStep(string Name, int Leads);

/// <summary>One day: leads scored by band, and how fast hot ones were reached (minutes).</summary>
public sealed record DayRow(DateOnly Day, int Hot, int Warm, int Cold, double? SpeedP50, double? SpeedP90, int Reached);

/// <summary>What a manager looks at first.</summary>
/// <param name="HotWaiting">Hot leads that nobody has reached out to.</param>
/// <param name="HotLate">Of them, those past the goal.</param>
/// <param name="SpeedP50">Median minutes from hot to the first touch, of the last 30 days; null when none was reached.</param>
/// <param name="QueueOldest">When the oldest pending item came in.</param>
public sealed record ManagerBoard(int HotWaiting, int HotLate, double? SpeedP50, double? SpeedP90, int Reached, int Queue, DateTimeOffset? QueueOldest, int DecidedToday, IReadOnlyList<FunnelStep> Funnel, IReadOnlyList<DayRow> Days);

/// <summary>How often a source has been right about an attribute: claims that agreed with the others or that people confirmed, and those that did not; what it was thought to be worth at first counts as ten claims.</summary>
public sealed record SourceQuality(string Source, string Attribute, double Right, double Wrong)
{
    public double Reliability => Right / (Right + Wrong);
}

/// <summary>How far a new organisation has come.</summary>
public sealed record SetUp(bool SettingsSaved, int Leads, int SampleLeads, int Scored, int ProfileVersion, int Reviews, int SourcesOn, int Keys, int DeadLetters, DateTimeOffset? LastIntake);

/// <summary>Read models of the dashboard.</summary>
public interface IDashboardQueries
{
    /// <param name="zone">IANA zone whose days count.</param>
    Task<ManagerBoard> ManagerAsync(TenantId tenant, string zone, int goalMinutes, DateTimeOffset today, CancellationToken ct);

    /// <summary>By source and attribute, the ones with the most evidence first.</summary>
    Task<IReadOnlyList<SourceQuality>> SourcesAsync(TenantId tenant, CancellationToken ct);

    Task<SetUp> SetUpAsync(TenantId tenant, CancellationToken ct);
}
