using AIX.Core.Campaigns;
using AIX.Core.Shared;
using AIX.Infrastructure.Campaigns;
using AIX.Infrastructure.Database;
using AIX.Tests.Support;
using Shouldly;
using Xunit;

namespace AIX.Tests.Campaigns;

public class PauseTests : DatabaseTest
{
    /// <summary>Prevents: attempts that follow one another without a gap keep a pause waiting for ever; with share locks of the row it did.</summary>
    [Fact]
    public async Task Pause_IsNextInTurn_AfterTheAttemptsThatCommitNow()
    {
        var store = new CampaignStore(Get<DataSources>());
        var works = Get<IUnitOfWorkFactory>();
        var id = Acme.Value;
        await using (var work = await works.BeginAsync(Acme, CancellationToken.None))
        {
            await store.AddAsync(work, new Campaign { TenantId = Acme, Id = id, Name = "Busy", State = CampaignState.Running, Plan = new CampaignPlan().Write(), Version = 1, CreatedAt = Time.GetUtcNow(), UpdatedAt = Time.GetUtcNow() }, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var (lead, other) = (await MemberAsync(id), await MemberAsync(id));
        await using var first = await works.BeginAsync(Acme, CancellationToken.None);
        (await store.MayDialAsync(first, id, lead, lead, CancellationToken.None)).ShouldBeTrue();
        var pause = PauseAsync(store, id);
        await WaitersAsync(1);

        // Who comes now stands behind the pause, and sees it.
        await using var second = await works.BeginAsync(Acme, CancellationToken.None);
        var may = store.MayDialAsync(second, id, other, other, CancellationToken.None);
        await WaitersAsync(2);
        await first.CommitAsync(CancellationToken.None);
        await pause;
        (await may).ShouldBeFalse();
    }

    /// <summary>Prevents: a node whose lease ran out makes the attempt that another node makes.</summary>
    [Fact]
    public async Task Claim_ThatIsAnothersByNow_MayNotDial()
    {
        var store = new CampaignStore(Get<DataSources>());
        var works = Get<IUnitOfWorkFactory>();
        await using (var work = await works.BeginAsync(Acme, CancellationToken.None))
        {
            await store.AddAsync(work, new Campaign { TenantId = Acme, Id = Acme.Value, Name = "Busy", State = CampaignState.Running, Plan = new CampaignPlan().Write(), Version = 1, CreatedAt = Time.GetUtcNow(), UpdatedAt = Time.GetUtcNow() }, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var lead = await MemberAsync(Acme.Value);
        await using (var late = await works.BeginAsync(Acme, CancellationToken.None))
        {
            (await store.MayDialAsync(late, Acme.Value, lead, Globex.Value, CancellationToken.None)).ShouldBeFalse();
            store.Refused(late, Acme.Value, new Claimed(lead, "", "", "en", "A", 0, Globex.Value), "window", null);
            await late.CommitAsync(CancellationToken.None);
        }

        (await ScalarAsync<short>("SELECT state FROM aix.campaign_members")).ShouldBe((short)MemberState.Waiting);
    }

    /// <returns>A lead whose claim has its own id.</returns>
    private async Task<Guid> MemberAsync(Guid campaign)
    {
        var lead = (await SubmitAsync(Acme, new { name = "Member", phone = $"+9111111{++_members:00000}" }))[0].LeadId!.Value;
        await ExecuteAsync("INSERT INTO aix.campaign_members (tenant_id, campaign_id, lead_id, state, number, prefix, language, variant, priority, is_callback, attempts, lease_token) VALUES ($1, $2, $3, 1, '', '', '', '', 0, false, 0, $3)", Acme.Value, campaign, lead);
        return lead;
    }

    private int _members;

    private async Task PauseAsync(CampaignStore store, Guid id)
    {
        await using var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None);
        (await store.LockAsync(work, id, CancellationToken.None))!.State.ShouldBe(CampaignState.Running);
        await store.ChangeAsync(work, id, new CampaignChange { State = CampaignState.Paused }, Time.GetUtcNow(), CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private Task WaitersAsync(int count) => Wait.UntilAsync(async () => await ScalarAsync<long>("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted") == count, $"{count} that wait for the fence");
}
