using System.Diagnostics;
using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Enrichment;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Calls;

/// <summary>A call that somebody asks for.</summary>
/// <param name="Flow">Key of the dialogue flow.</param>
/// <param name="Language"><c>en</c> or <c>hi</c>.</param>
/// <param name="Route">Name of the route; null takes the first.</param>
public sealed record CallRequest(Guid LeadId, string Flow, string Language, CallTransport Transport, string? Route = null, string? Purpose = null)
{
    /// <summary>What the call is before the law. A person who calls one lead answers an enquiry; campaigns say what they are.</summary>
    public MessageClass Class { get; init; } = MessageClass.Service;

    /// <summary>1 to 8, the register's categories; null is not known.</summary>
    public int? Category { get; init; }

    /// <summary>The campaign whose attempt this is.</summary>
    public CampaignAttempt? Campaign { get; init; }
}

/// <summary>An attempt of a campaign. Campaign, lead and number are unique: the same attempt is never made twice.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Variant"><c>A</c> or <c>B</c>.</param>
/// <param name="Hours">Narrower hours of the campaign.</param>
/// <param name="VoicemailDrop">Leaves the opening words on an answering machine.</param>
/// <param name="Begin">In the attempt's transaction, before the gate: whether the campaign still wants it.</param>
/// <param name="Settle">In the same transaction, with what the gate said.</param>
/// <param name="May">Last before the commit: whether the campaign still runs. From here to the commit a pause waits.</param>
public sealed record CampaignAttempt(Guid Id, int Number, string Variant, CallingHours? Hours, bool VoicemailDrop, Func<IUnitOfWork, CancellationToken, Task<bool>> Begin, Func<IUnitOfWork, GateDecision, CancellationToken, Task> Settle, Func<IUnitOfWork, CancellationToken, Task<bool>> May);

/// <summary>What the gate says before anybody presses the button.</summary>
public sealed record PreCallCheck(string? Number, GateDecision Decision);

/// <summary>
/// Places a call: the gate decides and the attempt's row commits in one transaction, then the provider is asked, once. An answer that is lost leaves the attempt uncertain; nothing is ever posted twice.
/// </summary>
public sealed class PlaceCall(ICallStore store, ICallGate gate, ITelephony telephony, ISourcePace pace, IRouteAlarm alarm, IFlowBook flows, ITenantStore tenants, CallOptions options, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    /// <summary>Fact of a call that leaves a message on machines.</summary>
    public const string VoicemailFact = "_voicemail";

    private const int Tries = 3;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>Asks the gate without placing anything.</summary>
    public async Task<Result<PreCallCheck>> CheckAsync(TenantId tenant, Guid lead, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.LeadAsync(work, lead, ct) is not { } known)
        {
            return UnknownLead();
        }

        var decision = telephony.Routes.Count == 0
            ? new GateDecision(false, [new Denial("route", "No telephone route is set up; an admin adds one in the settings.")], time.GetUtcNow(), RulePack.Shipped.Version, "")
            : await gate.AskAsync(work, IntentOf(tenant, known, telephony.Routes[0], new CallRequest(lead, "", "", default)), GateStage.Look, null, null, ct);
        return new PreCallCheck(known.Number, decision);
    }

    public async Task<Result<Guid>> ExecuteAsync(TenantId tenant, Actor actor, CallRequest request, CancellationToken ct)
    {
        if (telephony.Routes.FirstOrDefault(r => request.Route is null || r.Name == request.Route) is not { } route)
        {
            return new Error(ErrorKind.Invalid, "unknown-route", request.Route is null ? "No telephone route is set up; an admin adds one to the configuration." : $"There is no route “{request.Route}”.", "route");
        }

        if (await flows.NewestAsync(tenant, request.Flow, ct) is not { } flow)
        {
            return new Error(ErrorKind.NotFound, "unknown-flow", $"There is no dialogue “{request.Flow}”.", "flow");
        }

        // Nobody is called by a program that has just started and does not understand yet: the provider waits fifteen seconds for an answer, no more.
        await flows.WarmAsync(ct);

        // The turn at the provider first, one bucket per account and caller id over all nodes: from the gate's yes to the post nothing waits. A campaign took its turns before.
        if (request.Campaign is null)
        {
            var (granted, wait) = await pace.TakeAsync(PaceOf(route), route.CallsPerSecond, 1, Patience, ct);
            if (granted == 0)
            {
                return new Error(ErrorKind.Conflict, "route-busy", $"The route “{route.Name}” is busy; the call was not placed. Try again in a moment.");
            }

            await Task.Delay(wait, ct);
        }

        var decided = Stopwatch.GetTimestamp();
        var added = await AddAsync(tenant, actor, request, route, flow, ct);
        if (!added.IsOk)
        {
            return added.Error;
        }

        await PostAsync(added.Value, route, request, decided, ct);
        if (request.Campaign is null)
        {
            await audit.AppendAsync(tenant, actor, "call.placed", new { added.Value.Id, added.Value.LeadId, route.Name }, ct);
        }

        return added.Value.Id;
    }

    /// <summary>The gate's yes and the attempt, in one transaction.</summary>
    private async Task<Result<Call>> AddAsync(TenantId tenant, Actor actor, CallRequest request, CallRoute route, DialogueFlow flow, CancellationToken ct)
    {
        // Before the transaction: who holds one connection and asks for another waits for ever once all of them do.
        var company = (await tenants.GetAsync(tenant, ct)).Name;
        if (request.Campaign is null && await store.OpenCountAsync(route.Name, ct) >= route.MaxConcurrent)
        {
            return new Error(ErrorKind.Conflict, "route-busy", $"All {route.MaxConcurrent} lines of the route “{route.Name}” are in use; try again in a moment.");
        }

        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.LeadAsync(work, request.LeadId, ct) is not { } lead)
        {
            return UnknownLead();
        }

        if (request.Campaign is { } asked && !await asked.Begin(work, ct))
        {
            return Rests();
        }

        if (lead.Number is null)
        {
            if (request.Campaign is { } none)
            {
                await none.Settle(work, new GateDecision(false, [new Denial("number", "The lead has no valid phone number.")], time.GetUtcNow(), RulePack.Shipped.Version, ""), ct);
                await work.CommitAsync(ct);
            }

            return new Error(ErrorKind.Invalid, "no-number", "The lead has no valid phone number.", "lead");
        }

        var id = Guid.CreateVersion7(time.GetUtcNow());
        var decision = await gate.AskAsync(work, IntentOf(tenant, lead, route, request), GateStage.Dial, id, request.Campaign?.Id, ct);
        if (request.Campaign is { } campaign)
        {
            await campaign.Settle(work, decision, ct);
        }

        if (!decision.Allowed)
        {
            // The refusal is on record too.
            await work.CommitAsync(ct);
            return new Error(ErrorKind.Forbidden, "gate-" + decision.Denials[0].Rule, string.Join(" ", decision.Denials.Select(d => d.Reason)));
        }

        var now = time.GetUtcNow();
        var call = new Call
        {
            TenantId = tenant,
            Id = id,
            LeadId = lead.Id,
            UserId = actor.Kind == "user" ? actor.Id : null,
            CampaignId = request.Campaign?.Id,
            Attempt = request.Campaign?.Number,
            Variant = request.Campaign?.Variant,
            ToNumber = lead.Number,
            FromNumber = route.CallerId,
            Route = route.Name,
            FlowKey = flow.Key,
            FlowVersion = flow.Version,
            Language = request.Language == "hi" ? "hi" : "en",
            Transport = request.Transport == CallTransport.Relay && route.Capability.Relay ? CallTransport.Relay : CallTransport.Gather,
            State = CallState.Posting,
            Gate = JsonSerializer.Serialize(decision, Json),
            Facts = JsonSerializer.Serialize(FactsOf(company, lead, request), Json),
            CreatedAt = now,
            SeenAt = now,
        };
        await store.AddAsync(work, call, ct);
        work.Raise(new CallChanged(tenant, call.Id, call.LeadId));
        if (request.Campaign is { } last && !await last.May(work, ct))
        {
            return Rests();
        }

        await work.CommitAsync(ct);
        return call;
    }

    private async Task PostAsync(Call call, CallRoute route, CallRequest request, long decided, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            // The gate's yes is good for two seconds.
            if (Stopwatch.GetElapsedTime(decided) > Fresh)
            {
                decided = Stopwatch.GetTimestamp();
                if (await DeniedNowAsync(call, route, request, ct) is { } denial)
                {
                    await EndAsync(call, new CallChange { State = CallState.Canceled, ErrorText = denial }, ct);
                    return;
                }
            }

            switch (await telephony.PlaceAsync(call, options.RingSeconds, options.MaxSeconds, ct))
            {
                case PlaceResult.Placed placed:
                    await PlacedAsync(call, placed.Sid, ct);
                    return;

                case PlaceResult.Refused { Retry: true } when attempt < Tries:
                    // Never looked at, by the provider's own word: the same call again after a moment, with full jitter.
                    await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(3_000, 200 << attempt) * Lot.Of(Guid.CreateVersion7())), ct);
                    break;

                case PlaceResult.Refused refused:
                    await RestAsync(call, route, refused.Error, ct);
                    await EndAsync(call, new CallChange { State = CallState.Failed, ErrorCode = refused.Error.Code, ErrorText = refused.Error.Message, Disposition = refused.Error.Fault == ProviderFault.InvalidNumber ? Disposition.InvalidNumber : Disposition.Failed }, ct);
                    return;

                case PlaceResult.Unknown unknown:
                    await RestAsync(call, route, null, ct);
                    await UncertainAsync(call, unknown.Why, ct);
                    return;
            }
        }
    }

    /// <summary>A route that its breaker has stopped rests on every node and for every tenant: its turns are put off. Settings that the provider refuses are an admin's business.</summary>
    private async Task RestAsync(Call call, CallRoute route, ProviderError? error, CancellationToken ct)
    {
        if (telephony.RestsFor(route.Name) is { } rest)
        {
            await pace.BlockAsync(PaceOf(route), rest, ct);
        }

        if (error is { Fault: ProviderFault.Configuration })
        {
            await alarm.RaiseAsync(call.TenantId, route.Name, error, ct);
        }
    }

    /// <summary>Ends a call that waits at the provider when the gate would say no by now.</summary>
    /// <returns>Whether it was ended.</returns>
    public async Task<bool> RecallAsync(TenantId tenant, Guid id, Func<Call, ContactIntent> intent, CancellationToken ct)
    {
        if (await store.FindAsync(tenant, id, ct) is not { State: CallState.Queued, ProviderSid: { } sid } call)
        {
            return false;
        }

        await using var work = await works.BeginAsync(tenant, ct);
        var decision = await gate.AskAsync(work, intent(call), GateStage.Again, call.Id, call.CampaignId, ct);
        if (decision.Allowed)
        {
            return false;
        }

        await work.CommitAsync(ct);
        await telephony.HangUpAsync(call.Route, sid, CallState.Queued, ct);
        return true;
    }

    private async Task<string?> DeniedNowAsync(Call call, CallRoute route, CallRequest request, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(call.TenantId, ct);
        var decision = await gate.AskAsync(work, IntentOf(call.TenantId, new CallableLead(call.LeadId, null, null, null, call.ToNumber, ""), route, request), GateStage.Again, call.Id, call.CampaignId, ct);
        await work.CommitAsync(ct);
        return decision.Allowed ? null : "The moment passed before the provider took the call: " + string.Join(" ", decision.Denials.Select(d => d.Reason));
    }

    private async Task PlacedAsync(Call call, string sid, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(call.TenantId, ct);
        if (await store.TakeSidAsync(work, call.Id, sid, time.GetUtcNow(), ct))
        {
            work.Raise(new CallChanged(call.TenantId, call.Id, call.LeadId));
            await work.CommitAsync(ct);
            return;
        }

        if (await store.LockAsync(work, call.Id, ct) is not { } now || now.ProviderSid == sid)
        {
            return;
        }

        if (now.ProviderSid is not null)
        {
            // A callback bound another call to this attempt: there is one call too many.
            await telephony.HangUpAsync(call.Route, sid, CallState.Queued, ct);
            return;
        }

        if (await store.IsTakenAsync(work, sid, call.Id, ct))
        {
            // Another attempt has this very call: the answer cannot be right, and the sweep looks for the true one.
            await store.ChangeAsync(work, call.Id, new CallChange { State = CallState.Uncertain, ErrorText = "The provider named a call that belongs to another attempt." }, time.GetUtcNow(), ct);
            await work.CommitAsync(ct);
            return;
        }
    }

    private async Task UncertainAsync(Call call, string why, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(call.TenantId, ct);
        if (await store.LockAsync(work, call.Id, ct) is { State: CallState.Posting })
        {
            await store.ChangeAsync(work, call.Id, new CallChange { State = CallState.Uncertain, ErrorText = why }, time.GetUtcNow(), ct);
            work.Raise(new CallChanged(call.TenantId, call.Id, call.LeadId));
        }

        await work.CommitAsync(ct);
    }

    private async Task EndAsync(Call call, CallChange change, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(call.TenantId, ct);
        if (await store.LockAsync(work, call.Id, ct) is { } now && CallStates.MayMove(now.State, change.State!.Value))
        {
            await store.ChangeAsync(work, call.Id, change, time.GetUtcNow(), ct);
            work.Raise(new CallChanged(call.TenantId, call.Id, call.LeadId));
        }

        await work.CommitAsync(ct);
    }

    private Dictionary<string, string> FactsOf(string company, CallableLead lead, CallRequest request) => new()
    {
        ["agent"] = options.AssistantName,
        ["company"] = company,
        ["purpose"] = request.Purpose ?? (request.Language == "hi" ? "आपकी पूछताछ" : "your enquiry"),
        [VoicemailFact] = request.Campaign is { VoicemailDrop: true } ? "yes" : "",
        ["hello"] = lead.Name is { Length: > 0 } name ? " " + name.Split(' ')[0] : "",
        ["name"] = lead.Name ?? "",
        ["leadCompany"] = lead.Company ?? "",
        ["city"] = lead.City ?? "",
        ["source"] = lead.Source switch { "Form" => request.Language == "hi" ? "आपके भरे फॉर्म" : "a form that you filled in", _ => request.Language == "hi" ? "हमारे रिकॉर्ड" : "our records of your enquiry" },
    };

    private ContactIntent IntentOf(TenantId tenant, CallableLead lead, CallRoute route, CallRequest request) => new(
        lead.Id, lead.Number ?? "", route.CallerId, Enum.TryParse<CallerIdKind>(route.Capability.CallerIdKind, out var kind) ? kind : null, route.Owners.Count == 0 || route.Owners.Contains(tenant.ToString()), options.RingSeconds, request.Class, request.Category, ContactChannel.Voice, request.Campaign?.Hours);

    /// <summary>The bucket that a route's calls are taken from.</summary>
    public static string PaceOf(CallRoute route) => $"call:{route.Name}:{route.CallerId}";

    private static Error Rests() => new(ErrorKind.Conflict, "campaign-rests", "The campaign does not dial now.");

    private static Error UnknownLead() => new(ErrorKind.NotFound, "unknown-lead", "There is no such lead; it may have been deleted or merged.");
}
