using AIX.Core.Enrichment;
using AIX.Core.Scoring.Numerics;
using Shouldly;
using Xunit;

namespace AIX.Tests.Enrichment;

public class FusionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    /// <summary>"LinkedIn says 50, registry says 75": the more reliable source stands, the other is the runner-up, and a person is told.</summary>
    [Fact]
    public void Sizes_ThatDiffer_GiveTheReliableOne_WithTheOtherAsRunnerUp()
    {
        var (network, registry) = (Claim("network", "50", 0.7), Claim("registry", "75", 0.9));

        var fused = Fusion.Of("employees", [network, registry], Now);

        (fused.Value, fused.RunnerUp!.Value, fused.RunnerUp.Source, fused.Conflict).ShouldBe(("75", "50", "network", true));
        fused.FactIds.ShouldBe([registry.FactId]);
        fused.Confidence.ShouldBeInRange(0.5, 0.9);
    }

    [Fact]
    public void Sizes_MedianIsWeighedOnALogarithmicScale_AndNearOnesAreOne()
    {
        var claims = new[] { Claim("a", "100", 0.8), Claim("b", "110", 0.8), Claim("c", "1,000", 0.8) };

        var fused = Fusion.Of("employees", claims, Now);

        fused.Value.ShouldBe("110");
        fused.FactIds.Count.ShouldBe(2);
        fused.RunnerUp!.Value.ShouldBe("1,000");
        Fusion.Of("employees", claims[..2], Now).Conflict.ShouldBeFalse();
    }

    [Fact]
    public void Categories_TwoThatAgree_BeatOneBetter_AndSpellingsAreOne()
    {
        var fused = Fusion.Of("industry", [Claim("a", "Manufacturing", 0.7), Claim("b", "manufacturing.", 0.7), Claim("c", "Retail", 0.8)], Now);

        fused.Value.ShouldBe("Manufacturing");
        fused.FactIds.Count.ShouldBe(2);
        fused.RunnerUp!.Value.ShouldBe("Retail");
    }

    /// <summary>By hand: n = 9 + … two values named, eight not: e^v / (e^v + e^w + 8) with v = ln(0.9·9/0.1), w = ln(0.6·9/0.4).</summary>
    [Fact]
    public void Categories_ConfidenceByHand()
    {
        var fused = Fusion.Of("industry", [Claim("a", "Retail", 0.9), Claim("b", "Software", 0.6)], Now);

        fused.Confidence.ShouldBe(81 / (81 + 13.5 + 8), 1e-9);
        fused.RunnerUp!.Confidence.ShouldBe(13.5 / (81 + 13.5 + 8), 1e-9);
        fused.Conflict.ShouldBeFalse();
    }

    [Fact]
    public void OldFacts_CountLess_AndASourcesNewestClaimStands()
    {
        var old = Claim("registry", "Retail", 0.95) with { FetchedAt = Now.AddDays(-720) };

        Fusion.Of("industry", [old, Claim("site", "Software", 0.6)], Now).Value.ShouldBe("Software");
        Fusion.Of("industry", [old, old with { Value = "Logistics", FetchedAt = Now }], Now).Value.ShouldBe("Logistics");
        Fusion.Of("industry", [old], Now).Confidence.ShouldBeLessThan(0.2);
    }

    /// <summary>Five sources of reliabilities that nobody told: learned from agreement alone, fusion finds the planted truth more often than the first answer and than the majority.</summary>
    [Fact]
    public void Fusion_WithLearnedReliabilities_BeatsFirstHitAndMajority()
    {
        var (fusion, first, majority) = AIX.Bench.FusionTrial.Run();

        fusion.ShouldBeGreaterThan(majority + 0.03);
        fusion.ShouldBeGreaterThan(first + 0.1);
    }

    private static Claim Claim(string source, string value, double reliability) => new(Guid.CreateVersion7(), source, value, Now, reliability);
}
