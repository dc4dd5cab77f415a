using System.Globalization;
using AIX.Core.Leads;
using AIX.Core.Scoring;
using AIX.Web.Components;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Components;

public class ComponentTests : BunitContext
{
    public ComponentTests()
    {
        Services.AddLocalization();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Theory]
    [InlineData("en", Band.Hot, false, "Hot")]
    [InlineData("hi", Band.Warm, false, "वॉर्म")]
    [InlineData("en", Band.Hot, true, "Uncertain")]
    public void BandBadge_SaysTheBandInWordsAndShape(string language, Band band, bool uncertain, string word)
    {
        using var culture = new CultureScope(language);

        var badge = Render<BandBadge>(p => p.Add(b => b.Band, band).Add(b => b.Uncertain, uncertain));

        badge.Find(".bd").TextContent.Trim().ShouldBe(word);
        badge.FindAll("svg > *").Count.ShouldBe(1);
    }

    [Fact]
    public void ScoreInterval_TellsScreenReadersNumberAndDoubt()
    {
        using var culture = new CultureScope("en");

        var interval = Render<ScoreInterval>(p => p.Add(i => i.Score, 0.82).Add(i => i.Low, 0.71).Add(i => i.High, 0.9).Add(i => i.Band, Band.Warm));

        interval.Find("[role=img]").GetAttribute("aria-label").ShouldBe("0.82, 95 % interval 0.71 to 0.90");
        interval.Find("[role=img]").GetAttribute("style").ShouldBe("--p:0.82;--lo:0.71;--hi:0.9");
    }

    [Theory]
    [InlineData(0.00001, "0.01")]
    [InlineData(0.99999, "0.99")]
    [InlineData(0.824, "0.82")]
    public void Score_IsNeverShownAsCertain(double p, string shown) => ScoreInterval.Show(p).ShouldBe(shown);

    [Fact]
    public void Ledger_ShowsBaseRateEachContributionAndTheSum()
    {
        using var culture = new CultureScope("en");
        var ledger = new Ledger(-1, [new Contribution("companySize", "412", 1.5, []), new Contribution("territory", "Mars", -0.25, []), new Contribution("industry", null, 0, [])]);

        var drawing = Render<LedgerWaterfall>(p => p.Add(l => l.Ledger, ledger).Add(l => l.Hot, 0.85).Add(l => l.Warm, 0.5));

        var text = drawing.FindAll("text").Select(t => t.TextContent).ToList();
        text.ShouldContain("−1.00");
        text.ShouldContain("+1.50");
        text.ShouldContain("−0.25");
        text.ShouldContain("0.25");
        drawing.FindAll("rect").Count.ShouldBe(4);
    }

    /// <summary>Many lines: sub-scores first, all lines at a press; both add up to the same score.</summary>
    [Fact]
    public void Ledger_OfManyLines_ShowsSubScoresFirst()
    {
        using var culture = new CultureScope("en");
        var ledger = new Ledger(-1, [.. new[] { "companySize", "territory", "seniority", "technologies", "engagement", "reachability", "attr.plan", "attr.tier", "attr.seats" }.Select(f => new Contribution(f, "x", 0.25, []))]);
        ledger.Groups.Sum(g => g.Logit).ShouldBe(ledger.Logit + 1, 1e-12);
        ledger.Groups[0].ShouldBe((SubScores.Attributes, 0.75));

        var drawing = Render<LedgerWaterfall>(p => p.Add(l => l.Ledger, ledger).Add(l => l.Hot, 0.85).Add(l => l.Warm, 0.5));

        drawing.FindAll("text").Select(t => t.TextContent).ShouldContain(t => t.StartsWith("Company and place", StringComparison.Ordinal));
        drawing.FindAll("rect").Count.ShouldBe(ledger.Groups.Count + 2);
        drawing.FindAll("button")[1].Click();
        drawing.FindAll("rect").Count.ShouldBe(11);
        drawing.FindAll("button")[1].GetAttribute("aria-pressed").ShouldBe("true");
    }

    private sealed class CultureScope : IDisposable
    {
        private readonly CultureInfo _before = CultureInfo.CurrentUICulture;

        public CultureScope(string name) => CultureInfo.CurrentUICulture = new CultureInfo(name);

        public void Dispose() => CultureInfo.CurrentUICulture = _before;
    }
}
