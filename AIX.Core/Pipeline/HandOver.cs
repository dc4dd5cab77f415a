using AIX.Core.Leads;
using AIX.Core.Routing;
using AIX.Core.Shared;

namespace AIX.Core.Pipeline;

/// <summary>Hot leads that a person's word, a date or a promoted model made hot get their owners by the same rules as those that the pipeline routes. What a rule does beside that (nurture, archive) does not apply: the lead's state is decided.</summary>
public sealed class HandOver(IRoutingStore routing, ApplyRules rules, TellOfHotLeads tell, ILeadWorkStore store, TimeProvider time) : IHandOver
{
    public async Task ExecuteAsync(IUnitOfWork work, IReadOnlyCollection<Guid> leads, CancellationToken ct) => await tell.ExecuteAsync(work, await AssignAsync(work, leads, ct), ct);

    /// <returns>The leads with their owners, for one notice after many chunks.</returns>
    public async Task<IReadOnlyList<HotLead>> AssignAsync(IUnitOfWork work, IReadOnlyCollection<Guid> hot, CancellationToken ct)
    {
        if (hot.Count == 0)
        {
            return [];
        }

        var ruleSet = await routing.RulesAsync(work.TenantId, ct);
        var facts = await routing.LoadAsync(work, hot, ct);
        var owners = facts.ToDictionary(l => l.LeadId, l => l.OwnerId);
        var routed = facts.Select(l => new RoutedLead(l.LeadId, l.RunId, Band.Hot, false, 0)).ToList();
        foreach (var group in (await rules.ExecuteAsync(work, facts, routed, ruleSet, ct)).Where(r => r.OwnerId is not null).GroupBy(r => r.OwnerId))
        {
            Guid[] theirs = [.. group.Select(r => r.LeadId)];
            await store.AssignAsync(work, theirs, group.Key, time.GetUtcNow(), ct);
            Array.ForEach(theirs, lead => owners[lead] = group.Key);
        }

        return [.. owners.Select(o => new HotLead(o.Key, o.Value))];
    }
}
