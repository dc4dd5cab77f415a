using AIX.Core.Tenancy;

namespace AIX.Core.Auditing;

/// <summary>Who acted: a user, an API key, or the program itself.</summary>
public sealed record Actor(string Kind, Guid? Id)
{
    public static readonly Actor System = new("system", null);

    /// <summary>Somebody who did not say who they are, or could not prove it.</summary>
    public static readonly Actor Nobody = new("nobody", null);

    /// <summary>Network address that they acted from; null for the program, and for work that goes on after they left.</summary>
    public string? From { get; init; }

    /// <summary>Who issued the key that acts; null for people, and for keys that came with the program.</summary>
    public Guid? IssuedBy { get; init; }

    /// <summary>Who answers for the act where two people are asked for: the person, or who issued the key; a key that nobody issued answers for itself.</summary>
    public Guid? Answers => IssuedBy ?? Id;

    public static Actor User(Guid id) => new("user", id);

    public static Actor ApiKey(Guid id, Guid? issuedBy = null) => new("apiKey", id) { IssuedBy = issuedBy };
}

/// <summary>A line as people see it.</summary>
public sealed record AuditLine(long Sequence, DateTimeOffset At, string ActorKind, string? ActorName, string? From, string Action, string Details, string Hash);

/// <param name="Lines">Lines that hold.</param>
/// <param name="BrokenAt">The first that does not; null when all do.</param>
public sealed record AuditVerdict(long Lines, long? BrokenAt, DateTimeOffset? BrokenLine);

/// <summary>Append-only record of who did what. Details hold ids and settings, never personal data.</summary>
public interface IAuditLog
{
    Task AppendAsync(TenantId tenant, Actor actor, string action, object details, CancellationToken ct);

    /// <summary>Lines, the newest first.</summary>
    /// <param name="action">Beginning of the action; null for all.</param>
    /// <param name="before">Only lines before this one in the chain; null begins with the newest.</param>
    Task<IReadOnlyList<AuditLine>> ListAsync(TenantId tenant, string? action, long? before, int limit, CancellationToken ct);

    /// <summary>Reads the whole chain and recomputes every hash.</summary>
    Task<AuditVerdict> VerifyAsync(TenantId tenant, CancellationToken ct);
}
