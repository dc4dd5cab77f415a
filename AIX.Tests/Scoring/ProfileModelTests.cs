using System.Globalization;
using System.Text.Json;
using AIX.Core.Enrichment;
using AIX.Core.Leads;
using AIX.Core.Profiles;
using AIX.Core.Routing;
using AIX.Core.Scoring;
using AIX.Core.Tenancy;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace AIX.Tests.Scoring;

public class ProfileModelTests
{
    private static readonly IdealCustomerProfile Icp = new() { Version = 1 };

    /// <summary>(6) by hand: range 50 to 1,000, middle 525, width 950.</summary>
    [Theory]
    [InlineData(525, 1)]
    [InlineData(50, 0.7788007830714049)]
    [InlineData(1475, 0.36787944117144233)]
    public void CompanySize_IsEquation6(double employees, double expected) => IcpMatch.CompanySize(Icp, employees)!.Value.ShouldBe(expected, 1e-12);

    [Fact]
    public void CompanySize_Unknown_IsNull()
    {
        IcpMatch.CompanySize(Icp, null).ShouldBeNull();
        IcpMatch.CompanySize(Icp, 0).ShouldBeNull();
        IcpMatch.CompanySize(Icp, double.NaN).ShouldBeNull();
    }

    [Fact]
    public void Technologies_IsEquation10()
    {
        var icp = Icp with
        {
            RequiredTechnologies = new Dictionary<string, double> { ["a"] = 2 },
            DesiredTechnologies = new Dictionary<string, double> { ["b"] = 1, ["c"] = 1 },
            NegativeTechnologies = new Dictionary<string, double> { ["d"] = 1 },
        };

        IcpMatch.Technologies(icp, ["A", "b"])!.Value.ShouldBe(0.75, 1e-12);
        IcpMatch.Technologies(icp, ["a", "b", "d"])!.Value.ShouldBe(0.5, 1e-12);
        IcpMatch.Technologies(icp, ["d"]).ShouldBe(0);
        IcpMatch.Technologies(icp, []).ShouldBeNull();
    }

    [Theory]
    [InlineData("Head of HR", 0.8)]
    [InlineData("Headhunter", 0.15)]
    [InlineData("Founder & CEO", 1.0)]
    [InlineData("Marketing Intern", 0.02)]
    public void Seniority_FindsWholeWords(string title, double expected) => IcpMatch.Seniority(Icp, title).ShouldBe(expected);

    /// <summary>The ledger, summed in its order, is the score's logit to the last bit, for any features.</summary>
    [Fact]
    public void Ledger_ReAdded_GivesTheScoreExactly() => Prop.ForAll(
        Gen.Choose(-1, 1000).ArrayOf(FeatureExtractor.Names.Count).ToArbitrary(),
        raw =>
        {
            var values = raw.Select(v => v < 0 ? (double?)null : v / 1000.0).ToArray();
            var features = values.Select((v, k) => new Feature(FeatureExtractor.Names[k], v, null, [])).ToList();
            var score = new ProfileModel(Icp).Score(values);
            var ledger = Ledger.Of(features, Icp);

            return BitConverter.DoubleToInt64Bits(ledger.Logit) == BitConverter.DoubleToInt64Bits(score.Logit)
                && score.Low > 0 && score.Low <= score.Probability && score.Probability <= score.High && score.High < 1;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Score_NothingKnown_IsTheBaseRateWithAWideInterval()
    {
        var nothing = new ProfileModel(Icp).Score(new double?[FeatureExtractor.Names.Count]);
        var everything = new ProfileModel(Icp).Score(Enumerable.Repeat<double?>(0.5, FeatureExtractor.Names.Count).ToArray());

        nothing.Probability.ShouldBe(Icp.BaseRate, 1e-12);
        (nothing.High - nothing.Low).ShouldBeGreaterThan(everything.High - everything.Low);
    }

    [Fact]
    public void Score_AbsurdWeights_StayInTheOpenInterval()
    {
        var model = new ProfileModel(Icp with { Weights = new Dictionary<string, double> { ["companySize"] = 1e6 } });

        foreach (var value in new[] { 0.0, 1.0 })
        {
            var score = model.Score([value, null, null, null, null, null, null]);
            score.Probability.ShouldBeGreaterThan(0);
            score.High.ShouldBeLessThan(1);
        }
    }

    [Fact]
    public void Rationale_ThreeBullets_EachCitesAFactOfTheLead()
    {
        var lead = Lead("""{"employees":412,"industry":"Software","technologies":["SAP"]}""", title: "CEO");
        var facts = new[] { "employees", "industry", "technologies", "title", "email" }.Select(a => new Fact(FactId.Of(lead.Id, a, lead.SourceId), a, a, "test", default, 0.8)).ToList();
        var ledger = Ledger.Of(FeatureExtractor.Extract(lead, Icp), Icp);

        foreach (var language in new[] { "en", "hi" })
        {
            var lines = RationaleWriter.Write(ledger, facts, new CultureInfo(language));

            lines.Count.ShouldBe(3);
            lines.ShouldAllBe(l => l.FactIds.Count > 0 && l.FactIds.All(id => facts.Any(f => f.Id == id)));
            lines.ShouldContain(l => l.Text.Contains("412", StringComparison.Ordinal));
            lines.ShouldAllBe(l => !l.Text.Contains("reason.", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Rationale_LeadWithAnIdAlone_StillHasThreeCitedBullets()
    {
        var lead = Lead("{}", email: null);
        var facts = new[] { "externalId", "receivedVia" }.Select(a => new Fact(FactId.Of(lead.Id, a, null), a, "x", "test", default, 0.8)).ToList();

        var lines = RationaleWriter.Write(Ledger.Of(FeatureExtractor.Extract(lead, Icp), Icp), facts, CultureInfo.InvariantCulture);

        lines.Count.ShouldBe(3);
        lines.ShouldAllBe(l => l.FactIds.Count > 0);
    }

    [Theory]
    [InlineData("\"120-150\"", 135.0)]
    [InlineData("\"1,000 to 5,000\"", 3000.0)]
    [InlineData("\"500+\"", 500.0)]
    [InlineData("\"many\"", null)]
    [InlineData("240", 240.0)]
    public void Employees_Ranges_AreTheirMiddle(string json, double? expected) => FeatureExtractor.Employees(JsonDocument.Parse(json).RootElement).ShouldBe(expected);

    [Theory]
    [InlineData(0.9, 0.86, 0.95, Band.Hot, false)]
    [InlineData(0.9, 0.80, 0.95, Band.Hot, true)]
    [InlineData(0.85, 0.83, 0.849, Band.Warm, false)]
    [InlineData(0.45, 0.40, 0.55, Band.Cold, true)]
    [InlineData(0.2, 0.1, 0.3, Band.Cold, false)]
    public void Route_BandAndUncertainty_FollowTheThresholds(double p, double low, double high, Band band, bool uncertain)
    {
        var routed = RouteLeads.Execute([new LeadToRoute(Guid.Empty, 1, p, low, high)], new TenantSettings())[0];

        (routed.Band, routed.Uncertain, routed.DecisionValue > 0).ShouldBe((band, uncertain, uncertain));
    }

    [Fact]
    public void Settings_ThatContradict_AreRefusedWithTheValueFound()
    {
        new TenantSettings().Check().ShouldBeNull();
        new TenantSettings { HotThreshold = 0.4 }.Check()!.Message.ShouldContain("0.4");
        new TenantSettings { TimeZone = "Mars/Base" }.Check()!.Message.ShouldContain("Mars/Base");
        new TenantSettings { ReviewDailyCap = -1 }.Check()!.Field.ShouldBe(nameof(TenantSettings.ReviewDailyCap));
    }

    private static LeadForScoring Lead(string attributes, string? title = null, string? email = "a@firm.test") =>
        new() { Id = Guid.CreateVersion7(), Title = title, Email = email, Attributes = JsonDocument.Parse(attributes).RootElement };
}
