using System.Collections.Concurrent;
using System.Security.Cryptography;
using AIX.Core.Enrichment;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Enrichment;

/// <summary>Shipped and configured sources; keys lie encrypted in the tenant's settings and are opened for a call only.</summary>
internal sealed class SourceRegistry(IEnumerable<IEnrichmentSource> sources, DataSources data, IDataProtectionProvider protection, TimeProvider time) : ISourceRegistry
{
    /// <summary>A switch is seen by other nodes after so long.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TenantId, (IReadOnlyList<EnabledSource> Sources, DateTimeOffset Until)> _enabled = new();

    private readonly IDataProtector _protector = protection.CreateProtector("AIX.SourceKeys");
    private readonly Dictionary<string, IEnrichmentSource> _byName = sources.ToDictionary(s => s.Description.Name, StringComparer.Ordinal);

    public IReadOnlyList<SourceDescription> All => [.. _byName.Values.Select(s => s.Description).OrderBy(d => d.NeedsKey).ThenBy(d => d.Title, StringComparer.OrdinalIgnoreCase)];

    public async Task<IReadOnlyList<EnabledSource>> EnabledAsync(TenantId tenant, CancellationToken ct)
    {
        if (_enabled.TryGetValue(tenant, out var cached) && cached.Until > time.GetUtcNow())
        {
            return cached.Sources;
        }

        await using var db = data.Context(tenant);
        var settings = await db.Set<SourceSetting>().AsNoTracking().Where(s => s.Enabled).ToListAsync(ct);
        IReadOnlyList<EnabledSource> enabled = [.. settings.Where(s => _byName.ContainsKey(s.Source)).Select(s => new EnabledSource(_byName[s.Source], s.Price ?? _byName[s.Source].Description.Price, Open(s.ProtectedKey)))
            .Where(e => e.Secret is not null || !e.Source.Description.NeedsKey)];
        _enabled[tenant] = (enabled, time.GetUtcNow() + Lifetime);
        return enabled;
    }

    public async Task<IReadOnlyList<SourceState>> StateAsync(TenantId tenant, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = data.Context(tenant);
        var settings = await db.Set<SourceSetting>().AsNoTracking().ToDictionaryAsync(s => s.Source, ct);
        var since = now.AddDays(-30);
        var calls = await db.Set<SourceCall>().Where(c => c.At > since).GroupBy(c => c.Source)
            .Select(g => new { g.Key, Calls = g.Count(), Found = g.Count(c => c.Answer == AnswerKind.Found), Failed = g.Count(c => c.Answer == AnswerKind.NotMeasured), Cost = g.Sum(c => c.Cost) })
            .ToDictionaryAsync(g => g.Key, ct);
        var notes = await db.Set<SourceCall>().Where(c => c.At > since && c.Note != null).GroupBy(c => c.Source).Select(g => new { g.Key, Note = g.OrderByDescending(c => c.At).Select(c => c.Note).First() }).ToDictionaryAsync(g => g.Key, g => g.Note, ct);
        return [.. All.Select(d =>
        {
            var (set, used) = (settings.GetValueOrDefault(d.Name), calls.GetValueOrDefault(d.Name));
            return new SourceState(d, set?.Enabled ?? false, set?.ProtectedKey is not null, set?.Price, used?.Calls ?? 0, used?.Found ?? 0, used?.Failed ?? 0, used?.Cost ?? 0, notes.GetValueOrDefault(d.Name));
        })];
    }

    public async Task ChangeAsync(TenantId tenant, string source, bool enabled, string? key, decimal? price, CancellationToken ct)
    {
        await using var db = data.Context(tenant);
        var setting = await db.Set<SourceSetting>().FirstOrDefaultAsync(s => s.Source == source, ct);
        if (setting is null)
        {
            db.Add(setting = new SourceSetting { TenantId = tenant, Source = source });
        }

        setting.Change(enabled, key is null ? setting.ProtectedKey : key.Length == 0 ? null : _protector.Protect(key), price);
        await db.SaveChangesAsync(ct);
        _enabled.TryRemove(tenant, out _);
    }

    /// <summary>A key that was encrypted under protection keys that are gone is no key: the page asks for it again.</summary>
    private string? Open(string? protectedKey)
    {
        try
        {
            return protectedKey is null ? null : _protector.Unprotect(protectedKey);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
