using AIX.Core.Leads;
using Shouldly;
using Xunit;

namespace AIX.Tests.Leads;

public class LifeCycleTests
{
    /// <summary>The arrows of the scoring note's diagram, written down a second time.</summary>
    [Fact]
    public void Arrows_AreThoseOfTheDiagram()
    {
        (LeadState, LeadState)[] diagram =
        [
            (LeadState.Ingested, LeadState.PendingEnrichment), (LeadState.PendingEnrichment, LeadState.PendingScoring), (LeadState.PendingScoring, LeadState.Scored), (LeadState.Scored, LeadState.Assigned),
            (LeadState.Scored, LeadState.Nurturing), (LeadState.Scored, LeadState.Archived), (LeadState.Assigned, LeadState.Converted), (LeadState.Assigned, LeadState.Disqualified), (LeadState.Nurturing, LeadState.Rescored),
            (LeadState.Rescored, LeadState.Scored), (LeadState.Nurturing, LeadState.Disqualified), (LeadState.Archived, LeadState.Rescored),
        ];

        var known = Enum.GetValues<LeadState>().SelectMany(a => Enum.GetValues<LeadState>().Where(b => LeadLifeCycle.May(a, b)).Select(b => (a, b)));

        known.ShouldBe(diagram, ignoreOrder: true);
    }

    /// <summary>Whatever band a person or a score gives, the lead gets there by allowed steps, or stays.</summary>
    [Fact]
    public void PathTo_TakesAllowedStepsOnly()
    {
        foreach (var from in Enum.GetValues<LeadState>())
        {
            foreach (var band in Enum.GetValues<Band>())
            {
                var path = LeadLifeCycle.PathTo(from, band);
                var steps = new[] { from }.Concat(path).ToList();
                steps.Zip(steps.Skip(1)).ShouldAllBe(s => LeadLifeCycle.May(s.First, s.Second));
                if (path.Count > 0)
                {
                    path[^1].ShouldBe(LeadLifeCycle.Of(band));
                }
            }
        }
    }

    [Fact]
    public void Refusals_SayWhyAndWhatToDo()
    {
        foreach (var from in Enum.GetValues<LeadState>())
        {
            foreach (var to in Enum.GetValues<LeadState>().Where(t => !LeadLifeCycle.May(from, t)))
            {
                LeadLifeCycle.Check(from, to)!.Message.Length.ShouldBeGreaterThan(40, $"{from} to {to}");
            }
        }

        LeadLifeCycle.Check(LeadState.Nurturing, LeadState.Converted)!.Message.ShouldContain("Override its score to hot");
        Enum.GetValues<LeadState>().Where(LeadLifeCycle.IsEnd).ShouldBe([LeadState.Converted, LeadState.Disqualified]);
    }
}
