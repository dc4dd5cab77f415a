using AIX.Core.Calls;
using AIX.Core.Conversations;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

/// <summary>A campaign that a node has to look after, and what tells one state of it from another.</summary>
public sealed record ActiveCampaign(TenantId Tenant, Guid Id, CampaignState State, int Version, Guid? AudienceAfter, DateTimeOffset UpdatedAt)
{
    /// <summary>Whether what was read before is how it is now.</summary>
    public bool Is(Campaign read) => read.State == State && read.Version == Version && read.AudienceAfter == AudienceAfter && read.UpdatedAt == UpdatedAt;
}

/// <summary>A member that this node is to call.</summary>
public sealed record Claimed(Guid LeadId, string Number, string Prefix, string Language, string Variant, int Attempts, Guid Token);

/// <summary>A picked lead as admission needs it.</summary>
/// <param name="InOther">Name of another running campaign that it waits in.</param>
public sealed record Candidate(Guid LeadId, string? Number, string? Language, double? Score, DateTimeOffset CreatedAt, bool SameNumber, bool InOther);

/// <summary>What admission decided about one lead.</summary>
public sealed record Admission(Guid LeadId, MemberState State, string Number, string Prefix, string Language, string Variant, double Priority, DateTimeOffset? NextAt, string? Rule);

/// <summary>What a change of a campaign sets; null leaves as it is.</summary>
public sealed record CampaignChange
{
    public CampaignState? State { get; init; }

    public string? Name { get; init; }

    public string? Plan { get; init; }

    public Guid? LaunchedBy { get; init; }

    public Guid? ApprovedBy { get; init; }

    public int? ApprovedLeads { get; init; }

    public DateTimeOffset? StartsAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? Reason { get; init; }

    public bool ClearReason { get; init; }

    public Guid? AudienceAfter { get; init; }

    public bool AudienceDone { get; init; }
}

/// <summary>Campaigns, their audiences, and the claims of nodes on them.</summary>
public interface ICampaignStore
{
    Task AddAsync(IUnitOfWork work, Campaign campaign, CancellationToken ct);

    Task<Campaign?> FindAsync(TenantId tenant, Guid id, CancellationToken ct);

    Task<Campaign?> FindAsync(IUnitOfWork work, Guid id, CancellationToken ct);

    /// <summary>The campaign, locked for the transaction; null for none.</summary>
    Task<Campaign?> LockAsync(IUnitOfWork work, Guid id, CancellationToken ct);

    /// <summary>Changes it and counts its version up.</summary>
    Task ChangeAsync(IUnitOfWork work, Guid id, CampaignChange change, DateTimeOffset now, CancellationToken ct);

    /// <summary>Whether it runs and the claim on the lead still holds; keeps that so until the transaction ends, so that a pause waits for it and whoever comes after a pause sees it. To be asked last: whoever waits for a pause lets nobody by.</summary>
    Task<bool> MayDialAsync(IUnitOfWork work, Guid id, Guid lead, Guid token, CancellationToken ct);

    /// <summary>Campaigns of all tenants that run, that have picked leads to admit, or whose start has come.</summary>
    Task<IReadOnlyList<ActiveCampaign>> ActiveAsync(DateTimeOffset now, CancellationToken ct);

    /// <summary>Names the next leads of the audience, by id, as picked.</summary>
    /// <returns>The last of them; null at the end.</returns>
    Task<Guid?> PickAsync(IUnitOfWork work, Campaign campaign, CampaignPlan plan, Guid after, int limit, CancellationToken ct);

    /// <summary>Names leads one by one, for a draft or for a campaign that runs.</summary>
    Task<int> PickAsync(IUnitOfWork work, Guid campaign, IReadOnlyCollection<Guid> leads, CancellationToken ct);

    /// <summary>Names leads by their ids or by the blind indexes of what they are reached at.</summary>
    /// <returns>How many of these are known, and how many leads were not named before.</returns>
    Task<(int Found, int Added)> PickAsync(IUnitOfWork work, Guid campaign, IReadOnlyCollection<Guid> leads, IReadOnlyCollection<Guid> contacts, CancellationToken ct);

    /// <summary>Leads that are picked, locked; others skip them.</summary>
    Task<IReadOnlyList<Candidate>> CandidatesAsync(IUnitOfWork work, Guid campaign, int limit, CancellationToken ct);

    Task AdmitAsync(IUnitOfWork work, Guid campaign, IReadOnlyList<Admission> admissions, DateTimeOffset now, CancellationToken ct);

    /// <summary>The audience of a plan, for the pre-flight, in chunks by id.</summary>
    Task<IReadOnlyList<Candidate>> PreviewAsync(TenantId tenant, Campaign campaign, CampaignPlan plan, Guid after, int limit, CancellationToken ct);

    Task<int> CountAsync(TenantId tenant, Campaign campaign, CampaignPlan plan, CancellationToken ct);

    /// <summary>Calls of the campaign that go on, with members that a node has claimed. Takes the campaign's lock, so that two nodes do not fill the same line.</summary>
    Task<int> ActiveCallsAsync(IUnitOfWork work, Guid campaign, CancellationToken ct);

    /// <summary>How the campaign has fared: failures of the last two minutes, dropped calls since yesterday's hour (by the hours that calls are counted into), and calls of its day where it has a limit. Lines are not in it.</summary>
    /// <param name="yesterday">A day ago, where the phones ring.</param>
    /// <param name="dayStart">Null without a limit of the day.</param>
    Task<PaceState> HealthAsync(TenantId tenant, Guid campaign, DateTimeOffset now, DateTimeOffset yesterday, DateTimeOffset? dayStart, CancellationToken ct);

    /// <summary>Claims the members whose turn it is: callbacks first, then by priority. Leases run on the wall clock.</summary>
    /// <param name="prefixes">Countries that are open now.</param>
    Task<IReadOnlyList<Claimed>> ClaimAsync(IUnitOfWork work, Guid campaign, IReadOnlyCollection<string> prefixes, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken ct);

    /// <summary>Marks those whose time has come, and says whether anybody's turn has, and how many calls and claims go on; without a lock.</summary>
    Task<(bool IsDue, int Active)> GlanceAsync(TenantId tenant, Guid campaign, IReadOnlyCollection<string> prefixes, DateTimeOffset now, CancellationToken ct);

    /// <summary>The attempt is made: the member is being called.</summary>
    void Dialled(IUnitOfWork work, Guid campaign, Guid lead, DateTimeOffset now);

    /// <summary>Not now: asked again at <paramref name="nextAt"/>, or left out for good when null. Nothing when the claim is another's by now.</summary>
    void Refused(IUnitOfWork work, Guid campaign, Claimed member, string rule, DateTimeOffset? nextAt);

    Task ReleaseAsync(TenantId tenant, Guid campaign, Guid lead, Guid token, CancellationToken ct);

    /// <summary>An attempt ended: called again at <paramref name="nextAt"/>, or done when null.</summary>
    void Ended(IUnitOfWork work, Guid campaign, Guid lead, Disposition outcome, DateTimeOffset at, DateTimeOffset? nextAt, bool isCallback);

    /// <summary>How many leads are named, those included that the rules have left out.</summary>
    Task<int> MembersAsync(IUnitOfWork work, Guid campaign, CancellationToken ct);

    /// <summary>Whether nobody waits, is being called or is still picked; and whether anybody was called at all.</summary>
    Task<(bool IsFinished, bool Called)> ProgressAsync(IUnitOfWork work, Guid campaign, CancellationToken ct);

    /// <summary>Calls of the campaign that go on, or only those that wait in the provider's queue.</summary>
    Task<IReadOnlyList<Call>> OpenCallsAsync(TenantId tenant, Guid campaign, bool queuedOnly, CancellationToken ct);

    /// <summary>Campaigns of all tenants that were stopped since then and have calls that go on.</summary>
    Task<IReadOnlyList<(TenantId Tenant, Guid Campaign)>> StoppedAsync(DateTimeOffset since, CancellationToken ct);
}
