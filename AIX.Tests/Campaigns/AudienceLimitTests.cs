using System.Text;
using AIX.Core.Auditing;
using AIX.Core.Calls;
using AIX.Core.Campaigns;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Users;
using AIX.Infrastructure.Calls;
using AIX.Infrastructure.Calls.Twilio;
using AIX.Infrastructure.Campaigns;
using AIX.Infrastructure.Tenancy;
using AIX.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Campaigns;

/// <summary>Ten leads may be called without a second admin, in whatever way more than ten come together.</summary>
public class AudienceLimitTests : DatabaseTest
{
    private const int Most = 10;

    private Actor _first = Actor.System;
    private Actor _second = Actor.System;

    internal override void AddServices(IServiceCollection services)
    {
        services.AddSingleton(new CallOptions { Simulator = true }).AddSingleton(new CallRouteList()).AddSingleton(new RecordingOptions()).AddSingleton<IPublicAddress>(new Address());
        services.AddSingleton(new CampaignOptions { ApprovalAbove = Most });
        services.AddCalls(Path.GetTempPath()).AddCampaigns(worker: false);
    }

    /// <summary>Prevents: a campaign of ten is launched, and a file of a hundred thousand follows that nobody approved.</summary>
    [Fact]
    public async Task LeadsAddedAfterTheLaunch_NeedAnotherAdmin_WhoIsNotTheOneThatAddedThem()
    {
        await AdminsAsync();
        var leads = await LeadsAsync("added", 30);
        var id = await CreateAsync(new CampaignPlan { OnlyPicked = true });
        (await AddAsync(_first, id, leads[..8])).Value.ShouldBe(8);
        (await LaunchAsync(_first, id)).Value.ShouldBe(CampaignState.Running);
        await AdmitAsync(id);

        (await AddAsync(_first, id, leads[8..10])).Value.ShouldBe(2);
        (await AddAsync(_first, id, leads[10..11])).Error!.Code.ShouldBe("needs-second-admin");
        var file = Encoding.UTF8.GetBytes("lead_id\n" + string.Join('\n', leads[10..]));
        (await Get<TakeAudience>().ExecuteAsync(Acme, _second, id, file, CancellationToken.None)).Error!.Code.ShouldBe("needs-second-admin");
        (await MembersAsync(id)).ShouldBe(10);

        // Nothing rings while it is paused: the file comes in, and who resumes approves it.
        (await Steer.PauseAsync(Acme, _second, id, CancellationToken.None)).IsOk.ShouldBeTrue();
        (await Get<TakeAudience>().ExecuteAsync(Acme, _second, id, file, CancellationToken.None)).Value!.Added.ShouldBe(20);
        (await ResumeAsync(_second, id)).Error!.Code.ShouldBe("needs-second-admin");
        (await ResumeAsync(Actor.ApiKey(Guid.CreateVersion7()), id)).Error!.Code.ShouldBe("needs-second-admin");
        (await ResumeAsync(_first, id)).Value.ShouldBe(CampaignState.Running);
        var approved = await FindAsync(id);
        (approved.ApprovedBy, approved.ApprovedLeads).ShouldBe((_first.Id, 30));

        // Approved is what was there, not whatever comes. Nobody hides behind another's lead: who adds after somebody else waits until that is approved.
        var more = await LeadsAsync("more", 1);
        (await AddAsync(_first, id, more)).Error!.Code.ShouldBe("needs-second-admin");
        (await Steer.PauseAsync(Acme, _first, id, CancellationToken.None)).IsOk.ShouldBeTrue();
        (await AddAsync(_first, id, more)).Value.ShouldBe(1);
        (await AddAsync(_second, id, await LeadsAsync("hidden", 1))).Error!.Code.ShouldBe("growth-waits");
        (await ResumeAsync(_first, id)).Error!.Code.ShouldBe("needs-second-admin");
        (await ResumeAsync(_second, id)).Value.ShouldBe(CampaignState.Running);
        (await FindAsync(id)).ApprovedLeads.ShouldBe(31);
    }

    /// <summary>Prevents: leads chosen in the table go into a campaign that runs, as many as match, past the second admin.</summary>
    [Fact]
    public async Task LeadsChosenInTheTable_AreHeldToTheSame_AndTheWorkSaysWhy()
    {
        await AdminsAsync();
        await LeadsAsync("launched", 8);
        await LeadsAsync("chosen", 5);
        var id = await CreateAsync(new CampaignPlan { Audience = Group("launched") });
        (await LaunchAsync(_first, id)).Value.ShouldBe(CampaignState.Running);
        await AdmitAsync(id);

        var refused = await BulkAsync(_second, id);
        (refused.State, refused.Changed).ShouldBe((BulkState.Failed, 0));
        refused.Failure!.ShouldContain("13 leads");
        (await MembersAsync(id)).ShouldBe(8);

        (await Steer.PauseAsync(Acme, _second, id, CancellationToken.None)).IsOk.ShouldBeTrue();
        (await BulkAsync(_second, id)).State.ShouldBe(BulkState.Done);
        (await ResumeAsync(_second, id)).Error!.Code.ShouldBe("needs-second-admin");
        (await ResumeAsync(_first, id)).Value.ShouldBe(CampaignState.Running);
        (await MembersAsync(id)).ShouldBe(13);
    }

    /// <summary>Prevents: who once asked for the approval of a draft counts as its launcher, and the one who launched it approves its growth alone.</summary>
    [Fact]
    public async Task Launcher_IsWhoLaunched_NotWhoAskedBefore()
    {
        await AdminsAsync();
        await LeadsAsync("asked", 12);
        await LeadsAsync("few", 3);
        var id = await CreateAsync(new CampaignPlan { Audience = Group("asked") });
        (await LaunchAsync(_first, id)).Value.ShouldBe(CampaignState.Approval);
        var draft = await FindAsync(id);
        (await Get<ManageCampaigns>().SaveAsync(Acme, _second, id, draft.Version, draft.Name, CampaignPlan.Read(draft.Plan) with { Audience = Group("few") }, CancellationToken.None)).IsOk.ShouldBeTrue();

        (await LaunchAsync(_second, id)).Value.ShouldBe(CampaignState.Running);

        (await FindAsync(id)).LaunchedBy.ShouldBe(_second.Id);
    }

    /// <summary>Prevents: an admin asks by a key of their own making, and approves by hand.</summary>
    [Fact]
    public async Task Key_AnswersForWhoIssuedIt()
    {
        await AdminsAsync();
        await LeadsAsync("byKey", 12);
        var secret = (await Get<ManageApiKeys>().IssueAsync(Acme, _first, "Integration", [.. Permission.All], null, CancellationToken.None)).Value!.Secret;
        var known = (await Get<IApiKeyStore>().AuthenticateAsync(secret, CancellationToken.None)).ShouldNotBeNull();
        var key = Actor.ApiKey(known.KeyId, known.IssuedBy);
        var id = await CreateAsync(new CampaignPlan { Audience = Group("byKey") });

        (await LaunchAsync(key, id)).Value.ShouldBe(CampaignState.Approval);

        (await LaunchAsync(_first, id)).Error!.Code.ShouldBe("needs-second-admin");
        (await LaunchAsync(_second, id)).Value.ShouldBe(CampaignState.Running);
    }

    /// <summary>Prevents: few match the filter on the day of the launch, and thousands on the day when it begins.</summary>
    [Fact]
    public async Task Filter_ThatFindsMoreThanWereApproved_PausesBeforeAnybodyIsCalled_AndTellsTheAdmins()
    {
        await AdminsAsync();
        await LeadsAsync("grown", 5);
        var id = await CreateAsync(new CampaignPlan { Audience = Group("grown"), StartsAt = Time.GetUtcNow().AddHours(1) });
        (await LaunchAsync(_first, id)).Value.ShouldBe(CampaignState.Scheduled);
        await LeadsAsync("grown", 15, 5);
        Time.Advance(TimeSpan.FromHours(2));

        await AdmitAsync(id);

        var campaign = await FindAsync(id);
        (campaign.State, campaign.Reason, campaign.AudienceAfter).ShouldBe((CampaignState.Paused, "grew", null));
        (await MembersAsync(id)).ShouldBe(20);
        (await NoticesAsync("campaign.grew")).ShouldBe(2);
        (await ResumeAsync(_first, id)).Error!.Message.ShouldContain("20 leads");
        (await ResumeAsync(_second, id)).Value.ShouldBe(CampaignState.Running);
        (await FindAsync(id)).ApprovedLeads.ShouldBe(20);
    }

    [Fact]
    public async Task Added_WhileItWaitsForApproval_ItIsADraftAgain_AndTheOtherAdminsHearOfEachRequest()
    {
        await AdminsAsync();
        var leads = await LeadsAsync("waiting", 12);
        var id = await CreateAsync(new CampaignPlan { OnlyPicked = true });
        (await AddAsync(_first, id, leads[..11])).IsOk.ShouldBeTrue();
        (await LaunchAsync(_first, id)).Value.ShouldBe(CampaignState.Approval);
        (await NoticesAsync("campaign.asked")).ShouldBe(1);

        (await AddAsync(_first, id, leads[11..])).Value.ShouldBe(1);

        (await FindAsync(id)).State.ShouldBe(CampaignState.Draft);
        (await LaunchAsync(_first, id)).Value.ShouldBe(CampaignState.Approval);
        (await LaunchAsync(_second, id)).Value.ShouldBe(CampaignState.Running);
        (await FindAsync(id)).ApprovedLeads.ShouldBe(12);
    }

    /// <summary>Prevents: a campaign that called nobody looks like one that did its work.</summary>
    [Fact]
    public async Task Campaign_OfWhichNobodyMayBeCalled_HasFailed_AndSaysSo()
    {
        await AdminsAsync();
        await LeadsAsync("barred", 3);
        var id = await CreateAsync(new CampaignPlan { Audience = Group("barred"), Class = AIX.Core.Compliance.MessageClass.Promotional });
        (await LaunchAsync(_first, id)).Value.ShouldBe(CampaignState.Running);
        await AdmitAsync(id);

        await Get<MoveCampaign>().FinishAsync(Acme, id, CancellationToken.None);

        var campaign = await FindAsync(id);
        (campaign.State, campaign.Reason).ShouldBe((CampaignState.Failed, "nobody"));
        (await NoticesAsync("campaign.nobody")).ShouldBe(2);
        (await AddAsync(_first, id, [Guid.CreateVersion7()])).Error!.Code.ShouldBe("campaign-over");
    }

    /// <summary>Prevents: a pause and a resume begin a campaign before its time.</summary>
    [Fact]
    public async Task Resumed_BeforeItsTime_ItIsScheduledAgain()
    {
        await AdminsAsync();
        await LeadsAsync("early", 2);
        var id = await CreateAsync(new CampaignPlan { Audience = Group("early"), StartsAt = Time.GetUtcNow().AddHours(1) });
        (await LaunchAsync(_first, id)).Value.ShouldBe(CampaignState.Scheduled);
        (await Steer.PauseAsync(Acme, _first, id, CancellationToken.None)).Value.ShouldBe(CampaignState.Paused);

        (await ResumeAsync(_first, id)).Value.ShouldBe(CampaignState.Scheduled);
        (await FindAsync(id)).StartedAt.ShouldBeNull();
    }

    private SteerCampaign Steer => Get<SteerCampaign>();

    private static LeadFilter Group(string name) => new() { Facts = [new FactCondition("group", FactOperator.Is, name)] };

    private async Task AdminsAsync()
    {
        foreach (var name in new[] { "first", "second" })
        {
            await Get<TenantProvisioner>().AddUserAsync(Acme, name + "@firm.test", name, Role.Admin, "Not-a-secret-1", CancellationToken.None);
        }

        (_first, _second) = (await ActorAsync("first"), await ActorAsync("second"));
    }

    private async Task<Actor> ActorAsync(string name) => Actor.User(await ScalarAsync<Guid>("SELECT id FROM aix.users WHERE display_name = $1", name));

    private async Task<Guid[]> LeadsAsync(string group, int count, int from = 0)
    {
        var leads = await SubmitAsync(Acme, [.. Enumerable.Range(from, count).Select(i => (object)new { name = "Lead", email = $"{group}{i}@limit.test", attributes = new Dictionary<string, string> { ["group"] = group } })]);
        await DrainAsync();
        return [.. leads.Select(l => l.LeadId!.Value)];
    }

    private async Task<Guid> CreateAsync(CampaignPlan plan) =>
        (await Get<ManageCampaigns>().CreateAsync(Acme, _first, "Ten", plan with { Purpose = "your enquiry", PurposeHindi = "आपकी पूछताछ", Route = "simulated" }, CancellationToken.None)).Value;

    private Task<Result<CampaignState>> LaunchAsync(Actor actor, Guid id) => Get<ManageCampaigns>().LaunchAsync(Acme, actor, id, CancellationToken.None);

    private Task<Result<CampaignState>> ResumeAsync(Actor actor, Guid id) => Steer.ResumeAsync(Acme, actor, id, CancellationToken.None);

    private Task<Result<int>> AddAsync(Actor actor, Guid id, Guid[] leads) => Get<TakeAudience>().AddAsync(Acme, actor, id, leads, CancellationToken.None);

    private async Task<BulkRow> BulkAsync(Actor actor, Guid campaign)
    {
        var job = (await Get<BulkWork>().StartAsync(Acme, actor, BulkKind.Campaign, Group("chosen"), new BulkArguments(CampaignId: campaign), CancellationToken.None)).Value;
        var claim = (await Get<IBulkStore>().ClaimAsync(Time.GetUtcNow(), TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldNotBeNull();
        while (await Get<IBulkStore>().StepAsync(claim, TimeSpan.FromMinutes(1), CancellationToken.None))
        {
            // The next chunk.
        }

        return (await Get<IBulkStore>().GetAsync(Acme, job, CancellationToken.None))!;
    }

    private async Task AdmitAsync(Guid id)
    {
        for (var (step, more) = (0, true); step < 20 && more; step++)
        {
            var campaign = await FindAsync(id);
            more = await Get<AdmitAudience>().StepAsync(Acme, campaign, CampaignPlan.Read(campaign.Plan), CancellationToken.None);
        }
    }

    private async Task<Campaign> FindAsync(Guid id) => (await Get<ICampaignStore>().FindAsync(Acme, id, CancellationToken.None))!;

    private Task<long> MembersAsync(Guid id) => ScalarAsync<long>("SELECT count(*) FROM aix.campaign_members WHERE campaign_id = $1", id);

    private Task<long> NoticesAsync(string kind) => ScalarAsync<long>("SELECT count(*) FROM aix.notifications WHERE kind = $1", kind);

    private sealed class Address : IPublicAddress
    {
        public string Base => "http://localhost:1";
    }
}
