using AIX.Core.Leads;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Leads;

internal sealed class OutcomeStore(DataSources sources) : IOutcomeStore
{
    public async Task<bool> AddAsync(LeadOutcome outcome, CancellationToken ct)
    {
        await using var db = sources.Context(outcome.TenantId);
        if (!await db.Set<Lead>().AnyAsync(l => l.Id == outcome.LeadId, ct))
        {
            return false;
        }

        db.Add(outcome);
        await db.SaveChangesAsync(ct);
        return true;
    }
}
