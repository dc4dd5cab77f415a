using AIX.Core.Auditing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Learning;

/// <summary>Makes a version the champion, or goes back to the one before; the leads' scores follow in the background.</summary>
public sealed class PromoteModel(IModelRegistry registry, IRescoringSchedule rescoring, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    /// <summary>The profile itself: scores without any learned model.</summary>
    public const int Profile = 1;

    public async Task<Result<int>> ExecuteAsync(TenantId tenant, Actor actor, int version, CancellationToken ct)
    {
        var now = await registry.AliasAsync(tenant, ModelAlias.Champion, ct);
        if ((now?.Version ?? Profile) == version)
        {
            return new Error(ErrorKind.Conflict, "already-champion", $"Model {version} scores already.");
        }

        return await PointAsync(tenant, actor, version, now?.Version ?? Profile, "model.promoted", ct);
    }

    /// <summary>Lets a version run in the champion's shadow: it is compared with it on every new lead and outcome, and decides nothing.</summary>
    public async Task<Result<int>> ShadowAsync(TenantId tenant, Actor actor, int version, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        if (version == Profile || !await registry.PointAsync(work, ModelAlias.Shadow, version, null, time.GetUtcNow(), ct))
        {
            return new Error(ErrorKind.NotFound, "unknown-model", $"There is no model {version}.");
        }

        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "model.shadowed", new { version }, ct);
        return version;
    }

    /// <summary>Back to what scored before the last promotion; doing it twice comes back again.</summary>
    public async Task<Result<int>> RollBackAsync(TenantId tenant, Actor actor, CancellationToken ct)
    {
        var now = await registry.AliasAsync(tenant, ModelAlias.Champion, ct);
        return now is { Previous: { } previous }
            ? await PointAsync(tenant, actor, previous, now.Version, "model.rolled-back", ct)
            : new Error(ErrorKind.Conflict, "nothing-before", "No other model has scored before this one.");
    }

    private async Task<Result<int>> PointAsync(TenantId tenant, Actor actor, int version, int previous, string action, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        if (!await registry.PointAsync(work, ModelAlias.Champion, version, previous, time.GetUtcNow(), ct))
        {
            return new Error(ErrorKind.NotFound, "unknown-model", $"There is no model {version}.");
        }

        work.Raise(new ModelPromoted(tenant, version));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, action, new { version, previous }, ct);
        await rescoring.RequestAsync(tenant, ct);
        return version;
    }
}
