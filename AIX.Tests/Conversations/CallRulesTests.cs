using AIX.Core.Conversations;
using Shouldly;
using Xunit;

namespace AIX.Tests.Conversations;

public class CallRulesTests
{
    /// <summary>Prevents: somebody says "never call again" and is called again.</summary>
    [Theory]
    [InlineData("en")]
    [InlineData("hi")]
    [InlineData("hinglish")]
    public void OptOut_IsAlwaysHeard_AndHardlyEverImagined(string language)
    {
        var rows = RuleChecks.Of(language);
        var said = rows.Where(r => r.IsOptOut).ToList();
        var near = rows.Where(r => !r.IsOptOut).ToList();
        (said.Count, near.Count).ShouldBe((Math.Max(200, said.Count), Math.Max(200, near.Count)));

        said.Where(r => CallRules.Check(r.Text) != RuleVerdict.OptOut).Select(r => r.Text).ShouldBeEmpty();
        var imagined = near.Where(r => CallRules.Check(r.Text) == RuleVerdict.OptOut).Select(r => r.Text).ToList();
        (said.Count / (double)(said.Count + imagined.Count)).ShouldBeGreaterThanOrEqualTo(0.98, string.Join("; ", imagined));
    }

    [Fact]
    public void OptOut_OfTheCorpus_IsHeardToo() =>
        IntentCorpus.All.Where(r => r.Intent == "opt_out" && CallRules.Check(r.Text) != RuleVerdict.OptOut).Select(r => r.Text).ShouldBeEmpty();

    [Theory]
    [InlineData("can I talk to a human please", RuleVerdict.Human)]
    [InlineData("mujhe kisi insaan se baat karni hai", RuleVerdict.Human)]
    [InlineData("किसी इंसान से बात कराओ", RuleVerdict.Human)]
    [InlineData("I want to speak to your manager", RuleVerdict.Human)]
    [InlineData("I have to ask my manager", RuleVerdict.None)]
    [InlineData("I am a child", RuleVerdict.Minor)]
    [InlineData("main barah saal ka hoon", RuleVerdict.Minor)]
    [InlineData("मैं बच्चा हूँ", RuleVerdict.Minor)]
    [InlineData("we are twelve people in the team", RuleVerdict.None)]
    [InlineData("please don't record this call", RuleVerdict.NoRecording)]
    [InlineData("recording band karo", RuleVerdict.NoRecording)]
    [InlineData("रिकॉर्डिंग बंद करो", RuleVerdict.NoRecording)]
    [InlineData("do you keep a record of our orders", RuleVerdict.None)]
    [InlineData("haan boliye", RuleVerdict.None)]
    public void Rules_DecideBeforeAnyModel(string text, RuleVerdict verdict) => CallRules.Check(text).ShouldBe(verdict);

    /// <summary>Monday, 23 November 2026, 10:15 in India.</summary>
    [Theory]
    [InlineData("kal shaam paanch baje", "2026-11-24T17:00")]
    [InlineData("next Tuesday 4 pm", "2026-12-01T16:00")]
    [InlineData("do ghante baad", "2026-11-23T12:15")]
    [InlineData("दो घंटे बाद फोन करना", "2026-11-23T12:15")]
    [InlineData("कल सुबह दस बजे", "2026-11-24T10:00")]
    [InlineData("call me tomorrow at 11:30", "2026-11-24T11:30")]
    [InlineData("parso dopahar", "2026-11-25T14:30")]
    [InlineData("in half an hour", "2026-11-23T10:45")]
    [InlineData("Friday morning", "2026-11-27T10:30")]
    [InlineData("saadhe teen baje", "2026-11-23T15:30")]
    [InlineData("at 9 in the morning", "2026-11-24T09:00")]
    [InlineData("agle hafte", "2026-11-30T11:00")]
    [InlineData("shaam ko call karna", "2026-11-23T18:00")]
    [InlineData("after two days", "2026-11-25T10:15")]
    [InlineData("kal", "2026-11-24T11:00")]
    [InlineData("6 p.m. today", "2026-11-23T18:00")]
    [InlineData("शुक्रवार को शाम छह बजे", "2026-11-27T18:00")]
    [InlineData("I am not interested", null)]
    [InlineData("we have 12 people", null)]
    public void When_IsUnderstoodInThreeTongues(string text, string? expected)
    {
        var now = new DateTimeOffset(2026, 11, 23, 10, 15, 0, TimeSpan.FromHours(5.5));

        var at = WhenParser.Parse(text, now);

        at?.ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(expected);
    }
}
