using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Outreach;

/// <summary>A text that is sent after a call, in both languages.</summary>
public sealed class MessageTemplate : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Sms or Email.</summary>
    public required ContactChannel Channel { get; init; }

    public required MessageClass Class { get; init; }

    /// <summary><see cref="TemplateText"/> as JSON.</summary>
    public required string Text { get; init; }

    /// <summary>Template id of the DLT platform; Indian SMS are not delivered without.</summary>
    public string DltTemplateId { get; init; } = "";

    /// <summary>DLT header: six letters, the sender that people see.</summary>
    public string DltHeader { get; init; } = "";

    /// <summary>Outcomes of calls after which it is sent; empty sends it by hand alone.</summary>
    public required short[] After { get; init; }

    /// <summary>Minutes after the call.</summary>
    public int DelayMinutes { get; init; }

    public bool Enabled { get; init; } = true;

    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Subject and body by language; SMS have no subject.</summary>
public sealed record TemplateText(string SubjectEn, string BodyEn, string SubjectHi, string BodyHi);

public enum MessageState
{
    Waiting,
    Sent,

    /// <summary>Refused by the gate for good.</summary>
    Denied,
    Failed,
}

/// <summary>A message to one person: it is there before anybody is asked to send it.</summary>
public sealed class OutreachMessage : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid LeadId { get; init; }

    public Guid? TemplateId { get; init; }

    public Guid? CallId { get; init; }

    public required ContactChannel Channel { get; init; }

    public required MessageClass Class { get; init; }

    /// <summary>E.164, or an e-mail address.</summary>
    public required string Address { get; init; }

    public required string Language { get; init; }

    public required string Subject { get; init; }

    public required string Body { get; init; }

    public string DltTemplateId { get; init; } = "";

    public string DltHeader { get; init; } = "";

    public required MessageState State { get; init; }

    public required DateTimeOffset NextAt { get; init; }

    public int Attempts { get; init; }

    /// <summary>Wall-clock time until which a node has claimed it.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Why it waits, was denied or failed.</summary>
    public string? Reason { get; init; }

    /// <summary>Id at the provider.</summary>
    public string? Sid { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }
}

/// <summary>What became of a message that was handed over.</summary>
/// <param name="Retry">It may be tried again.</param>
/// <param name="OptedOut">The provider says that this person has opted out there: nothing of AIX's own said so yet.</param>
public sealed record SendResult(bool Ok, string? Sid, string? Error, bool Retry = false, bool OptedOut = false);

/// <summary>Hands messages of one channel to whoever delivers them.</summary>
public interface IMessageSender
{
    ContactChannel Channel { get; }

    /// <summary>Null when it is ready; else what an admin has to set up.</summary>
    string? NotReady { get; }

    /// <param name="unsubscribe">Address that ends all e-mail; for the header.</param>
    Task<SendResult> SendAsync(OutreachMessage message, string unsubscribe, CancellationToken ct);
}

/// <summary>Signed addresses that end all messages to one address.</summary>
public interface IUnsubscribeLinks
{
    string Of(TenantId tenant, string address);

    /// <returns>Null for a forged one.</returns>
    (TenantId Tenant, string Address)? Read(string token);
}

/// <summary>A lead as messages need it.</summary>
public sealed record MessageLead(Guid Id, string? Name, string? Company, string? City, string? Phone, string? Email, string? Language);

/// <summary>A callback in the calendar.</summary>
/// <param name="Campaign">The campaign that calls back by itself; null where a person does.</param>
public sealed record CallbackRow(Guid Id, Guid LeadId, string LeadName, string Title, string? Owner, DateTimeOffset DueAt, DateTimeOffset? DoneAt, string? Campaign);

public interface IOutreachStore
{
    Task<IReadOnlyList<MessageTemplate>> TemplatesAsync(TenantId tenant, CancellationToken ct);

    /// <summary>Those that follow a call with this outcome.</summary>
    Task<IReadOnlyList<MessageTemplate>> TemplatesAfterAsync(IUnitOfWork work, Disposition outcome, CancellationToken ct);

    Task SaveAsync(IUnitOfWork work, MessageTemplate template, CancellationToken ct);

    Task RemoveAsync(IUnitOfWork work, Guid template, CancellationToken ct);

    Task<MessageLead?> LeadAsync(IUnitOfWork work, Guid lead, CancellationToken ct);

    Task AddAsync(IUnitOfWork work, OutreachMessage message, CancellationToken ct);

    /// <summary>Messages of all tenants whose time has come, claimed for a minute of wall time.</summary>
    Task<IReadOnlyList<(TenantId Tenant, Guid Id)>> ClaimAsync(DateTimeOffset now, int limit, CancellationToken ct);

    /// <summary>The message, locked; null when it waits no more.</summary>
    Task<OutreachMessage?> LockAsync(IUnitOfWork work, Guid id, CancellationToken ct);

    Task SettleAsync(IUnitOfWork work, Guid id, MessageState state, DateTimeOffset? nextAt, string? reason, string? sid, DateTimeOffset now, CancellationToken ct);

    /// <summary>Callbacks that are due in a span, done or not.</summary>
    Task<IReadOnlyList<CallbackRow>> CallbacksAsync(TenantId tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);

    /// <summary>Tenants of which somebody wrote to the address, or called it over the route.</summary>
    Task<IReadOnlyList<TenantId>> ReachedAsync(string address, string route, CancellationToken ct);

    Task<IReadOnlyList<OutreachMessage>> ListAsync(TenantId tenant, Guid? lead, int limit, CancellationToken ct);
}

/// <summary>A message came or went.</summary>
public sealed record MessageChanged(TenantId TenantId, Guid LeadId) : IDomainEvent
{
    public string Name => "message.changed";
}
