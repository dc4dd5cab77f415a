using AIX.Core.Tenancy;

namespace AIX.Core.Users;

public sealed record Person(Guid Id, string Name, Role Role);

/// <summary>What a person set for themselves.</summary>
public sealed record Preferences
{
    /// <summary>Action → key, where it differs from the default.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>Columns of the lead table in their order; empty for the default.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary><c>compact</c>, <c>default</c> or <c>relaxed</c>.</summary>
    public string Density { get; init; } = "default";

    /// <summary>Steps of the first days that were put aside.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];
}

/// <summary>The tenant's people, and what each set for themselves.</summary>
public interface IPeople
{
    /// <summary>By name; cached for a few seconds.</summary>
    Task<IReadOnlyList<Person>> ListAsync(TenantId tenant, CancellationToken ct);

    Task<Preferences> PreferencesAsync(TenantId tenant, Guid user, CancellationToken ct);

    Task SaveAsync(TenantId tenant, Guid user, Preferences preferences, CancellationToken ct);
}
