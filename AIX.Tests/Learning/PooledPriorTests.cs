using AIX.Core.Auditing;
using AIX.Core.Learning;
using AIX.Core.Scoring;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Tenancy;
using AIX.Tests.Support;
using Shouldly;
using Xunit;

namespace AIX.Tests.Learning;

public class PooledPriorTests : LearningTest
{
    /// <summary>Equal precision: the mean; τ² by hand: Q = 2·(0.5² + 0 + 0.5²)/0.25 … = 2, df 2, so none between; then sd² = 0.25/3.</summary>
    [Fact]
    public void Pooled_ByHand()
    {
        var pooled = PooledPrior.Of("engagement", [new(1, 0.5), new(1.5, 0.5), new(2, 0.5)])!;

        pooled.Weight.ShouldBe(1.5, 1e-12);
        pooled.Sd.ShouldBe(Math.Sqrt(0.25 / 3), 1e-12);
        PooledPrior.Of("engagement", [new(1, 0.5), new(1.5, 0.5)]).ShouldBeNull();

        // Tenants that differ more than chance allows say less about the next one.
        PooledPrior.Of("engagement", [new(0, 0.1), new(1.5, 0.1), new(3, 0.1)])!.Sd.ShouldBeGreaterThan(1.4);
        PooledPrior.Combine(new CoefficientPrior(0, 1), new PooledWeight("engagement", 2, 1, 3)).ShouldBe(new CoefficientPrior(1, 1 / Math.Sqrt(2)));
    }

    /// <summary>Prevents: a tenant that did not opt in gives, or gets.</summary>
    [Fact]
    public async Task Pool_TakesOnlyThoseWhoOptedIn_AndOnlyFromThreeOn()
    {
        var tenants = new List<TenantId> { Acme, Globex };
        for (var k = 0; k < 2; k++)
        {
            tenants.Add(await Get<TenantProvisioner>().CreateAsync($"Umbra {k}", $"umbra{k}", null, CancellationToken.None));
        }

        foreach (var tenant in tenants)
        {
            await HistoryAsync(tenant, 60);
            (await Get<PromoteModel>().ExecuteAsync(tenant, Actor.System, await TrainAsync(tenant), CancellationToken.None)).IsOk.ShouldBeTrue();
        }

        foreach (var tenant in tenants.Take(2))
        {
            await ShareAsync(tenant);
        }

        (await Get<IPooledPriors>().RefreshAsync(CancellationToken.None)).ShouldBe(0);
        await ShareAsync(tenants[2]);
        (await Get<IPooledPriors>().RefreshAsync(CancellationToken.None)).ShouldBeGreaterThan(0);
        (await Get<IPooledPriors>().LoadAsync(CancellationToken.None)).ShouldAllBe(p => p.Tenants == 3);

        await ExecuteAsync("UPDATE aix.pooled_priors SET weight = 5, sd = 0.01 WHERE feature = 'engagement'");
        (await WeightAsync(tenants[2])).ShouldBe(5, 0.5);
        (await WeightAsync(tenants[3])).ShouldBeLessThan(3);
    }

    private async Task<double> WeightAsync(TenantId tenant)
    {
        await TrainAsync(tenant);
        return (await Get<IModelRegistry>().ListAsync(tenant, CancellationToken.None))[0].Report.SubScoreWeights!["engagement"].Weight;
    }

    private async Task ShareAsync(TenantId tenant)
    {
        await Get<ITenantStore>().SaveSettingsAsync(tenant, new TenantSettings { SharesPrior = true }, CancellationToken.None);
        Time.Advance(TimeSpan.FromSeconds(6));
    }
}
