using AIX.Core.Routing;
using AIX.Core.Shared;

namespace AIX.Core.Pipeline;

/// <summary>Whoever owns a lead that became hot hears of it at once; of one that nobody owns, every agent does. Many at once are one notice.</summary>
public sealed class TellOfHotLeads(IRoutingStore routing)
{
    private const int AtOnce = 3;

    public async Task ExecuteAsync(IUnitOfWork work, IReadOnlyList<HotLead> leads, CancellationToken ct)
    {
        var agents = leads.Any(l => l.OwnerId is null) ? await routing.AgentsAsync(work, false, ct) : [];
        foreach (var (user, theirs) in leads.SelectMany(l => l.OwnerId is { } owner ? [(owner, l.LeadId)] : agents.Select(a => (a.User, l.LeadId))).GroupBy(l => l.Item1).Select(g => (g.Key, g.Select(l => l.LeadId).ToList())))
        {
            if (theirs.Count > AtOnce)
            {
                work.Tell(new Notice(user, "hotMany", null, theirs.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            }
            else
            {
                theirs.ForEach(lead => work.Tell(new Notice(user, "hot", lead)));
            }
        }
    }
}
