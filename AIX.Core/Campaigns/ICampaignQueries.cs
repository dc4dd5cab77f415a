using AIX.Core.Conversations;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

/// <summary>A campaign as the list shows it.</summary>
public sealed record CampaignRow(Guid Id, string Name, CampaignState State, string? Reason, string? By, DateTimeOffset CreatedAt, DateTimeOffset? StartsAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, int Audience, int Done, int Calls, int Answered, int Won);

/// <summary>Where everybody of the audience stands, and what holds back the next call.</summary>
/// <param name="Excluded">Left out by the rules, by rule.</param>
/// <param name="Due">Waiting members whose time has come, by country code.</param>
/// <param name="Waits">Waiting members by the rule that said "not yet"; empty for those that wait for their next attempt.</param>
public sealed record CampaignStanding(
    int Audience, int Picked, int Waiting, int Calling, int Done, IReadOnlyList<(string Rule, int Count)> Excluded, IReadOnlyList<(string Prefix, int Count)> Due, IReadOnlyList<(string Rule, int Count)> Waits, int Callbacks, DateTimeOffset? NextAt,
    int Talking, int Ringing, int Placed, int PlacedToday, int Answered, int Abandoned, int Recent, int RecentFailed, double CallsPerSecond);

/// <summary>Read models of campaigns.</summary>
public interface ICampaignQueries
{
    Task<IReadOnlyList<CampaignRow>> ListAsync(TenantId tenant, int limit, CancellationToken ct);

    Task<CampaignStanding> StandingAsync(TenantId tenant, Guid campaign, DateTimeOffset now, DateTimeOffset dayStart, CancellationToken ct);

    Task<IReadOnlyList<(Disposition Outcome, int Calls)>> OutcomesAsync(TenantId tenant, Guid campaign, CancellationToken ct);

    /// <summary>Leads that the campaign is done with, by the outcome of their last call; the most first.</summary>
    Task<IReadOnlyList<(Disposition Outcome, int Leads)>> LastOutcomesAsync(TenantId tenant, Guid campaign, CancellationToken ct);

    /// <summary>Answered and won calls of both scripts.</summary>
    Task<(AbArm A, AbArm B)> ArmsAsync(TenantId tenant, Guid campaign, CancellationToken ct);

    /// <summary>Ids of calls of the campaign that go on, the newest first.</summary>
    Task<IReadOnlyList<Guid>> LiveAsync(TenantId tenant, Guid campaign, int limit, CancellationToken ct);
}
