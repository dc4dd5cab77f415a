using System.Text.Json;
using AIX.Core.Leads;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Demo;

internal sealed class SampleLeads(DataSources sources, SubmitLeads submit, TimeProvider time) : ISampleLeads
{
    private const int Count = 200;

    public async Task<int> CountAsync(TenantId tenant, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<Lead>().CountAsync(l => l.SourceId == ISampleLeads.Source, ct);
    }

    public async Task<int> AddAsync(TenantId tenant, CancellationToken ct)
    {
        var added = await submit.ExecuteAsync(tenant, SourceKind.Api, ISampleLeads.Source, JsonSerializer.SerializeToElement(DemoLeads.Make(Count, 37)), ct);
        return added.IsOk ? added.Value.Count(i => i.Status == IntakeStatus.Accepted) : 0;
    }

    public async Task<int> RemoveAsync(TenantId tenant, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, tenant, time, ct);
        await using (var runs = work.Connection.Command("DELETE FROM aix.pipeline_runs r USING aix.leads l WHERE r.tenant_id = $1 AND l.tenant_id = $1 AND l.id = r.lead_id AND l.source_id = $2", tenant.Value, ISampleLeads.Source))
        {
            await runs.ExecuteNonQueryAsync(ct);
        }

        await using var command = work.Connection.Command("DELETE FROM aix.leads WHERE tenant_id = $1 AND source_id = $2", tenant.Value, ISampleLeads.Source);
        var removed = await command.ExecuteNonQueryAsync(ct);
        work.Raise(new LeadsChanged(tenant, -removed));
        await work.CommitAsync(ct);
        return removed;
    }
}
