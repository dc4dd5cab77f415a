using AIX.Core.Leads;
using AIX.Core.Review;
using AIX.Core.Routing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace AIX.Tests.Routing;

public class RoutingTests
{
    private static readonly TenantSettings NoLot = new() { ExplorationRate = 0 };

    [Fact]
    public void Doubt_HasOneReason_TheFirstThatApplies()
    {
        var sure = new LeadToRoute(Guid.CreateVersion7(), 1, 0.3, 0.25, 0.35);

        ReasonOf(sure).ShouldBeNull();
        ReasonOf(sure with { Challenger = Band.Cold }).ShouldBeNull();
        ReasonOf(sure with { Challenger = Band.Warm }).ShouldBe(ReviewReason.ModelsDisagree);
        ReasonOf(sure with { Challenger = Band.Warm, Conflict = "employees" }).ShouldBe(ReviewReason.Conflict);
        ReasonOf(sure with { High = 0.55, Conflict = "employees" }).ShouldBe(ReviewReason.Straddles);
        RouteLeads.Execute([sure], new TenantSettings { ExplorationRate = 0.5 })[0].Waits.ShouldBeFalse();
    }

    /// <summary>Prevents: scoring again is another draw, until every lead has been drawn.</summary>
    [Fact]
    public void Lot_IsEven_AndAlwaysTheSameForOneLead()
    {
        var (random, bytes) = (new Random(3), new byte[16]);
        var leads = Enumerable.Range(0, 20_000).Select(_ =>
        {
            random.NextBytes(bytes);
            return new Guid(bytes);
        }).ToList();

        var drawn = leads.Count(l => Lot.Of(l) < 0.03);

        drawn.ShouldBeInRange(500, 700);
        leads.ShouldAllBe(l => Lot.Of(l).Equals(Lot.Of(l)));
        var routed = RouteLeads.Execute([.. leads.Select(l => new LeadToRoute(l, 1, 0.1, 0.05, 0.15))], new TenantSettings());
        routed.Count(r => r.Review == ReviewReason.Exploration && r.Propensity.Equals(0.03)).ShouldBe(drawn);
    }

    /// <summary>A wider doubt, a nearer threshold, a dearer deal are each worth more.</summary>
    [Fact]
    public void Value_GrowsWithDoubtNearnessAndDeal()
    {
        double Value(double p, double low, double high, double? deal = null) => RouteLeads.ValueOf(new LeadToRoute(Guid.Empty, 1, p, low, high) { DealValue = deal }, NoLot);

        Value(0.8, 0.6, 0.95).ShouldBeGreaterThan(Value(0.8, 0.75, 0.88));
        Value(0.84, 0.7, 0.9).ShouldBeGreaterThan(Value(0.72, 0.58, 0.78));
        Value(0.84, 0.7, 0.9, 200_000).ShouldBe(2 * Value(0.84, 0.7, 0.9), 1e-6);
        Value(0.2, 0.19, 0.21).ShouldBeLessThan(1);
    }

    [Theory]
    [InlineData(RuleOperator.Is, "india", true)]
    [InlineData(RuleOperator.IsNot, "India", false)]
    [InlineData(RuleOperator.OneOf, "Nepal, INDIA", true)]
    [InlineData(RuleOperator.Contains, "ndi", true)]
    [InlineData(RuleOperator.IsKnown, "", true)]
    [InlineData(RuleOperator.IsUnknown, "", false)]
    [InlineData(RuleOperator.AtLeast, "3", false)]
    public void Condition_ComparesText(RuleOperator op, string value, bool holds) =>
        RuleMatch.Holds(new RuleCondition("country", op, value), new Dictionary<string, string> { ["country"] = "India" }).ShouldBe(holds);

    /// <summary>What is not known meets no condition but the two that say so.</summary>
    [Fact]
    public void Condition_OnWhatIsNotKnown_HoldsOnlyWhereItSaysSo()
    {
        var meets = Enum.GetValues<RuleOperator>().Where(op => RuleMatch.Holds(new RuleCondition("region", op, "x"), new Dictionary<string, string> { ["region"] = " " }));

        meets.ShouldBe([RuleOperator.IsNot, RuleOperator.IsUnknown], ignoreOrder: true);
    }

    /// <summary>Turns go round: no agent has two more than another, whatever was given before.</summary>
    [Fact]
    public void InTurn_SharesEvenly() => Prop.ForAll<byte, byte, byte>((agents, leads, turn) =>
    {
        var among = Enumerable.Range(0, agents % 7 + 1).Select(_ => (Guid.CreateVersion7(), 0)).ToList();
        var owners = ApplyRules.Owners(new RuleDocument { Assign = AssignTo.InTurn }, Leads(leads), among, turn);
        var counts = among.Select(a => owners.Values.Count(o => o == a.Item1)).ToList();
        return counts.Sum() == leads && counts.Max() - counts.Min() <= 1;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ByLoad_FillsUpWhoeverHasLeast()
    {
        var (busy, idle) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var owners = ApplyRules.Owners(new RuleDocument { Assign = AssignTo.Load }, Leads(5), [(busy, 3), (idle, 0)], 0);

        owners.Values.Count(o => o == idle).ShouldBe(4);
        owners.Values.Count(o => o == busy).ShouldBe(1);
    }

    [Fact]
    public void Named_WhoHasLeft_GetsNothing() =>
        ApplyRules.Owners(new RuleDocument { Assign = AssignTo.Named, Users = [Guid.CreateVersion7()] }, Leads(1), [(Guid.CreateVersion7(), 0)], 0).Values.ShouldBe([null]);

    private static ReviewReason? ReasonOf(LeadToRoute lead) => RouteLeads.Execute([lead], NoLot)[0].Review;

    private static List<LeadToRoute> Leads(int count) => [.. Enumerable.Range(0, count).Select(_ => new LeadToRoute(Guid.CreateVersion7(), 1, 0.5, 0.4, 0.6))];
}
