using AIX.Core.Auditing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Enrichment;

/// <summary>An admin switches a source on or off, gives its key or the price that was agreed.</summary>
public sealed class ChangeSource(ISourceRegistry registry, IAuditLog audit)
{
    private const int MaxKey = 500;

    /// <param name="key">Null keeps the key that is there; empty removes it.</param>
    /// <param name="price">Null for the price of the definition.</param>
    public async Task<Result<bool>> ExecuteAsync(TenantId tenant, Actor actor, string source, bool enabled, string? key, decimal? price, DateTimeOffset now, CancellationToken ct)
    {
        if ((await registry.StateAsync(tenant, now, ct)).FirstOrDefault(s => s.Source.Name == source) is not { } state)
        {
            return new Error(ErrorKind.NotFound, "unknown-source", $"There is no source \"{source}\"; there are {string.Join(", ", registry.All.Select(s => s.Name))}.");
        }

        if (key?.Length > MaxKey || key?.Any(char.IsControl) == true)
        {
            return new Error(ErrorKind.Invalid, "invalid-key", $"A key is one line of at most {MaxKey} characters.", "key");
        }

        if (price is < 0 or > 1000)
        {
            return new Error(ErrorKind.Invalid, "invalid-price", $"The price of one answer is {price}; it must lie between 0 and 1,000.", "price");
        }

        var hasKey = key is null ? state.HasKey : key.Length > 0;
        if (enabled && state.Source.NeedsKey && !hasKey)
        {
            return new Error(ErrorKind.Invalid, "key-missing", $"{state.Source.Title} answers only to a key of yours. Enter it, then switch the source on.", "key");
        }

        await registry.ChangeAsync(tenant, source, enabled, key, price, ct);
        await audit.AppendAsync(tenant, actor, "source.changed", new { source, enabled, key = key is null ? "kept" : key.Length == 0 ? "removed" : "replaced", price }, ct);
        return true;
    }
}
