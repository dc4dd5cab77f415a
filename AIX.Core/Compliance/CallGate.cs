using System.Collections.Concurrent;
using System.Diagnostics;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Compliance;

/// <param name="Own">The tenant's own tightening; null for none.</param>
/// <param name="Version">Of the tightening; 0 for none. A version never changes.</param>
public sealed record AddressFacts(ContactFacts Facts, Tightening? Own, int Version);

/// <summary>What the gate asks about addresses, and what is kept of them.</summary>
public interface IContactHistory
{
    /// <summary>What is known of one address and the tenant's own tightening, in one question.</summary>
    /// <param name="hold">Locks the address for the tenant until the transaction ends, so that two who dial at the same moment see each other; what is known is read after the wait for it.</param>
    Task<AddressFacts> OfAsync(IUnitOfWork work, string address, ContactChannel channel, DateTimeOffset now, Guid? but, bool hold, CancellationToken ct);

    /// <summary>What is known of each address, one question for all; every address is in the answer.</summary>
    /// <param name="but">Attempts that are not counted: those that are being decided on.</param>
    Task<IReadOnlyDictionary<string, ContactFacts>> OfAsync(IUnitOfWork work, IReadOnlyCollection<string> addresses, ContactChannel channel, DateTimeOffset now, IReadOnlyCollection<Guid> but, CancellationToken ct);

    /// <summary>The tenant's own tightening and its version; (null, 0) for none.</summary>
    Task<(Tightening? Own, int Version)> TighteningAsync(IUnitOfWork work, CancellationToken ct);

    /// <summary>Somebody opted out: never again, on any channel. The address, and whatever else the person is reached at.</summary>
    /// <param name="lead">The person; null for whoever has the contact.</param>
    /// <param name="contact">Blind index of the address; null where the lead is known.</param>
    Task OptOutAsync(IUnitOfWork work, Suppression suppression, Guid? lead, Guid? contact, CancellationToken ct);

    Task ComplainAsync(IUnitOfWork work, Complaint complaint, CancellationToken ct);

    /// <summary>Goes out with the commit.</summary>
    void Record(IUnitOfWork work, IReadOnlyList<GateRecord> records);
}

/// <summary>Decides whether an address may be contacted now. Whatever goes wrong inside it is a no; there is no way around it.</summary>
public interface ICallGate
{
    /// <param name="call">The attempt that is decided on: kept with the decision, and not counted against itself.</param>
    Task<GateDecision> AskAsync(IUnitOfWork work, ContactIntent intent, GateStage stage, Guid? call, Guid? campaign, CancellationToken ct);

    /// <summary>Which of the attempts may no longer go on: asked for all at once, and not kept.</summary>
    Task<IReadOnlyList<Guid>> DeniedAsync(IUnitOfWork work, IReadOnlyList<(Guid Call, ContactIntent Intent)> attempts, CancellationToken ct);

    /// <summary>The rules that hold for the tenant now.</summary>
    Task<RulePack> PackAsync(IUnitOfWork work, CancellationToken ct);
}

/// <summary>Gathers what the rules need inside the transaction, asks all of them, and keeps the decision.</summary>
public sealed class CallGate(IContactHistory history, TimeProvider time) : ICallGate
{
    private const int KnownMost = 2_000;

    /// <summary>A question that took longer has waited for the number.</summary>
    private static readonly TimeSpan Waited = TimeSpan.FromMilliseconds(50);

    /// <summary>Packs with a tenant's tightening applied, by its version, which never changes.</summary>
    private readonly ConcurrentDictionary<(TenantId Tenant, int Version), RulePack> _packs = new();

    public async Task<GateDecision> AskAsync(IUnitOfWork work, ContactIntent intent, GateStage stage, Guid? call, Guid? campaign, CancellationToken ct)
    {
        GateDecision decision;
        try
        {
            var asked = Stopwatch.GetTimestamp();
            var known = await history.OfAsync(work, intent.Address, intent.Channel, time.GetUtcNow(), call, stage == GateStage.Dial, ct);
            if (Stopwatch.GetElapsedTime(asked) > Waited)
            {
                // What holds now is asked about now.
                known = await history.OfAsync(work, intent.Address, intent.Channel, time.GetUtcNow(), call, false, ct);
            }

            // After the wait: the window may have closed meanwhile.
            decision = GateRules.Decide(new CallCase(intent, known.Facts, time.GetUtcNow(), PackOf(work.TenantId, known.Own, known.Version)));
        }
        catch (Exception ex) when (ex is not OperationCanceledException)
        {
            decision = new GateDecision(false, [new Denial("error", $"What the rules need could not be read ({ex.GetType().Name}); without it nobody is called.")], time.GetUtcNow(), RulePack.Shipped.Version, "");
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
        return PackOf(work.TenantId, own, version);
    }

    public async Task<IReadOnlyList<Guid>> DeniedAsync(IUnitOfWork work, IReadOnlyList<(Guid Call, ContactIntent Intent)> attempts, CancellationToken ct)
    {
        var (now, pack) = (time.GetUtcNow(), await PackAsync(work, ct));
        var facts = await history.OfAsync(work, [.. attempts.Select(a => a.Intent.Address)], ContactChannel.Voice, now, [.. attempts.Select(a => a.Call)], ct);
        return [.. attempts.Where(a => GateRules.Denials(new CallCase(a.Intent, facts[a.Intent.Address], now, pack), GateRules.All).Count > 0).Select(a => a.Call)];
    }

    private RulePack PackOf(TenantId tenant, Tightening? own, int version)
    {
        if (own is null)
        {
            return RulePack.Shipped;
        }

        if (_packs.Count > KnownMost)
        {
            _packs.Clear();
        }

        return _packs.GetOrAdd((tenant, version), static (key, rules) => RulePack.Shipped.With(rules, key.Version), own);
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
