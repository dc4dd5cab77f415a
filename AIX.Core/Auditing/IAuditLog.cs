using AIX.Core.Tenancy;

namespace AIX.Core.Auditing;

/// <summary>Who acted: a user, an API key, or the program itself.</summary>
public sealed record Actor(string Kind, Guid? Id)
{
    public static readonly Actor System = new("system", null);

    public static Actor User(Guid id) => new("user", id);

    public static Actor ApiKey(Guid id) => new("apiKey", id);
}

/// <summary>Append-only record of who did what. Details hold ids and settings, never personal data.</summary>
public interface IAuditLog
{
    Task AppendAsync(TenantId tenant, Actor actor, string action, object details, CancellationToken ct);
}
