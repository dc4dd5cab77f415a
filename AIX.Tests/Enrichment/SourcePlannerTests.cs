using AIX.Core.Enrichment;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace AIX.Tests.Enrichment;

public class SourcePlannerTests
{
    /// <summary>Prevents: a plan above the budget, or one worth less than half of the best (equation (86), against all subsets).</summary>
    [Fact]
    public void Choose_StaysInTheBudget_AndIsWorthAtLeastHalfOfTheBest()
    {
        var item = from gain in Gen.Choose(1, 100) from price in Gen.Choose(1, 50) select (Gain: gain / 100.0, Price: price / 100m);
        var plan = from items in Gen.ArrayOf(item, 9) from budget in Gen.Choose(0, 150) select (items, budget / 100m);
        Prop.ForAll(plan.ToArbitrary(), p =>
        {
            var (items, budget) = p;
            var options = items.Select((i, k) => new SourceOption(Guid.CreateVersion7(), $"s{k}", i.Gain, i.Price)).ToList();
            var chosen = SourcePlanner.Choose(options, budget);
            var best = Enumerable.Range(0, 1 << options.Count).Select(set => options.Where((_, k) => (set >> k & 1) == 1).ToList()).Where(s => s.Sum(o => o.Price) <= budget).Max(s => s.Sum(o => o.Gain));
            return chosen.Sum(o => o.Price) <= budget && chosen.Distinct().Count() == chosen.Count && chosen.Sum(o => o.Gain) >= best / 2;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Choose_TakesEveryFreeSource_AndNothingThatCannotChangeADecision()
    {
        var company = Guid.CreateVersion7();
        SourceOption free = new(company, "free", 0, 0), idle = new(company, "idle", 0.0001, 0.01m), good = new(company, "good", 0.5, 0.5m), dear = new(company, "dear", 0.6, 2m);

        SourcePlanner.Choose([free, idle, good, dear], 1).ShouldBe([free, good]);
        SourcePlanner.Choose([free, idle, good, dear], 0).ShouldBe([free]);
    }
}
