using AIX.Core.Conversations;
using AIX.Core.Leads;
using AIX.Core.Shared;

namespace AIX.Core.Calls;

/// <summary>A call that rang at the agreed time is the callback, whoever placed it: nobody is told that it was missed.</summary>
internal sealed class KeepCallbacks(ILeadWorkStore leads, IEnumerable<ICallbackWatcher> watchers) : IAfterCall
{
    /// <summary>A call may come this much early.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(15);

    /// <summary>It rang and nobody talked: the promise is kept, and whoever else meant to call may still reach them.</summary>
    private static readonly Disposition[] Unreached = [Disposition.NoAnswer, Disposition.Busy, Disposition.Voicemail, Disposition.Abandoned];

    public Task EndedAsync(IUnitOfWork work, Call call, Disposition outcome, DateTimeOffset now, CancellationToken ct)
    {
        if (outcome is not (Disposition.Failed or Disposition.InvalidNumber))
        {
            leads.KeepCallbacks(work, call.LeadId, call.CreatedAt, call.CreatedAt + Early, now);
            foreach (var watcher in Unreached.Contains(outcome) ? [] : watchers)
            {
                watcher.Kept(work, call.LeadId, call.CreatedAt + Early);
            }
        }

        return Task.CompletedTask;
    }
}
