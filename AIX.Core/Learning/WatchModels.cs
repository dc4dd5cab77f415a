using AIX.Core.Auditing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Learning;

/// <summary>A champion fits its leads no more; announced when the alarms of a version change.</summary>
public sealed record ModelAlarmed(TenantId TenantId, int Version, IReadOnlyList<string> Kinds) : IDomainEvent
{
    public string Name => "model.alarmed";
}

/// <summary>The last check of a version; kept so that an alarm is raised once.</summary>
public sealed class ModelCheck : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>JSON list of <see cref="ModelAlarm"/>.</summary>
    public required string Alarms { get; init; }
}

public interface IModelChecks
{
    Task<ModelCheck?> FindAsync(TenantId tenant, int version, CancellationToken ct);

    Task SaveAsync(IUnitOfWork work, ModelCheck check, CancellationToken ct);
}

/// <summary>Looks after every tenant's champion at night: measures drift and calibration, raises alarms, and has a new model trained where there is something to learn from.</summary>
public sealed class WatchModels(
    IRetrainingQueries queries, IModelRegistry registry, CheckModel check, IModelChecks checks, ITrainingSchedule schedule, IUnitOfWorkFactory works, IAuditLog audit, LearningOptions options, TimeProvider time)
{
    /// <returns>Champions with alarms.</returns>
    public async Task<int> ExecuteAsync(CancellationToken ct)
    {
        // Who has learned enough is trained anyway; an alarm needs less.
        var regular = (await queries.DueAsync(options.MinNewOutcomes, ct)).ToHashSet();
        var able = (await queries.DueAsync(options.MinNewOutcomesOnAlarm, ct)).ToHashSet();
        var alarmed = 0;
        foreach (var (tenant, version) in await queries.ChampionsAsync(ct))
        {
            var alarms = await CheckAsync(tenant, version, ct);
            if (alarms.Count == 0)
            {
                continue;
            }

            alarmed++;
            if (able.Contains(tenant) && !regular.Contains(tenant))
            {
                await schedule.RequestAsync(tenant, Actor.System, alarms.Any(a => a.Kind == "calibration") ? "calibration" : "drift", new HashSet<string>(), ct);
            }
        }

        return alarmed;
    }

    private async Task<IReadOnlyList<ModelAlarm>> CheckAsync(TenantId tenant, int version, CancellationToken ct)
    {
        if ((await registry.ListAsync(tenant, ct)).FirstOrDefault(m => m.Version == version) is not { } summary || await check.ExecuteAsync(tenant, summary, ct) is not { } health)
        {
            return [];
        }

        var alarms = health.Alarms(summary.Report);
        var known = await checks.FindAsync(tenant, version, ct);
        await using var work = await works.BeginAsync(tenant, ct);
        await checks.SaveAsync(work, new ModelCheck { TenantId = tenant, Version = version, At = time.GetUtcNow(), Alarms = System.Text.Json.JsonSerializer.Serialize(alarms, TrainModel.Json) }, ct);
        var isNew = alarms.Count > 0 && Kinds(alarms) != Kinds(known is null ? [] : System.Text.Json.JsonSerializer.Deserialize<List<ModelAlarm>>(known.Alarms, TrainModel.Json)!);
        if (isNew)
        {
            work.Raise(new ModelAlarmed(tenant, version, [.. alarms.Select(a => a.Kind).Distinct()]));
        }

        await work.CommitAsync(ct);
        if (isNew)
        {
            await audit.AppendAsync(tenant, Actor.System, "model.alarmed", new { version, alarms }, ct);
        }

        return alarms;
    }

    private static string Kinds(IReadOnlyList<ModelAlarm> alarms) => string.Join('|', alarms.Select(a => $"{a.Kind}:{a.Name}").Order(StringComparer.Ordinal));
}
