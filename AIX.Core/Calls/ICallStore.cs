using AIX.Core.Conversations;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Calls;

/// <summary>A lead as a call needs it.</summary>
public sealed record CallableLead(Guid Id, string? Name, string? Company, string? City, string? Number, string Source, Band? Band);

/// <summary>What never changes about a call, and every request of the provider is checked against.</summary>
public sealed record CallOwner(TenantId Tenant, string Route);

/// <summary>What an event changes; null leaves as it is.</summary>
public sealed record CallChange
{
    public CallState? State { get; init; }

    public string? ProviderSid { get; init; }

    public string? AnsweredBy { get; init; }

    public Disposition? Disposition { get; init; }

    public string? Conversation { get; init; }

    public bool? RecordingRefused { get; init; }

    public int? DurationSeconds { get; init; }

    public int? ErrorCode { get; init; }

    public string? ErrorText { get; init; }

    public string? Summary { get; init; }

    public bool? WrappedUp { get; init; }
}

/// <summary>Attempts, what was said, and what the provider told.</summary>
public interface ICallStore
{
    /// <summary>Whose call it is and over which route, before the tenant is known; null for none.</summary>
    Task<CallOwner?> OwnerAsync(Guid call, CancellationToken ct);

    /// <summary>Calls on a route that have not ended, of all tenants: its lines are shared.</summary>
    Task<int> OpenCountAsync(string route, CancellationToken ct);

    /// <summary>Admins of the tenant.</summary>
    Task<IReadOnlyList<Guid>> AdminsAsync(IUnitOfWork work, CancellationToken ct);

    Task<CallableLead?> LeadAsync(IUnitOfWork work, Guid lead, CancellationToken ct);

    /// <summary>Goes out with the commit.</summary>
    void Add(IUnitOfWork work, Call call);

    /// <summary>The call, locked for the transaction; null for none.</summary>
    Task<Call?> LockAsync(IUnitOfWork work, Guid call, CancellationToken ct);

    /// <summary>The same, and what happened to it is written down.</summary>
    /// <returns>The call, null for none, and whether the event was not there yet.</returns>
    Task<(Call? Call, bool IsNew)> LockAsync(IUnitOfWork work, CallEvent happened, CancellationToken ct);

    Task<Call?> FindAsync(TenantId tenant, Guid call, CancellationToken ct);

    /// <summary>Gives an attempt the provider's call, and moves it to the provider's queue unless more is known by now.</summary>
    /// <returns>False when it has one already, or another attempt has this very call.</returns>
    Task<bool> TakeSidAsync(IUnitOfWork work, Guid call, string sid, DateTimeOffset now, CancellationToken ct);

    /// <summary>Goes out with the commit.</summary>
    void Change(IUnitOfWork work, Guid call, CallChange change, DateTimeOffset now);

    /// <summary>Goes out with the commit.</summary>
    void AddTurns(IUnitOfWork work, IReadOnlyList<CallTurn> turns);

    /// <summary>Cuts what the assistant said last to what was heard of it.</summary>
    Task TrimLastAsync(IUnitOfWork work, Guid call, string heard, CancellationToken ct);

    Task SaveRecordingAsync(IUnitOfWork work, CallRecording recording, CancellationToken ct);

    /// <summary>Calls of all tenants that have not ended, or whose end is not wrapped up, and that were last seen before.</summary>
    /// <param name="unsettledBefore">For those that the provider may never have heard of.</param>
    /// <returns>200 at most, the longest unseen first, and whether each has ended.</returns>
    Task<IReadOnlyList<(TenantId Tenant, Guid Call, bool Ended)>> OpenAsync(DateTimeOffset unsettledBefore, DateTimeOffset seenBefore, DateTimeOffset createdBefore, CancellationToken ct);

    /// <summary>The right to sweep, for one node at a time; null while another has it.</summary>
    Task<IAsyncDisposable?> TakeSweepAsync(CancellationToken ct);

    /// <summary>Finished recordings that still lie at the provider.</summary>
    Task<IReadOnlyList<(TenantId Tenant, Guid Call)>> UnkeptRecordingsAsync(DateTimeOffset since, CancellationToken ct);

    /// <summary>The attempts, of all tenants, that have these calls of the provider.</summary>
    Task<IReadOnlyList<BoundCall>> BoundAsync(IReadOnlyList<string> sids, CancellationToken ct);

    /// <summary>The provider's calls that attempts from a caller id name, of all tenants, by the time of the attempt.</summary>
    Task<IReadOnlyList<string>> BoundSinceAsync(string callerId, DateTimeOffset since, DateTimeOffset until, CancellationToken ct);

    /// <summary>Whether another attempt of the tenant has this provider call.</summary>
    Task<bool> IsTakenAsync(IUnitOfWork work, string sid, Guid but, CancellationToken ct);

    Task<IReadOnlyList<CallTurn>> TurnsAsync(TenantId tenant, Guid call, CancellationToken ct);

    Task<IReadOnlyList<CallTurn>> TurnsAsync(IUnitOfWork work, Guid call, CancellationToken ct);

    Task<CallRecording?> RecordingAsync(TenantId tenant, Guid call, CancellationToken ct);

    /// <summary>Calls: those that go on, talking before ringing and the longest first, or of one lead, or all, the newest first.</summary>
    /// <param name="said">Only calls on which somebody said this.</param>
    /// <param name="campaign">Only calls of this campaign.</param>
    /// <param name="call">Only this call.</param>
    Task<IReadOnlyList<CallRow>> ListAsync(TenantId tenant, Guid? lead, bool openOnly, int limit, CancellationToken ct, string? said = null, Guid? campaign = null, Guid? call = null);
}

/// <summary>A call as lists show it.</summary>
public sealed record CallRow(
    Guid Id, Guid LeadId, string? LeadName, string? Company, string? By, CallState State, string? AnsweredBy, Disposition? Disposition, string Language, string Route, CallTransport Transport, DateTimeOffset CreatedAt, DateTimeOffset? AnsweredAt,
    DateTimeOffset? EndedAt, int? DurationSeconds, string? LastText, string? LastIntent, double? LastMs, string? ErrorText, string? Summary);
