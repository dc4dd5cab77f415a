using AIX.Core.Leads;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Leads;

internal sealed class OutcomeStore(DataSources sources) : IOutcomeStore
{
    public Task<bool> AddAsync(LeadOutcome outcome, CancellationToken ct) => AddAsync(outcome.TenantId, outcome.LeadId, outcome, ct);

    public Task<bool> AddAsync(LeadLabel label, CancellationToken ct) => AddAsync(label.TenantId, label.LeadId, label, ct);

    private async Task<bool> AddAsync(TenantId tenant, Guid lead, object row, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        if (!await db.Set<Lead>().AnyAsync(l => l.Id == lead, ct))
        {
            return false;
        }

        db.Add(row);
        await db.SaveChangesAsync(ct);
        return true;
    }
}
