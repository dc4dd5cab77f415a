using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Routing;

/// <summary>Finds each lead its rule, and the rule's leads their owners. A lead that has an owner keeps it.</summary>
public sealed class ApplyRules(IRoutingStore store)
{
    public async Task<IReadOnlyList<RuledLead>> ExecuteAsync(IUnitOfWork work, IReadOnlyList<LeadToRoute> leads, IReadOnlyList<RoutedLead> routed, IReadOnlyList<ReadRule> rules, CancellationToken ct)
    {
        var found = Match(leads, routed, rules);
        if (found.Count == 0)
        {
            return [];
        }

        var agents = found.Exists(f => f.Rule.Document.Assign != AssignTo.Nobody) ? await store.AgentsAsync(work, found.Exists(f => f.Rule.Document.Assign == AssignTo.Load), ct) : [];
        var result = new List<RuledLead>(found.Count);
        foreach (var group in found.GroupBy(f => f.Rule.Rule.Id))
        {
            var rule = group.First().Rule;
            var unowned = group.Where(f => f.Lead.OwnerId is null).Select(f => f.Lead).ToList();
            var turn = NeedsTurn(rule.Document) && unowned.Count > 0 ? await store.TakeTurnsAsync(work, rule.Rule.Id, unowned.Count, ct) : 0;
            var owners = Owners(rule.Document, unowned, agents, turn);
            result.AddRange(group.Select(f => new RuledLead(f.Lead.LeadId, rule.Rule.Id, owners.GetValueOrDefault(f.Lead.LeadId), rule.Document.Then, rule.Document.ReevaluateDays)));
        }

        return result;
    }

    /// <summary>Which rule each lead meets; leads that meet none are left out.</summary>
    public static List<(LeadToRoute Lead, RoutedLead Routed, ReadRule Rule)> Match(IReadOnlyList<LeadToRoute> leads, IReadOnlyList<RoutedLead> routed, IReadOnlyList<ReadRule> rules)
    {
        var found = new List<(LeadToRoute, RoutedLead, ReadRule)>();
        for (var i = 0; i < leads.Count; i++)
        {
            var facts = RuleMatch.FactsOf(leads[i], routed[i]);
            if (rules.FirstOrDefault(r => r.Rule.Enabled && RuleMatch.Fits(r.Document, facts)) is { } rule)
            {
                found.Add((leads[i], routed[i], rule));
            }
        }

        return found;
    }

    /// <summary>Owners of the leads of one rule.</summary>
    /// <param name="turn">The first turn that is theirs.</param>
    internal static Dictionary<Guid, Guid?> Owners(RuleDocument rule, IReadOnlyList<LeadToRoute> leads, IReadOnlyList<(Guid User, int Open)> agents, long turn)
    {
        // A user who has left is passed over.
        var among = rule.Users.Count == 0 ? agents.Select(a => a.User).ToList() : rule.Users.Where(u => agents.Any(a => a.User == u)).ToList();
        var open = agents.ToDictionary(a => a.User, a => a.Open);
        Guid? InTurn() => among.Count == 0 ? null : among[(int)(turn++ % among.Count)];
        Guid? ByLoad()
        {
            if (among.Count == 0)
            {
                return null;
            }

            var least = among.MinBy(u => open.GetValueOrDefault(u));
            open[least] = open.GetValueOrDefault(least) + 1;
            return least;
        }

        Guid? ByTerritory(LeadToRoute lead) =>
            lead.Facts.TryGetValue(rule.TerritoryField, out var value) && rule.Territories.FirstOrDefault(t => string.Equals(t.Key.Trim(), value.Trim(), StringComparison.OrdinalIgnoreCase)).Value is var user && user != default && open.ContainsKey(user) ? user : InTurn();

        return leads.ToDictionary(l => l.LeadId, l => rule.Assign switch
        {
            AssignTo.InTurn => InTurn(),
            AssignTo.Load => ByLoad(),
            AssignTo.Territory => ByTerritory(l),
            AssignTo.Named => among.Count > 0 ? among[0] : null,
            _ => null,
        });
    }

    private static bool NeedsTurn(RuleDocument rule) => rule.Assign is AssignTo.InTurn or AssignTo.Territory;
}
