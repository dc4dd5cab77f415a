using AIX.Core.Learning;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Learning;

internal sealed class ModelChecks(DataSources sources) : IModelChecks
{
    public async Task<ModelCheck?> FindAsync(TenantId tenant, int version, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<ModelCheck>().AsNoTracking().FirstOrDefaultAsync(c => c.Version == version, ct);
    }

    public async Task SaveAsync(IUnitOfWork work, ModelCheck check, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            "INSERT INTO aix.model_checks (tenant_id, version, at, alarms) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, version) DO UPDATE SET at = excluded.at, alarms = excluded.alarms",
            unit.TenantId.Value, check.Version, check.At, Sql.Json(check.Alarms));
        await command.ExecuteNonQueryAsync(ct);
    }
}
