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

        await using var first = await works.BeginAsync(Acme, CancellationToken.None);
        (await store.IsRunningAsync(first, id, CancellationToken.None)).ShouldBeTrue();
        var pause = PauseAsync(store, id);
        await WaitersAsync(1);

        // Who comes now stands behind the pause, and sees it.
        await using var second = await works.BeginAsync(Acme, CancellationToken.None);
        var may = store.IsRunningAsync(second, id, CancellationToken.None);
        await WaitersAsync(2);
        await first.CommitAsync(CancellationToken.None);
        await pause;
        (await may).ShouldBeFalse();
    }

    private async Task PauseAsync(CampaignStore store, Guid id)
    {
        await using var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None);
        (await store.LockAsync(work, id, CancellationToken.None))!.State.ShouldBe(CampaignState.Running);
        await store.ChangeAsync(work, id, new CampaignChange { State = CampaignState.Paused }, Time.GetUtcNow(), CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private Task WaitersAsync(int count) => Wait.UntilAsync(async () => await ScalarAsync<long>("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted") == count, $"{count} that wait for the fence");
}
