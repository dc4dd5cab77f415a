using AIX.Core.Shared;

namespace AIX.Core.Leads;

/// <summary>Hears of callbacks that people move or settle, in the same transaction: a campaign that has agreed on one calls at its time by itself.</summary>
public interface ICallbackWatcher
{
    void Moved(IUnitOfWork work, Guid lead, DateTimeOffset due);

    /// <summary>Somebody talked to the lead: what was agreed on until then is done. Called before what the call itself came to is written down.</summary>
    void Kept(IUnitOfWork work, Guid lead, DateTimeOffset dueBefore);

    /// <param name="done">False when it is open again.</param>
    void Settled(IUnitOfWork work, Guid lead, bool done);
}
