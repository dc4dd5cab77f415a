using System.Globalization;
using AIX.Core.Calls;
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

    /// <summary>Prevents: of an audience that has just come in the planner knows nothing, and each claim reads all of it once for every lead that it takes: a campaign's first minutes were lost with that.</summary>
    [Fact]
    public async Task Claim_OfAFreshAudience_TakesTheBest_AndDoesNotReadAllForEach()
    {
        const int Audience = 400;
        const int Taken = 20;
        var leads = (await SubmitAsync(Acme, [.. Enumerable.Range(0, Audience).Select(i => (object)new { name = "Member", phone = $"+9111111{50_000 + i}" })])).Select(r => r.LeadId!.Value).ToArray();
        var store = new CampaignStore(Get<DataSources>());
        await using (var adding = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None))
        {
            await store.AddAsync(adding, new Campaign { TenantId = Acme, Id = Acme.Value, Name = "Fresh", State = CampaignState.Running, Plan = new CampaignPlan().Write(), Version = 1, CreatedAt = Time.GetUtcNow(), UpdatedAt = Time.GetUtcNow() }, CancellationToken.None);
            await adding.CommitAsync(CancellationToken.None);
        }

        await ExecuteAsync(
            "INSERT INTO aix.campaign_members (tenant_id, campaign_id, lead_id, state, number, prefix, language, variant, priority, is_callback, attempts, next_at) SELECT $1, $1, id, 1, n::text, '+91', '', '', n, false, 0, $3 FROM unnest($2::uuid[]) WITH ORDINALITY AS l(id, n)",
            Acme.Value, leads, Time.GetUtcNow());
        (await store.GlanceAsync(Acme, Acme.Value, ["+91"], Time.GetUtcNow(), CancellationToken.None)).IsDue.ShouldBeTrue();
        await using var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None);
        await using var other = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None);
        var claimed = await store.ClaimAsync(work, Acme.Value, ["+91"], Taken, Time.GetUtcNow(), TimeSpan.FromSeconds(30), CancellationToken.None);
        var next = await store.ClaimAsync(other, Acme.Value, ["+91"], Taken, Time.GetUtcNow(), TimeSpan.FromSeconds(30), CancellationToken.None);

        claimed.Select(c => int.Parse(c.Number, CultureInfo.InvariantCulture)).ShouldBe(Enumerable.Range(Audience - Taken + 1, Taken), ignoreOrder: true);
        next.Select(c => int.Parse(c.Number, CultureInfo.InvariantCulture)).ShouldBe(Enumerable.Range(Audience - (2 * Taken) + 1, Taken), ignoreOrder: true);
        await using var command = UnitOfWork.Of(work).Connection.Command("SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::bigint FROM pg_stat_xact_user_tables WHERE relname = 'campaign_members'");
        ((long)(await command.ExecuteScalarAsync())!).ShouldBeInRange(Taken, 3 * Audience);
    }

    /// <summary>Prevents: a call that was on its way to the provider when the campaign was stopped rings, and nobody ends it.</summary>
    [Fact]
    public async Task Stopped_NamesTheCampaignsWithCallsThatGoOn_AndNoOthers()
    {
        var store = new CampaignStore(Get<DataSources>());
        await using (var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None))
        {
            foreach (var (id, state) in new[] { (Acme.Value, CampaignState.Cancelled), (Globex.Value, CampaignState.Cancelled), (Guid.CreateVersion7(), CampaignState.Running) })
            {
                await store.AddAsync(work, new Campaign { TenantId = Acme, Id = id, Name = "Stopped", State = state, Plan = new CampaignPlan().Write(), Version = 1, CreatedAt = Time.GetUtcNow(), UpdatedAt = Time.GetUtcNow(), EndedAt = state == CampaignState.Cancelled ? Time.GetUtcNow() : null }, CancellationToken.None);
            }

            var lead = (await SubmitAsync(Acme, new { name = "Called", phone = "+911111150900" }))[0].LeadId!.Value;
            foreach (var (campaign, state) in new[] { (Acme.Value, CallState.Queued), (Globex.Value, CallState.Completed) })
            {
                UnitOfWork.Of(work).Db.Add(new Call
                {
                    TenantId = Acme,
                    Id = Guid.CreateVersion7(),
                    LeadId = lead,
                    CampaignId = campaign,
                    Attempt = 1,
                    ToNumber = "+911111150900",
                    FromNumber = "+14155550100",
                    Route = "simulated",
                    FlowKey = "qualification",
                    FlowVersion = 1,
                    Language = "en",
                    Transport = CallTransport.Gather,
                    State = state,
                    Gate = "{}",
                    Facts = "{}",
                    CreatedAt = Time.GetUtcNow(),
                    SeenAt = Time.GetUtcNow(),
                });
            }

            await UnitOfWork.Of(work).Db.SaveChangesAsync();
            await work.CommitAsync(CancellationToken.None);
        }

        (await store.StoppedAsync(Time.GetUtcNow().AddHours(-1), CancellationToken.None)).ShouldBe([(Acme, Acme.Value)]);
        (await store.StoppedAsync(Time.GetUtcNow().AddMinutes(1), CancellationToken.None)).ShouldBeEmpty();
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
