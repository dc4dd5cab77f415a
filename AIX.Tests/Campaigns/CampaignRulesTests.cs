using System.Globalization;
using AIX.Core.Calls;
using AIX.Core.Campaigns;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Enrichment;
using Shouldly;
using Xunit;

namespace AIX.Tests.Campaigns;

public class CampaignRulesTests
{
    private static readonly CountryRules India = RulePack.Shipped.Countries[0];
    private static readonly CountryRules Britain = RulePack.Shipped.CountryOf("+447911123456")!;
    private static readonly CampaignPlan Plan = new() { Purpose = "your enquiry", PurposeHindi = "आपकी पूछताछ", Class = MessageClass.Service };

    [Theory]
    [InlineData("2026-11-23T09:59:59+05:30", "2026-11-23T10:00:00+05:30")]
    [InlineData("2026-11-23T10:00:00+05:30", "2026-11-23T10:00:00+05:30")]
    [InlineData("2026-11-23T19:59:35+05:30", "2026-11-24T10:00:00+05:30")]
    [InlineData("2026-11-21T21:00:00+05:30", "2026-11-23T10:00:00+05:30")]
    public void NextOpen_SkipsNightsAndClosedDays(string from, string expected) => CampaignClock.NextOpen(Plan, India, At(from), 25).ShouldBe(At(expected));

    /// <summary>The clocks go back in Britain on 25 October 2026: ten o'clock stays ten o'clock.</summary>
    [Fact]
    public void NextOpen_IsTheWallClocks_WhenClocksChange()
    {
        var plan = Plan with { ClosedDays = [] };
        CampaignClock.NextOpen(plan, Britain, At("2026-10-24T20:00:00Z"), 25).ShouldBe(At("2026-10-25T10:00:00Z"));
        CampaignClock.NextOpen(plan, Britain, At("2026-10-23T20:00:00Z"), 25).ShouldBe(At("2026-10-24T09:00:00Z"));
        CampaignClock.NextOpen(plan, Britain, At("2026-03-28T21:00:00Z"), 25).ShouldBe(At("2026-03-29T09:00:00Z"));
    }

    [Theory]
    [InlineData(Disposition.NoAnswer, 1, "2026-11-23T12:00:00+05:30", "2026-11-23T12:30:00+05:30")]
    [InlineData(Disposition.Busy, 2, "2026-11-23T12:00:00+05:30", "2026-11-23T13:00:00+05:30")]
    [InlineData(Disposition.NoAnswer, 3, "2026-11-23T12:00:00+05:30", null)]
    [InlineData(Disposition.Voicemail, 1, "2026-11-23T12:00:00+05:30", null)]
    [InlineData(Disposition.NotInterested, 1, "2026-11-23T12:00:00+05:30", null)]
    [InlineData(Disposition.OptOut, 1, "2026-11-23T12:00:00+05:30", null)]
    [InlineData(Disposition.NoAnswer, 1, "2026-11-23T19:50:00+05:30", "2026-11-24T10:00:00+05:30")]
    public void Retry_FollowsTheOutcome(Disposition outcome, int attempts, string ended, string? expected) =>
        RetryPlan.Next(Plan, India, new AttemptEnd(outcome, attempts, At(ended), null), 25, null)?.At.ShouldBe(expected is null ? default : At(expected));

    [Fact]
    public void Retry_OnAnotherDay_TakesTheHourInWhichPeopleAnswer() =>
        RetryPlan.Next(Plan, India, new AttemptEnd(Disposition.NoAnswer, 1, At("2026-11-23T19:50:00+05:30"), null), 25, 17)!.Value.At.ShouldBe(At("2026-11-24T17:00:00+05:30"));

    [Fact]
    public void Callback_IsAtTheAskedTime_AndInsideTheWindow()
    {
        RetryPlan.Next(Plan, India, new AttemptEnd(Disposition.Callback, 5, At("2026-11-23T12:00:00+05:30"), At("2026-11-24T17:00:00+05:30")), 25, null).ShouldBe((At("2026-11-24T17:00:00+05:30"), true));
        RetryPlan.Next(Plan, India, new AttemptEnd(Disposition.Callback, 1, At("2026-11-23T12:00:00+05:30"), At("2026-11-23T22:00:00+05:30")), 25, null).ShouldBe((At("2026-11-24T10:00:00+05:30"), true));
    }

    [Fact]
    public void Pacing_IsTheLeastOfAllLimits()
    {
        var plan = Plan with { AtOnce = 10, PerDay = 100 };
        Pacing.Free(plan, new PaceState(4, 20, 50, 10, 0, 0, 0, 0), 50).ShouldBe(6);
        Pacing.Free(plan, new PaceState(4, 48, 50, 10, 0, 0, 0, 0), 50).ShouldBe(2);
        Pacing.Free(plan, new PaceState(4, 20, 1, 10, 0, 0, 0, 0), 50).ShouldBe(1);
        Pacing.Free(plan, new PaceState(4, 20, 50, 98, 0, 0, 0, 0), 50).ShouldBe(2);
        Pacing.Free(plan, new PaceState(12, 20, 50, 0, 0, 0, 0, 0), 50).ShouldBe(0);
    }

    /// <summary>Prevents: a refusal costs the campaign a turn, so that it is slower than its rate; and what a pause left rings all at once.</summary>
    [Fact]
    public async Task Turns_OfRefusedAttempts_GoToTheNext()
    {
        var pace = new Granting();
        var turns = new CampaignTurns(pace, new CallOptions(), new CampaignOptions { BeatMilliseconds = 1_000 });
        var (campaign, plan, route) = (Guid.CreateVersion7(At("2026-11-23T10:00:00Z")), Plan with { CallsPerSecond = 2 }, new CallRoute("r", "r", 30, 50, new RouteCapability("International", [], false, false)));

        turns.GiveBack(campaign, plan, 3);
        (await turns.TakeAsync(campaign, plan, route, 10, CancellationToken.None)).ShouldBe(new Turns(10, default, TimeSpan.FromSeconds(0.5)));
        (await turns.TakeAsync(campaign, plan, route, 2, CancellationToken.None)).Wait.ShouldBe(TimeSpan.FromSeconds(0.1));
        pace.Asked.ShouldBe([7, 7, 2, 2]);

        turns.GiveBack(campaign, plan, 500);
        (await turns.TakeAsync(campaign, plan, route, 4, CancellationToken.None)).Count.ShouldBe(4);
        (await turns.TakeAsync(campaign, plan, route, 5, CancellationToken.None)).Count.ShouldBe(5);
        pace.Asked.Skip(4).ShouldBe([2, 2]);
    }

    /// <summary>Busy lines and unanswered calls are no failures of the provider; five calls are too few to tell for three.</summary>
    [Fact]
    public void Breaker_AndAbandonCap_Pause()
    {
        Pacing.Trip(Plan, new PaceState(0, 0, 0, 0, 4, 4, 0, 0)).ShouldBeNull();
        Pacing.Trip(Plan, new PaceState(0, 0, 0, 0, 10, 5, 0, 0)).ShouldBe("breaker");
        Pacing.Trip(Plan, new PaceState(0, 0, 0, 0, 10, 4, 0, 0)).ShouldBeNull();
        Pacing.Trip(Plan, new PaceState(0, 0, 0, 0, 0, 0, 49, 49)).ShouldBeNull();
        Pacing.Trip(Plan, new PaceState(0, 0, 0, 0, 0, 0, 100, 3)).ShouldBe("abandoned");
    }

    /// <summary>Newcombe (1998), table II, method 10: 56/70 against 48/80 gives 0.0524 to 0.3339.</summary>
    [Fact]
    public void AbTest_GivesNewcombesInterval()
    {
        var verdict = AbTest.Judge(new AbArm("A", 80, 48), new AbArm("B", 70, 56));
        verdict.Difference.ShouldBe(0.2, 1e-12);
        verdict.Low.ShouldBe(0.0524, 5e-5);
        verdict.High.ShouldBe(0.3339, 5e-5);
        verdict.Better.ShouldBe("B");
        AbTest.Judge(new AbArm("A", 80, 40), new AbArm("B", 80, 41)).Better.ShouldBeNull();
        AbTest.Judge(new AbArm("A", 0, 0), new AbArm("B", 80, 41)).P.ShouldBe(1);
    }

    /// <summary>Prevents: a split that favours a script, that hangs on the order of the leads, or that moves a lead from one script to the other. Four standard deviations of a fair lot, over 20,000 leads whose ids follow each other.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.2)]
    public void Variants_AreDrawnFairly_AndStay(double share)
    {
        var plan = Plan with { FlowB = "event", ShareB = share };
        var random = new Random(7);
        Guid Id(int millisecond) => Guid.ParseExact($"{At("2026-11-23T10:00:00+05:30").ToUnixTimeMilliseconds() + millisecond:x12}7{random.Next(0x1000):x3}a{random.NextInt64(0x1000_0000_0000_000):x15}", "N");
        var (campaign, other) = (Id(0), Id(0));
        var leads = Enumerable.Range(0, 20_000).Select(Id).ToList();
        var drawn = leads.ConvertAll(l => AdmitAudience.VariantOf(campaign, plan, l));

        foreach (var part in drawn.Chunk(5_000).Append([.. drawn]))
        {
            (part.Count(v => v == "B") / (double)part.Length).ShouldBe(share, 4 * Math.Sqrt(share * (1 - share) / part.Length));
        }

        leads.ConvertAll(l => AdmitAudience.VariantOf(campaign, plan, l)).ShouldBe(drawn);
        leads.ConvertAll(l => AdmitAudience.VariantOf(other, plan, l)).ShouldNotBe(drawn);
        leads.ConvertAll(l => AdmitAudience.VariantOf(campaign, plan with { FlowB = "" }, l)).ShouldAllBe(v => v == "A");
    }

    [Theory]
    [InlineData("open", "The window never opens")]
    [InlineData("closedDays", "Every day")]
    [InlineData("purposeHindi", "in Hindi too")]
    [InlineData("delayMinutes", "waits")]
    [InlineData("abandonCap", "law's own limit")]
    public void Plan_ThatCannotWork_SaysWhatAndWhere(string field, string says)
    {
        var plan = field switch
        {
            "open" => Plan with { Open = new TimeOnly(21, 0), Close = new TimeOnly(23, 0) },
            "closedDays" => Plan with { ClosedDays = Enum.GetValues<DayOfWeek>() },
            "purposeHindi" => Plan with { PurposeHindi = "" },
            "delayMinutes" => Plan with { DelayMinutes = [0] },
            _ => Plan with { AbandonCap = 0.2 },
        };
        var wrong = plan.Check(India)!;
        (wrong.Field, wrong.Message).ShouldSatisfyAllConditions(w => w.Field.ShouldBe(field), w => w.Message.ShouldContain(says));
    }

    [Fact]
    public void Script_NeedsAWayOut_AndMayNotPromise()
    {
        var flow = ShippedFlows.All.First(f => f.Key == "qualification");
        ScriptCheck.Check(flow, MessageClass.Promotional, "finance").ShouldBeEmpty();
        var without = flow with { Opening = flow.Opening.ToDictionary(o => o.Key, o => o.Value.Replace("To get no more calls, press 9 at any time.", "").Replace("आगे कॉल न चाहें तो कभी भी नौ दबाएँ।", "")) };
        ScriptCheck.Check(without, MessageClass.Promotional, "").Select(p => p.Code).ShouldBe(["opt-out", "opt-out"]);
        ScriptCheck.Check(without, MessageClass.Service, "").ShouldBeEmpty();
        var promising = flow with { Opening = flow.Opening.ToDictionary(o => o.Key, o => o.Value + (o.Key == "en" ? " Assured returns of twelve per cent." : "")) };
        ScriptCheck.Check(promising, MessageClass.Service, "finance").ShouldHaveSingleItem().Code.ShouldBe("claim");
        ScriptCheck.Check(promising, MessageClass.Service, "software").ShouldBeEmpty();
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Grants whatever is asked for, a tenth of a second from now.</summary>
    private sealed class Granting : ISourcePace
    {
        public List<int> Asked { get; } = [];

        public Task<(int Granted, TimeSpan Wait)> TakeAsync(string scope, double ratePerSecond, int wanted, TimeSpan patience, CancellationToken ct) => throw new InvalidOperationException("Campaigns take turns ahead.");

        public Task<(int Granted, TimeSpan Wait)> TakeWithinAsync(string scope, double ratePerSecond, int wanted, TimeSpan within, CancellationToken ct)
        {
            Asked.Add(wanted);
            return Task.FromResult((wanted, TimeSpan.FromSeconds(0.1)));
        }

        public Task BlockAsync(string scope, TimeSpan time, CancellationToken ct) => Task.CompletedTask;
    }
}
