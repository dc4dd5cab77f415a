using System.Collections.Concurrent;
using AIX.Core.Learning;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AIX.Infrastructure.Learning;

/// <summary>
/// Models of this node. A version never changes, so it is loaded once; the champion's number is asked anew when a promotion is announced, and every few seconds in case an
/// announcement was missed. A batch that has begun keeps the model it began with.
/// </summary>
internal sealed partial class ServingModels : IServingModels, IDisposable
{
    private const int MaxLoaded = 64;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly DataSources _sources;
    private readonly TimeProvider _time;
    private readonly ILogger<ServingModels> _logger;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<(TenantId Tenant, string Alias), (int Version, DateTimeOffset Until)> _aliases = new();
    private readonly ConcurrentDictionary<(TenantId Tenant, int Version), Lazy<Task<ServedModel?>>> _loaded = new();

    public ServingModels(DataSources sources, ILiveFeed feed, TimeProvider time, ILogger<ServingModels> logger)
    {
        (_sources, _time, _logger) = (sources, time, logger);
        _subscription = feed.Subscribe(null, e =>
        {
            if (e is ModelPromoted promoted)
            {
                _aliases.TryRemove((promoted.TenantId, ModelAlias.Champion), out _);
                _aliases.TryRemove((promoted.TenantId, ModelAlias.Challenger), out _);
            }
        });
    }

    public Task<ServedModel?> ChampionAsync(TenantId tenant, CancellationToken ct) => ByAliasAsync(tenant, ModelAlias.Champion, ct);

    public Task<ServedModel?> ChallengerAsync(TenantId tenant, CancellationToken ct) => ByAliasAsync(tenant, ModelAlias.Challenger, ct);

    private async Task<ServedModel?> ByAliasAsync(TenantId tenant, string alias, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        if (!_aliases.TryGetValue((tenant, alias), out var known) || known.Until <= now)
        {
            await using var db = _sources.Context(tenant);
            var version = await db.Set<ModelAlias>().Where(a => a.Name == alias).Select(a => (int?)a.Version).FirstOrDefaultAsync(ct);
            _aliases[(tenant, alias)] = known = (version ?? PromoteModel.Profile, now + Lifetime);
        }

        return known.Version == PromoteModel.Profile ? null : await FindAsync(tenant, known.Version, ct);
    }

    public async Task<ServedModel?> FindAsync(TenantId tenant, int version, CancellationToken ct)
    {
        if (version == PromoteModel.Profile)
        {
            return null;
        }

        if (_loaded.Count > MaxLoaded)
        {
            _loaded.Clear();
        }

        // Many workers ask for a new champion at once; one loads it. A failed load is not kept.
        var load = _loaded.GetOrAdd((tenant, version), k => new Lazy<Task<ServedModel?>>(() => LoadAsync(k.Tenant, k.Version)));
        try
        {
            return await load.Value.WaitAsync(ct);
        }
        catch (Exception)
        {
            _loaded.TryRemove((tenant, version), out _);
            throw;
        }
    }

    public void Dispose() => _subscription.Dispose();

    private async Task<ServedModel?> LoadAsync(TenantId tenant, int version)
    {
        await using var db = _sources.Context(tenant);
        var file = await db.Set<ModelVersion>().Where(m => m.Version == version).Select(m => m.File).FirstOrDefaultAsync();
        if (file is null)
        {
            return null;
        }

        var model = TrainedModel.Load(file);
        if (!model.IsOk)
        {
            // The profile scores until somebody trains anew.
            LogUnreadable(version, model.Error.Message);
            return null;
        }

        return new ServedModel(version, model.Value);
    }

    [LoggerMessage(LogLevel.Error, "Model {Version} cannot be used; the profile scores instead. {Reason}")]
    private partial void LogUnreadable(int version, string reason);
}
