using AIX.Core.Leads;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Leads;

internal sealed class ViewStore(DataSources sources) : IViewStore
{
    public async Task<IReadOnlyList<LeadView>> ListAsync(TenantId tenant, Guid user, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<LeadView>().AsNoTracking().Where(v => v.OwnerId == user || v.Shared).OrderBy(v => v.CreatedAt).Take(200).ToListAsync(ct);
    }

    public async Task SaveAsync(LeadView view, CancellationToken ct)
    {
        await using var db = sources.Context(view.TenantId);
        db.Add(view);
        await db.SaveChangesAsync(ct);
    }

    public async Task<bool> RemoveAsync(TenantId tenant, Guid user, Guid view, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<LeadView>().Where(v => v.Id == view && v.OwnerId == user).ExecuteDeleteAsync(ct) > 0;
    }
}
