using System.Globalization;
using AIX.Core.Conversations;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace AIX.Tests.Conversations;

/// <summary>Properties of every time that can be said: it lies ahead, keeps the callee's zone, and means the same in each language.</summary>
public class WhenParserTests
{
    private static readonly string[] Hours = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"];
    private static readonly string[] Latin = ["ek", "do", "teen", "chaar", "paanch", "chhe", "saat", "aath", "nau", "das", "gyarah"];
    private static readonly string[] Hindi = ["एक", "दो", "तीन", "चार", "पाँच", "छह", "सात", "आठ", "नौ", "दस", "ग्यारह"];

    /// <summary>Any minute of three years, in India, Nepal and New York's winter.</summary>
    private static readonly Gen<DateTimeOffset> Nows =
        from minute in Gen.Choose(0, 3 * 365 * 24 * 60)
        from offset in Gen.Elements(330, 345, -300)
        select new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromMinutes(offset)).AddMinutes(minute);

    [Fact]
    public void Span_IsExact_InEveryLanguage() => Prop.ForAll((from now in Nows from n in Gen.Choose(1, 11) select (now, n)).ToArbitrary(), c =>
    {
        foreach (var text in new[] { $"call me in {Hours[c.n - 1]} hours", $"call me in {c.n} hours", $"{Latin[c.n - 1]} ghante baad", $"{Hindi[c.n - 1]} घंटे बाद" })
        {
            WhenParser.Parse(text, c.now).ShouldBe(c.now.AddHours(c.n), text);
        }
    }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Tomorrow_AtAnHour_IsThatHourOfTheNextDay_InTheCalleesZone() => Prop.ForAll((from now in Nows from n in Gen.Choose(1, 11) select (now, n)).ToArbitrary(), c =>
    {
        var day = c.now.Date.AddDays(1);
        WhenParser.Parse(string.Create(CultureInfo.InvariantCulture, $"tomorrow at {c.n} pm"), c.now).ShouldBe(new DateTimeOffset(day.AddHours(c.n + 12), c.now.Offset));
        WhenParser.Parse(string.Create(CultureInfo.InvariantCulture, $"tomorrow at {c.n} am"), c.now).ShouldBe(new DateTimeOffset(day.AddHours(c.n), c.now.Offset));
        WhenParser.Parse($"kal subah {Latin[c.n - 1]} baje", c.now)!.Value.Date.ShouldBe(day);
        WhenParser.Parse($"कल सुबह {Hindi[c.n - 1]} बजे", c.now).ShouldBe(WhenParser.Parse($"kal subah {Latin[c.n - 1]} baje", c.now));
    }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Weekday_IsWithinAWeek_AndOnThatDay() => Prop.ForAll((from now in Nows from day in Gen.Elements(Enum.GetValues<DayOfWeek>()) select (now, day)).ToArbitrary(), c =>
    {
        var at = WhenParser.Parse($"on {c.day.ToString().ToLowerInvariant()} at 4 pm", c.now)!.Value;
        at.DayOfWeek.ShouldBe(c.day);
        at.ShouldBeGreaterThan(c.now);
        (at - c.now).TotalDays.ShouldBeLessThanOrEqualTo(8);
        (at.Offset, at.Hour).ShouldBe((c.now.Offset, 16));
    }).Check(Config.QuickThrowOnFailure);

    /// <summary>Prevents: a callback in the past, or an exception on what somebody mumbled.</summary>
    [Fact]
    public void Anything_IsNothing_OrLiesAhead() => Prop.ForAll(
        (from now in Nows from words in Gen.ListOf(Gen.Elements("tomorrow", "kal", "शाम", "paanch", "बजे", "4", "pm", "next", "monday", "do", "ghante", "baad", "parso", "25", "99", ":", "half", "aadhe", "31", "december", "शनिवार", "x")) select (now, text: string.Join(' ', words))).ToArbitrary(),
        c =>
        {
            if (WhenParser.Parse(c.text, c.now) is { } at)
            {
                at.ShouldBeGreaterThan(c.now, c.text);
                at.Offset.ShouldBe(c.now.Offset, c.text);
            }
        }).Check(Config.QuickThrowOnFailure);
}
