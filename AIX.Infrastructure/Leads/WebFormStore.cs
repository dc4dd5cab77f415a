using AIX.Core.Leads;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Leads;

internal sealed class WebFormStore(DataSources sources, ICurrentTenant current) : IWebFormStore
{
    public async Task<WebForm?> FindAsync(string key, CancellationToken ct)
    {
        await using var connection = await sources.Front.OpenConnectionAsync(ct);
        await using var command = connection.Command("SELECT tenant_id, id, key, name, created_at FROM aix.web_forms WHERE key = $1", key);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new WebForm { TenantId = new TenantId(reader.GetGuid(0)), Id = reader.GetGuid(1), Key = reader.GetString(2), Name = reader.GetString(3), CreatedAt = reader.GetFieldValue<DateTimeOffset>(4) }
            : null;
    }

    public async Task<IReadOnlyList<WebForm>> ListAsync(CancellationToken ct)
    {
        await using var db = sources.Context(current.Id ?? default);
        return await db.Set<WebForm>().AsNoTracking().OrderBy(f => f.Id).ToListAsync(ct);
    }
}
