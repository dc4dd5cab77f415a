using AIX.Core.Auditing;
using AIX.Core.Calls;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

/// <summary>Limits of the installation on campaigns.</summary>
public sealed class CampaignOptions
{
    public const string Section = "Campaigns";

    /// <summary>Leads above which a second admin has to approve, 0 to 1,000,000.</summary>
    [System.ComponentModel.DataAnnotations.Range(0, 1_000_000)]
    public int ApprovalAbove { get; init; } = 5_000;

    /// <summary>Milliseconds between two looks of a node at its campaigns, 20 to 5,000.</summary>
    [System.ComponentModel.DataAnnotations.Range(20, 5_000)]
    public int BeatMilliseconds { get; init; } = 300;

    /// <summary>Whether this node runs campaigns.</summary>
    public bool Runs { get; init; } = true;
}

/// <summary>What admins do with campaigns until they are launched. Every act is in the audit log.</summary>
public sealed class ManageCampaigns(
    ICampaignStore store, MoveCampaign move, ITelephony telephony, IFlowBook flows, ICallGate gate, CampaignOptions options, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    public const int MaxName = 120;

    public async Task<Result<Guid>> CreateAsync(TenantId tenant, Actor actor, string name, CampaignPlan plan, CancellationToken ct, Guid? parent = null)
    {
        if (CheckName(name) is { } wrong)
        {
            return wrong;
        }

        var now = time.GetUtcNow();
        var campaign = new Campaign { TenantId = tenant, Id = Guid.CreateVersion7(now), Name = FreeText.Clean(name)!, State = CampaignState.Draft, Plan = plan.Write(), Version = 1, ParentId = parent, CreatedBy = Person(actor), CreatedAt = now, UpdatedAt = now };
        await using var work = await works.BeginAsync(tenant, ct);
        await store.AddAsync(work, campaign, ct);
        work.Raise(new CampaignChanged(tenant, campaign.Id));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "campaign.created", new { campaign.Id, parent }, ct);
        return campaign.Id;
    }

    /// <param name="version">The version that was edited; a newer one is not overwritten.</param>
    /// <returns>The new version.</returns>
    public async Task<Result<int>> SaveAsync(TenantId tenant, Actor actor, Guid id, int version, string name, CampaignPlan plan, CancellationToken ct)
    {
        if (CheckName(name) is { } wrong)
        {
            return wrong;
        }

        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.LockAsync(work, id, ct) is not { } campaign)
        {
            return Unknown();
        }

        if (campaign.State is not (CampaignState.Draft or CampaignState.Approval))
        {
            return new Error(ErrorKind.Conflict, "not-a-draft", "The campaign was launched; its plan can no longer be changed. Make a new one from it.");
        }

        if (campaign.Version != version)
        {
            return new Error(ErrorKind.Conflict, "edited-meanwhile", $"Somebody else has saved version {campaign.Version} of this draft; you edited version {version}. Nothing was overwritten: reload to see theirs.");
        }

        List<string> changed = [.. CampaignPlan.Read(campaign.Plan).Differences(plan), .. campaign.Name == FreeText.Clean(name) ? Array.Empty<string>() : ["name"]];
        if (changed.Count == 0)
        {
            // Nobody changed anything: no version, and what was asked to be approved is still the same.
            return version;
        }

        // What was approved was another plan.
        await store.ChangeAsync(work, id, new CampaignChange { Name = FreeText.Clean(name), Plan = plan.Write(), State = CampaignState.Draft }, time.GetUtcNow(), ct);
        work.Raise(new CampaignChanged(tenant, id));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "campaign.saved", new { id, version = version + 1, changed }, ct);
        return version + 1;
    }

    /// <summary>Launches a draft, or asks a second admin to when its audience is large.</summary>
    /// <returns>The state that it is in now.</returns>
    public async Task<Result<CampaignState>> LaunchAsync(TenantId tenant, Actor actor, Guid id, CancellationToken ct)
    {
        if (await store.FindAsync(tenant, id, ct) is not { } draft)
        {
            return Unknown();
        }

        if (draft.State is not (CampaignState.Draft or CampaignState.Approval))
        {
            return new Error(ErrorKind.Conflict, "not-a-draft", "The campaign was launched already.");
        }

        var plan = CampaignPlan.Read(draft.Plan);
        if (await CheckAsync(tenant, plan, ct) is { } wrong)
        {
            return wrong;
        }

        var count = await store.CountAsync(tenant, draft, plan, ct);
        if (count == 0)
        {
            return new Error(ErrorKind.Invalid, "empty-audience", "The audience is empty: no lead matches. Widen it before you launch.", "audience");
        }

        var needsSecond = count > options.ApprovalAbove;
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.LockAsync(work, id, ct) is not { State: CampaignState.Draft or CampaignState.Approval } locked || locked.Version != draft.Version)
        {
            return new Error(ErrorKind.Conflict, "edited-meanwhile", "The draft was changed while you launched it; look at it again.");
        }

        if (needsSecond && (locked.State == CampaignState.Draft || locked.LaunchedBy is null || locked.LaunchedBy == actor.Id || Person(actor) is null))
        {
            if (locked.State == CampaignState.Approval)
            {
                return new Error(ErrorKind.Forbidden, "needs-second-admin", $"The audience has {count:N0} leads; above {options.ApprovalAbove:N0} another admin than the one who asked has to approve, signed in as themselves: a key is nobody.");
            }

            await store.ChangeAsync(work, id, new CampaignChange { State = CampaignState.Approval, LaunchedBy = actor.Answers }, time.GetUtcNow(), ct);
            work.Raise(new CampaignChanged(tenant, id));
            await move.TellAsync(work, locked, "asked", ct, actor.Id);
            await work.CommitAsync(ct);
            await audit.AppendAsync(tenant, actor, "campaign.approval-asked", new { id, count }, ct);
            return CampaignState.Approval;
        }

        var now = time.GetUtcNow();
        var state = plan.StartsAt > now ? CampaignState.Scheduled : CampaignState.Running;
        await store.ChangeAsync(
            work, id,
            new CampaignChange { State = state, LaunchedBy = needsSecond ? locked.LaunchedBy : actor.Answers, ApprovedBy = needsSecond ? actor.Id : null, ApprovedLeads = count, StartsAt = plan.StartsAt ?? now, StartedAt = state == CampaignState.Running ? now : null, AudienceAfter = Guid.Empty },
            now, ct);
        work.Raise(new CampaignChanged(tenant, id));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, needsSecond ? "campaign.approved" : "campaign.launched", new { id, count, state = state.ToString() }, ct);
        return state;
    }

    /// <summary>A draft that calls again where the outcome was one of these: all of the campaign's leads with it, however they came into it.</summary>
    public async Task<Result<Guid>> RedialAsync(TenantId tenant, Actor actor, Guid id, IReadOnlyList<Disposition> outcomes, CancellationToken ct)
    {
        if (outcomes.Count == 0 || outcomes.Any(o => CampaignPlan.NeverAgain.Contains(o)))
        {
            return new Error(ErrorKind.Invalid, "invalid-outcomes", $"Choose outcomes to call again; {string.Join(", ", CampaignPlan.NeverAgain)} are never called again.", "outcomes");
        }

        return await store.FindAsync(tenant, id, ct) is { } parent
            ? await CreateAsync(tenant, actor, Shorten(parent.Name + " 2"), CampaignPlan.Read(parent.Plan) with { Audience = new LeadFilter(), OnlyPicked = false, RedialOf = outcomes, StartsAt = null }, ct, id)
            : Unknown();
    }

    /// <summary>What keeps the plan from being launched; null for nothing.</summary>
    public async Task<Error?> CheckAsync(TenantId tenant, CampaignPlan plan, CancellationToken ct)
    {
        RulePack pack;
        await using (var work = await works.BeginAsync(tenant, ct))
        {
            pack = await gate.PackAsync(work, ct);
        }

        if (plan.Check(pack.Countries[0]) is { } wrong)
        {
            return wrong;
        }

        if (telephony.Routes.All(r => plan.Route.Length > 0 && r.Name != plan.Route) || telephony.Routes.Count == 0)
        {
            return new Error(ErrorKind.Invalid, "unknown-route", plan.Route.Length == 0 ? "No telephone route is set up." : $"There is no route “{plan.Route}”.", "route");
        }

        if (CampaignClock.NextOpen(plan, pack.Countries[0], time.GetUtcNow(), 0) is null)
        {
            return new Error(ErrorKind.Invalid, "never-open", "With these closed days the campaign never calls.", "blackout");
        }

        foreach (var key in new[] { plan.Flow, plan.FlowB }.Where(k => k.Length > 0))
        {
            if (await flows.NewestAsync(tenant, key, ct) is not { } flow)
            {
                return new Error(ErrorKind.Invalid, "unknown-flow", $"There is no script “{key}”.", "flow");
            }

            var needed = plan.Language == "lead" ? ["en", "hi"] : new[] { plan.Language };
            if (needed.Where(l => !flow.Languages.Contains(l)).ToList() is [var missing, ..])
            {
                return new Error(ErrorKind.Invalid, "script-language", $"The script “{flow.Name}” has no {(missing == "hi" ? "Hindi" : "English")}, and leads of this campaign speak it.", "flow");
            }

            if (ScriptCheck.Check(flow, plan.Class, plan.Industry) is [var problem, ..])
            {
                return new Error(ErrorKind.Invalid, "script-" + problem.Code, problem.Message, "flow");
            }
        }

        return null;
    }

    internal static Guid? Person(Actor actor) => actor.Kind == "user" ? actor.Id : null;

    private static string Shorten(string name) => name.Length > MaxName ? name[..MaxName] : name;

    private static Error? CheckName(string name) => FreeText.Clean(name) is { Length: > 0 and <= MaxName } ? null : new Error(ErrorKind.Invalid, "invalid-name", $"The name has 1 to {MaxName} characters.", "name");

    internal static Error Unknown() => new(ErrorKind.NotFound, "unknown-campaign", "There is no such campaign.");
}
