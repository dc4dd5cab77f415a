using AIX.Core.Pipeline;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Tests.Support;
using Shouldly;
using Xunit;

namespace AIX.Tests.Pipeline;

public class QueueTests : DatabaseTest
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private IPipelineQueue Queue => Get<IPipelineQueue>();

    [Fact]
    public async Task Claim_TwoWorkers_NeverShareARun()
    {
        await EnqueueAsync(Acme, 1000);

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var ids = new List<long>();
            while (await Queue.ClaimAsync(37, Lease, CancellationToken.None) is { } batch)
            {
                ids.AddRange(batch.Runs.Select(r => r.Id));
            }

            return ids;
        })));

        claims.SelectMany(c => c).Count().ShouldBe(1000);
        claims.SelectMany(c => c).Distinct().Count().ShouldBe(1000);
    }

    /// <summary>Prevents: a tenant with a large import keeps all others waiting.</summary>
    [Fact]
    public async Task Claim_IsFairBetweenTenants()
    {
        await EnqueueAsync(Acme, 1000);
        await EnqueueAsync(Globex, 10);

        var first = (await Queue.ClaimAsync(10, Lease, CancellationToken.None))!.TenantId;
        var second = (await Queue.ClaimAsync(10, Lease, CancellationToken.None))!.TenantId;

        new[] { first, second }.ShouldBe([Acme, Globex], ignoreOrder: true);
    }

    [Fact]
    public async Task Claim_AfterTheLease_IsTakenAgain_AndTheFirstHolderMayNotCommit()
    {
        await EnqueueAsync(Acme, 5);
        var lost = (await Queue.ClaimAsync(10, Lease, CancellationToken.None))!;
        (await Queue.ClaimAsync(10, Lease, CancellationToken.None)).ShouldBeNull();

        Time.Advance(Lease + TimeSpan.FromSeconds(1));
        var again = (await Queue.ClaimAsync(10, Lease, CancellationToken.None))!;

        again.Runs.Count.ShouldBe(5);
        await using var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None);
        await Should.ThrowAsync<LeaseLostException>(() => Queue.AdvanceAsync(work, lost, Stage.Enrich, Time.GetUtcNow() + Lease, CancellationToken.None));
    }

    [Fact]
    public async Task Fail_BacksOffThenEndsInDeadLetters_AndComesBackOnRetry()
    {
        PipelineOptions.MaxAttempts = 3;
        await EnqueueAsync(Acme, 1);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var batch = (await Queue.ClaimAsync(10, Lease, CancellationToken.None)).ShouldNotBeNull($"attempt {attempt}");
            await Queue.FailAsync(batch, "boom", Time.GetUtcNow(), CancellationToken.None);
            (await Queue.ClaimAsync(10, Lease, CancellationToken.None)).ShouldBeNull();
            Time.Advance(TimeSpan.FromSeconds(PipelineOptions.BackoffSeconds * Math.Pow(2, attempt)));
        }

        (await ScalarAsync<string>("SELECT error FROM aix.dead_letters")).ShouldBe("boom");
        (await ScalarAsync<long>("SELECT count(*) FROM aix.pipeline_runs")).ShouldBe(0);

        (await Queue.RetryAsync(Globex, null, CancellationToken.None)).ShouldBe(0);
        (await Queue.RetryAsync(Acme, null, CancellationToken.None)).ShouldBe(1);
        (await Queue.ClaimAsync(10, Lease, CancellationToken.None)).ShouldNotBeNull();
    }

    private Task EnqueueAsync(TenantId tenant, int count) =>
        ExecuteAsync("INSERT INTO aix.pipeline_runs (tenant_id, lead_id) SELECT $1, gen_random_uuid() FROM generate_series(1, $2)", tenant.Value, count);
}
