using AIX.Core.Auditing;
using AIX.Core.Shared;

namespace AIX.Core.Leads;

/// <summary>The one door through which people name leads for a campaign, however many and by whatever means.</summary>
public interface IAudience
{
    /// <summary>Holds the campaign, names the leads, and looks at what it has become. Nothing is committed here.</summary>
    /// <param name="pick">Names them in the transaction, and says how many were not named before.</param>
    /// <returns>Why not: it is over, or has more leads than were approved; the caller then commits nothing.</returns>
    Task<Error?> NameAsync(IUnitOfWork work, Guid campaign, Actor actor, Func<Task<int>> pick, CancellationToken ct);
}
