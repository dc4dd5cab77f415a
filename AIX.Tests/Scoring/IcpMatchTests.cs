using AIX.Core.Profiles;
using Shouldly;
using Xunit;

namespace AIX.Tests.Scoring;

/// <summary>Equations (11)–(13), (23), (35)–(37) and their conventions, by hand.</summary>
public class IcpMatchTests
{
    private static readonly IdealCustomerProfile Icp = new() { Version = 1 };
    private static readonly DateOnly Today = new(2026, 11, 20);

    /// <summary>(13): a funding round with I = 0.8 and λ = 0.01 is worth 0.8·e^−1 after 100 days; ½ + S/2.</summary>
    [Fact]
    public void Events_DecayByTheirOwnRate()
    {
        IcpMatch.Events(Icp, [("funding", Today.AddDays(-100))], Today)!.Value.ShouldBe(0.5 + 0.8 * Math.Exp(-1) / 2, 1e-12);
        IcpMatch.Events(Icp, [("funding", Today), ("layoffs", Today.AddDays(-50))], Today)!.Value.ShouldBe(0.5 + (0.8 - 0.6 * Math.Exp(-0.5)) / 2, 1e-12);
        IcpMatch.Events(Icp, [("funding", Today.AddDays(30))], Today)!.Value.ShouldBe(0.9, 1e-12);
        IcpMatch.Events(Icp, [("unheard", Today)], Today).ShouldBe(0.5);
        IcpMatch.Events(Icp, [("funding", Today), ("expansion", Today), ("acquisition", Today)], Today).ShouldBe(1);
        IcpMatch.Events(Icp, [], Today).ShouldBeNull();
    }

    /// <summary>(35): 1 in the geometric middle, ½ at both ends.</summary>
    [Fact]
    public void Revenue_IsARadialBasisOnLogarithms()
    {
        var icp = Icp with { RevenueMin = 1e6, RevenueMax = 1e8 };
        IcpMatch.Revenue(icp, 1e7)!.Value.ShouldBe(1, 1e-12);
        IcpMatch.Revenue(icp, 1e6)!.Value.ShouldBe(0.5, 1e-12);
        IcpMatch.Revenue(icp, 1e8)!.Value.ShouldBe(0.5, 1e-12);
        IcpMatch.Revenue(icp, 1e9)!.Value.ShouldBe(Math.Pow(0.5, 4), 1e-12);
        IcpMatch.Revenue(icp, null).ShouldBeNull();
        IcpMatch.Revenue(Icp, 1e7).ShouldBeNull();
    }

    /// <summary>(36) on a star of three: the middle's PageRank is (0.15/3 + 0.85·2·leaf), the ranks add up to 1.</summary>
    [Fact]
    public void Synergy_IsTheSumOfPageRanks()
    {
        var icp = Icp with { Synergies = [new("SAP", "Salesforce"), new("SAP", "Tableau")] };
        var leaf = (0.05 + 0.85 * 0.05 / 2) / (1 - 0.85 * 0.85);
        IcpMatch.Synergy(icp, ["Tableau"]).ShouldBe(leaf, 1e-6);
        IcpMatch.Synergy(icp, ["sap"]).ShouldBe(1 - 2 * leaf, 1e-6);
        IcpMatch.Synergy(icp, ["sap", "salesforce", "tableau"]).ShouldBe(1, 1e-6);
        IcpMatch.Synergy(Icp, ["sap"]).ShouldBe(0);
    }

    [Fact]
    public void Behaviour_CountsThePatternsThatHold()
    {
        var icp = Icp with { Behaviours = [new("Pricing visits", 3, 1), new("Opens", 5, 0.5), new("Forms", 1, 0.5)] };
        IcpMatch.Behaviour(icp, r => r.Attribute == "Pricing visits" ? 4 : r.Attribute == "Opens" ? 1 : null)!.Value.ShouldBe(1 / 1.5, 1e-12);
        IcpMatch.Behaviour(icp, _ => null).ShouldBeNull();
    }

    [Fact]
    public void PeopleAndCodes_AreWeighed()
    {
        var icp = Icp with { Functions = new Dictionary<string, double> { ["hr"] = 1, ["finance"] = 0.6 }, NegativePersonas = ["recruiter"], IndustryCodes = new Dictionary<string, double> { ["54"] = 0.5, ["5415"] = 0.9 } };
        IcpMatch.Function(icp, "Head of HR").ShouldBe(1);
        IcpMatch.Function(icp, "Plant engineer").ShouldBe(0);
        IcpMatch.Function(Icp, "Head of HR").ShouldBeNull();
        IcpMatch.Seniority(icp, "Founder and recruiter").ShouldBe(0);
        IcpMatch.IndustryCode(icp, ["541511"]).ShouldBe(0.9);
        IcpMatch.IndustryCode(icp, ["311"]).ShouldBe(0);
    }

    /// <summary>(23): a text about a topic comes nearer to it than one about another.</summary>
    [Fact]
    public void Relevance_IsTheNearestTopicsCosine()
    {
        var icp = Icp with { Topics = ["cloud payroll software for factories", "solar power plants"] };
        var near = ProfileTopics.Relevance(icp, "We sell payroll software in the cloud to factories")!.Value;
        near.ShouldBeGreaterThan(ProfileTopics.Relevance(icp, "Handmade toys and birthday cakes")!.Value + 0.3);
        near.ShouldBeInRange(0, 1);
        ProfileTopics.Relevance(Icp, "anything").ShouldBeNull();
    }

    [Theory]
    [InlineData("Manufacturers in Maharashtra with 50 to 500 employees that use Tally or Zoho CRM; heads of HR and finance, no students", "employees 50–500|industry manufacturing|function hr|function finance|title head|not student|place maharashtra|technology Zoho CRM|technology Tally")]
    [InlineData("SaaS companies with more than 200 people, not in Singapore. CEOs and founders.", "employees 200–4000|industry software|title founder|title ceo|not singapore")]
    [InlineData("महाराष्ट्र के अस्पताल, 20 से 80 कर्मचारी", "employees 20–80|industry healthcare|place maharashtra")]
    [InlineData("the usual", "")]
    public void Words_BecomeADraft(string words, string expected)
    {
        var (draft, understood) = ProfileFromWords.Draft(words, Icp);

        understood.ShouldBe(expected.Split('|', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);
        ProfileCheck.Of(draft).ShouldBeNull();
        if (expected.Length == 0)
        {
            draft.ShouldBe(Icp with { Industries = draft.Industries, Functions = draft.Functions, Seniorities = draft.Seniorities, NegativePersonas = draft.NegativePersonas, Territories = draft.Territories });
        }
    }
}
