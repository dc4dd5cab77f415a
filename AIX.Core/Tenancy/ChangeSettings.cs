using AIX.Core.Auditing;
using AIX.Core.Shared;

namespace AIX.Core.Tenancy;

/// <summary>An admin changes thresholds, review cap, region or zone. Later scores use them; nothing is re-routed silently.</summary>
public sealed class ChangeSettings(ITenantStore tenants, IAuditLog audit)
{
    public async Task<Result<TenantSettings>> ExecuteAsync(TenantId tenant, Actor actor, TenantSettings settings, CancellationToken ct)
    {
        if (settings.Check() is { } error)
        {
            return error;
        }

        var before = (await tenants.GetAsync(tenant, ct)).Settings;
        await tenants.SaveSettingsAsync(tenant, settings, ct);
        await audit.AppendAsync(tenant, actor, "settings.changed", new { before, after = settings }, ct);
        return settings;
    }
}
