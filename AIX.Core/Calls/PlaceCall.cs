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
/// <param name="Settle">In the attempt's transaction, with what the gate said.</param>
/// <param name="May">Last before the commit of an attempt: whether the claim still holds and the campaign still runs. From here to the commit a pause waits.</param>
public sealed record CampaignAttempt(Guid Id, int Number, string Variant, CallingHours? Hours, bool VoicemailDrop, Action<IUnitOfWork, GateDecision> Settle, Func<IUnitOfWork, CancellationToken, Task<bool>> May);

/// <summary>What the gate says before anybody presses the button.</summary>
public sealed record PreCallCheck(string? Number, GateDecision Decision);

/// <summary>
/// Places a call: the gate decides and the attempt's row commits in one transaction, then the provider is asked, once. An answer that is lost leaves the attempt uncertain; nothing is ever posted twice.
/// </summary>
public sealed class PlaceCall(ICallStore store, ICallGate gate, ITelephony telephony, ISourcePace pace, PostCall post, IFlowBook flows, ITenantStore tenants, CallOptions options, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    /// <summary>Fact of a call that leaves a message on machines.</summary>
    public const string VoicemailFact = "_voicemail";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

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
            var (granted, wait) = await pace.TakeAsync(route.Bucket, route.CallsPerSecond, 1, Patience, ct);
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

        var (call, intent) = added.Value;
        await post.ExecuteAsync(call, route, intent, decided, ct);
        if (request.Campaign is null)
        {
            await audit.AppendAsync(tenant, actor, "call.placed", new { call.Id, call.LeadId, route.Name }, ct);
        }

        return call.Id;
    }

    /// <summary>The gate's yes and the attempt, in one transaction.</summary>
    private async Task<Result<(Call Call, ContactIntent Intent)>> AddAsync(TenantId tenant, Actor actor, CallRequest request, CallRoute route, DialogueFlow flow, CancellationToken ct)
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

        if (lead.Number is null)
        {
            if (request.Campaign is { } none)
            {
                none.Settle(work, new GateDecision(false, [new Denial("number", "The lead has no valid phone number.")], time.GetUtcNow(), RulePack.Shipped.Version, ""));
                await work.CommitAsync(ct);
            }

            return new Error(ErrorKind.Invalid, "no-number", "The lead has no valid phone number.", "lead");
        }

        var id = Guid.CreateVersion7(time.GetUtcNow());
        var intent = IntentOf(tenant, lead, route, request);
        var decision = await gate.AskAsync(work, intent, GateStage.Dial, id, request.Campaign?.Id, ct);
        if (request.Campaign is { } campaign)
        {
            campaign.Settle(work, decision);
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
            Band = lead.Band,
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
        store.Add(work, call);
        work.Raise(new CallChanged(tenant, call.Id, call.LeadId));
        if (request.Campaign is { } last && !await last.May(work, ct))
        {
            return Rests();
        }

        await work.CommitAsync(ct);
        return (call, intent);
    }

    /// <summary>Of calls that wait at the provider those that the gate would refuse by now; looked at all at once.</summary>
    public async Task<IReadOnlyList<Guid>> DeniedAsync(TenantId tenant, IReadOnlyList<Call> waiting, Func<Call, ContactIntent> intent, CancellationToken ct)
    {
        if (waiting.Count == 0)
        {
            return [];
        }

        await using var work = await works.BeginAsync(tenant, ct);
        return await gate.DeniedAsync(work, [.. waiting.Select(c => (c.Id, intent(c)))], ct);
    }

    /// <summary>Ends a call that waits at the provider when the gate would say no by now.</summary>
    /// <returns>Whether it was ended.</returns>
    public async Task<bool> RecallAsync(TenantId tenant, Guid id, Func<Call, ContactIntent> intent, CancellationToken ct)
    {
        if (await store.FindAsync(tenant, id, ct) is not { State: CallState.Queued, ProviderSid: { } sid } call)
        {
            return false;
        }

        await using (var work = await works.BeginAsync(tenant, ct))
        {
            var decision = await gate.AskAsync(work, intent(call), GateStage.Again, call.Id, call.CampaignId, ct);
            if (decision.Allowed)
            {
                return false;
            }

            await work.CommitAsync(ct);
        }

        await telephony.HangUpAsync(call.Route, sid, CallState.Queued, ct);
        return true;
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

    private static Error Rests() => new(ErrorKind.Conflict, "campaign-rests", "The campaign does not dial now.");

    private static Error UnknownLead() => new(ErrorKind.NotFound, "unknown-lead", "There is no such lead; it may have been deleted or merged.");
}
