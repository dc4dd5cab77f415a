using AIX.Core.Tenancy;

namespace AIX.Core.Insights;

/// <summary>What became of the calls of one hour, where the phone rang; counted in the transaction of each call's end.</summary>
public sealed class CallHour : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    /// <summary>The callee's calendar day.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>0 to 23, the callee's.</summary>
    public required short Hour { get; init; }

    /// <summary>All zeros for calls of people.</summary>
    public required Guid CampaignId { get; init; }

    /// <summary>Who pressed the button; all zeros for campaigns.</summary>
    public required Guid AgentId { get; init; }

    public required string Language { get; init; }

    /// <summary>A or B; empty outside campaigns.</summary>
    public required string Variant { get; init; }

    /// <summary>The lead's region, or its city; empty where neither is known.</summary>
    public required string Region { get; init; }

    public required int Placed { get; init; }

    /// <summary>By people.</summary>
    public required int Answered { get; init; }

    /// <summary>Interested, qualified, appointment or handed to a person.</summary>
    public required int Won { get; init; }

    public required int Callbacks { get; init; }

    public required int OptOuts { get; init; }

    public required int Abandoned { get; init; }

    public required long TalkSeconds { get; init; }
}

/// <summary>The same without region and agent, for questions that do not ask for them: thirty times fewer rows.</summary>
public sealed class CallHourTotal : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required DateOnly Day { get; init; }

    public required short Hour { get; init; }

    public required Guid CampaignId { get; init; }

    public required string Language { get; init; }

    public required string Variant { get; init; }

    public required int Placed { get; init; }

    public required int Answered { get; init; }

    public required int Won { get; init; }

    public required int Callbacks { get; init; }

    public required int OptOuts { get; init; }

    public required int Abandoned { get; init; }

    public required long TalkSeconds { get; init; }
}

/// <summary>Which calls to count; null takes all.</summary>
/// <param name="From">First day.</param>
public sealed record CallFilter(DateOnly From, DateOnly To, Guid? CampaignId = null, string? Language = null, string? Region = null, string? Variant = null, Guid? AgentId = null);

/// <summary>One of the 7 × 24 cells.</summary>
/// <param name="Weekday">0 is Monday.</param>
public sealed record HeatCell(int Weekday, int Hour, int Placed, int Answered, int Won, int OptOuts);

/// <summary>Calls by something: a campaign, a language, a day.</summary>
public sealed record CallGroup(string Key, int Placed, int Answered, int Won, int Callbacks, int OptOuts, int Abandoned, long TalkSeconds);

public enum CallGrouping
{
    Day,
    Campaign,
    Language,
    Region,
    Variant,
    Agent,
}

/// <summary>Read models of calls, from the hourly counts alone.</summary>
public interface ICallAnalytics
{
    Task<IReadOnlyList<HeatCell>> HeatmapAsync(TenantId tenant, CallFilter filter, CancellationToken ct);

    Task<IReadOnlyList<CallGroup>> GroupsAsync(TenantId tenant, CallFilter filter, CallGrouping by, CancellationToken ct);

    /// <summary>Outcomes by the band that the lead has now.</summary>
    Task<IReadOnlyList<(string Band, string Outcome, int Calls)>> BandsAsync(TenantId tenant, CallFilter filter, CancellationToken ct);
}

/// <summary>Tables as a spreadsheet file.</summary>
public interface IWorkbookWriter
{
    /// <summary>Numbers become numbers, everything else text: no cell is a formula.</summary>
    /// <returns>An .xlsx file (ECMA-376).</returns>
    byte[] Write(IReadOnlyList<(string Name, IReadOnlyList<string> Header, IEnumerable<object[]> Rows)> sheets);
}
