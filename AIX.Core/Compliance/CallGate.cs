using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Compliance;

/// <summary>What the gate asks about addresses, and what is kept of them.</summary>
public interface IContactHistory
{
    /// <summary>Locks the number for the tenant until the transaction ends, so that two who dial at the same moment see each other.</summary>
    Task HoldAsync(IUnitOfWork work, string number, CancellationToken ct);

    /// <summary>What is known of each address, one question for all; every address is in the answer.</summary>
    /// <param name="but">An attempt that is not counted: the one that is being decided on.</param>
    Task<IReadOnlyDictionary<string, ContactFacts>> OfAsync(IUnitOfWork work, IReadOnlyCollection<string> addresses, ContactChannel channel, DateTimeOffset now, Guid? but, CancellationToken ct);

    /// <summary>The tenant's own tightening and its version; (null, 0) for none.</summary>
    Task<(Tightening? Own, int Version)> TighteningAsync(IUnitOfWork work, CancellationToken ct);

    Task SuppressAsync(IUnitOfWork work, Suppression suppression, CancellationToken ct);

    Task ComplainAsync(IUnitOfWork work, Complaint complaint, CancellationToken ct);

    /// <summary>Goes out with the commit.</summary>
    void Record(IUnitOfWork work, IReadOnlyList<GateRecord> records);
}

/// <summary>Decides whether an address may be contacted now. Whatever goes wrong inside it is a no; there is no way around it.</summary>
public interface ICallGate
{
    /// <param name="call">The attempt that is decided on: kept with the decision, and not counted against itself.</param>
    Task<GateDecision> AskAsync(IUnitOfWork work, ContactIntent intent, GateStage stage, Guid? call, Guid? campaign, CancellationToken ct);

    /// <summary>The rules that hold for the tenant now.</summary>
    Task<RulePack> PackAsync(IUnitOfWork work, CancellationToken ct);
}

/// <summary>Gathers what the rules need inside the transaction, asks all of them, and keeps the decision.</summary>
public sealed class CallGate(IContactHistory history, TimeProvider time) : ICallGate
{
    public async Task<GateDecision> AskAsync(IUnitOfWork work, ContactIntent intent, GateStage stage, Guid? call, Guid? campaign, CancellationToken ct)
    {
        if (stage == GateStage.Dial)
        {
            await history.HoldAsync(work, intent.Address, ct);
        }

        // After the wait for the number: the window may have closed meanwhile.
        var now = time.GetUtcNow();
        GateDecision decision;
        try
        {
            var facts = await history.OfAsync(work, [intent.Address], intent.Channel, now, call, ct);
            decision = GateRules.Decide(new CallCase(intent, facts[intent.Address], now, await PackAsync(work, ct)));
        }
        catch (Exception ex) when (ex is not OperationCanceledException)
        {
            decision = new GateDecision(false, [new Denial("error", $"What the rules need could not be read ({ex.GetType().Name}); without it nobody is called.")], now, RulePack.Shipped.Version, "");
        }

        // An attempt that is refused is kept too, whatever becomes of its transaction: the caller commits it.
        if (stage != GateStage.Look && decision.Inputs.Length > 0)
        {
            history.Record(work, [RecordOf(work.TenantId, intent, decision, stage, call, campaign)]);
        }

        return decision;
    }

    public async Task<RulePack> PackAsync(IUnitOfWork work, CancellationToken ct)
    {
        var (own, version) = await history.TighteningAsync(work, ct);
        return RulePack.Shipped.With(own, version);
    }

    public static GateRecord RecordOf(TenantId tenant, ContactIntent intent, GateDecision decision, GateStage stage, Guid? call, Guid? campaign) => new()
    {
        TenantId = tenant,
        Id = Guid.CreateVersion7(decision.At),
        At = decision.At,
        Stage = stage,
        LeadId = intent.LeadId,
        Address = intent.Address,
        CampaignId = campaign,
        CallId = call,
        Allowed = decision.Allowed,
        Rules = [.. decision.Denials.Select(d => d.Rule)],
        Pack = decision.Rules,
        Inputs = decision.Inputs,
    };
}
