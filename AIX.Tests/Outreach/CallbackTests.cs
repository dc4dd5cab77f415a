using AIX.Core.Auditing;
using AIX.Core.Calls;
using AIX.Core.Conversations;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Campaigns;
using AIX.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Outreach;

/// <summary>What was agreed with a person, and the campaign that would call them by itself.</summary>
public class CallbackTests : DatabaseTest
{
    private DateTimeOffset Due => Time.GetUtcNow().AddHours(2);

    internal override void AddServices(IServiceCollection services) => services.AddSingleton<ICallbackWatcher, CampaignCallbacks>();

    /// <summary>Prevents: AIX keeps its word, and the managers are told that the callback was missed; or a callback that was agreed on in the very call counts as made by it.</summary>
    [Fact]
    public async Task Call_AtTheAgreedTime_KeepsTheCallback_AndOnlyThatOne()
    {
        var lead = await LeadAsync(Acme, "kept");
        var (kept, later) = (await TaskAsync(Acme, lead, Due), await TaskAsync(Acme, lead, Due.AddDays(2)));
        Time.Advance(TimeSpan.FromHours(2));
        var call = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromMinutes(1));
        var inTheCall = await TaskAsync(Acme, lead, Time.GetUtcNow().AddMinutes(9));

        await using (var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None))
        {
            Get<ILeadWorkStore>().KeepCallbacks(work, lead, call, call.AddMinutes(15), Time.GetUtcNow());
            await work.CommitAsync(CancellationToken.None);
        }

        (await DoneAsync(kept), await DoneAsync(later), await DoneAsync(inTheCall)).ShouldBe((true, false, false));
        (await ScalarAsync<bool>("SELECT next_due_at = (SELECT due_at FROM aix.lead_tasks WHERE id = $1) FROM aix.lead_standings WHERE lead_id = $2", inTheCall, lead)).ShouldBeTrue();
    }

    /// <summary>Prevents: a person moves a callback, and the campaign calls at the old time; or calls somebody whom a person has called back already.</summary>
    [Fact]
    public async Task CampaignsCallback_GoesWhereItIsMoved_AndIsNotMadeWhenAPersonHasMadeIt()
    {
        var (lead, other) = (await LeadAsync(Acme, "moved"), await LeadAsync(Acme, "other"));
        var task = await TaskAsync(Acme, lead, Due);
        await MemberAsync(Acme, lead, isCallback: true);
        await MemberAsync(Acme, other, isCallback: false);
        var to = Due.AddHours(3);

        var moved = await Get<WorkLead>().MoveTaskAsync(Acme, Actor.System, task, to, CancellationToken.None);

        moved.Value.ShouldBe(Due);
        (await ScalarAsync<DateTime>("SELECT next_at FROM aix.campaign_members WHERE lead_id = $1", lead)).ShouldBe(to.UtcDateTime);
        (await ScalarAsync<DateTime>("SELECT next_at FROM aix.campaign_members WHERE lead_id = $1", other)).ShouldBe(Due.UtcDateTime);

        (await Get<WorkLead>().SetDoneAsync(Acme, Actor.System, task, true, CancellationToken.None)).IsOk.ShouldBeTrue();
        (await StateAsync(lead), await StateAsync(other)).ShouldBe(((short)3, (short)1));
        (await Get<WorkLead>().SetDoneAsync(Acme, Actor.System, task, false, CancellationToken.None)).IsOk.ShouldBeTrue();
        (await StateAsync(lead)).ShouldBe((short)1);
    }

    /// <summary>Prevents: a person has called back by hand, and the campaign calls once more at the agreed time; or a callback that was agreed on for another day is lost with it.</summary>
    [Theory]
    [InlineData(Disposition.Interested, 0, 3)]
    [InlineData(Disposition.NoAnswer, 0, 1)]
    [InlineData(Disposition.Interested, -24, 1)]
    public async Task CallByHand_SettlesTheCampaignsCallback_WhenSomebodyTalked(Disposition outcome, int hours, short state)
    {
        var lead = await LeadAsync(Acme, "byhand");
        await MemberAsync(Acme, lead, isCallback: true);
        var call = new Call
        {
            TenantId = Acme,
            Id = Guid.CreateVersion7(),
            LeadId = lead,
            ToNumber = "+911111150901",
            FromNumber = "+14155550100",
            Route = "simulated",
            FlowKey = "qualification",
            FlowVersion = 1,
            Language = "en",
            Transport = CallTransport.Gather,
            State = CallState.Completed,
            Gate = "{}",
            Facts = "{}",
            CreatedAt = Due.AddHours(hours),
            SeenAt = Due,
        };
        await using (var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None))
        {
            await new KeepCallbacks(Get<ILeadWorkStore>(), [new CampaignCallbacks()]).EndedAsync(work, call, outcome, Due, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        (await StateAsync(lead)).ShouldBe(state);
    }

    [Fact]
    public async Task Move_OfWhatIsDone_OfAnotherTenants_OrIntoThePast_IsRefused()
    {
        var task = await TaskAsync(Acme, await LeadAsync(Acme, "refused"), Due);

        (await MoveAsync(Globex, task, Due)).Error!.Code.ShouldBe("unknown-task");
        (await MoveAsync(Acme, Guid.CreateVersion7(), Due)).Error!.Code.ShouldBe("unknown-task");
        (await MoveAsync(Acme, task, Due.AddDays(-3))).Error!.Code.ShouldBe("invalid-due");
        (await Get<WorkLead>().SetDoneAsync(Acme, Actor.System, task, true, CancellationToken.None)).IsOk.ShouldBeTrue();
        (await MoveAsync(Acme, task, Due)).Error!.Code.ShouldBe("unknown-task");
    }

    private Task<Result<DateTimeOffset>> MoveAsync(TenantId tenant, Guid task, DateTimeOffset to) => Get<WorkLead>().MoveTaskAsync(tenant, Actor.System, task, to, CancellationToken.None);

    private async Task<Guid> LeadAsync(TenantId tenant, string name)
    {
        var lead = (await SubmitAsync(tenant, new { name, email = $"{name}@callback.test" }))[0].LeadId!.Value;
        await DrainAsync();
        return lead;
    }

    private async Task<Guid> TaskAsync(TenantId tenant, Guid lead, DateTimeOffset due) => (await Get<WorkLead>().AddTaskAsync(tenant, Actor.System, lead, TaskKind.Callback, "Call back", due, null, CancellationToken.None)).Value;

    private async Task MemberAsync(TenantId tenant, Guid lead, bool isCallback)
    {
        await ExecuteAsync("INSERT INTO aix.campaigns (tenant_id, id, name, state, plan, version, created_at, updated_at) VALUES ($1, $1, 'Calls back', 3, '{}', 1, $2, $2) ON CONFLICT DO NOTHING", tenant.Value, Time.GetUtcNow());
        await ExecuteAsync(
            "INSERT INTO aix.campaign_members (tenant_id, campaign_id, lead_id, state, number, prefix, language, variant, priority, is_callback, attempts, next_at) VALUES ($1, $1, $2, 1, '', '+91', 'en', 'A', 0, $3, 1, $4)", tenant.Value, lead, isCallback, Due);
    }

    private Task<bool> DoneAsync(Guid task) => ScalarAsync<bool>("SELECT done_at IS NOT NULL FROM aix.lead_tasks WHERE id = $1", task);

    private Task<short> StateAsync(Guid lead) => ScalarAsync<short>("SELECT state FROM aix.campaign_members WHERE lead_id = $1", lead);
}
