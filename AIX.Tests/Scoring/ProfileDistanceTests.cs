using AIX.Core.Scoring;
using Shouldly;
using Xunit;

namespace AIX.Tests.Scoring;

public class ProfileDistanceTests
{
    /// <summary>(71): two sub-scores one spread (0.35) below the mean lie at D = 1, (72) makes it 1/2.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(0.65, 0.65, 0.5)]
    [InlineData(0.3, 1, 0.41421356)]
    public void Mahalanobis_IsOneOverOnePlusTheDistance(double a, double b, double similarity) => ProfileDistance.Mahalanobis([a, b]).ShouldBe(similarity, 1e-7);

    /// <summary>(44) by hand: ½·ln(0.5/0.9) + ½·ln(0.5/0.1) = 0.5108 nats.</summary>
    [Theory]
    [InlineData(0.9, 0)]
    [InlineData(0.5, 0.5108256)]
    [InlineData(0, 2.2924806)]
    public void Divergence_IsTheSumOverBothOutcomes(double value, double nats) => ProfileDistance.KullbackLeibler([value, value]).ShouldBe(nats, 1e-4);

    [Fact]
    public void Features_CiteEveryFactBehindThem_AndNeedTwoSubScores()
    {
        var (one, two) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Feature[] known = [new("companySize", 0.8, "412", [one]), new("industry", 0.4, "Retail", [two]), new("technologies", null, null, [])];

        var features = ProfileDistance.Of(known).ToList();

        features.Select(f => f.Name).ShouldBe([ProfileDistance.Distance, ProfileDistance.Divergence]);
        features.ShouldAllBe(f => f.FactIds.SequenceEqual(new[] { one, two }));
        ProfileDistance.Of(known[1..]).ShouldBeEmpty();
    }
}
