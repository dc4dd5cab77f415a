using AIX.Core.Enrichment;
using AIX.Core.Scoring;
using AIX.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Pipeline;

/// <summary>From a registration number in a column of any name to the score: facts with their source, fused, cited.</summary>
public class EnrichTests : DatabaseTest
{
    private const string Software = "U72200KA2009PTC000001";

    [Fact]
    public async Task Cin_FillsWhatTheLeadDidNotSay_AndTheScoreCitesIt()
    {
        var lead = await RunAsync(new { email = "a@umbra.example.com", attributes = new Dictionary<string, string> { ["Registration"] = Software } });

        var facts = lead.Facts.Where(f => f.Source == "CIN").ToDictionary(f => f.Attribute);
        facts.ToDictionary(f => f.Key, f => f.Value.Value).ShouldBe(
            new Dictionary<string, string> { ["industry"] = "software", ["region"] = "Karnataka", ["incorporatedIn"] = "2009", ["legalForm"] = "private limited", ["listed"] = "no" }, ignoreOrder: true);
        var industry = lead.Ledger!.Contributions.Single(c => c.Feature == "industry");
        industry.FactIds.ShouldBe([facts["industry"].Id]);
        industry.Logit.ShouldBeGreaterThan(0);
        lead.Disagreements(Time.GetUtcNow()).ShouldBeEmpty();
    }

    /// <summary>The lead's own word is worth more than an activity code of 2009; what lost stays, and is shown.</summary>
    [Fact]
    public async Task Industry_ThatSourcesSeeDifferently_StandsWithItsRunnerUp()
    {
        var lead = await RunAsync(new { email = "b@umbra.example.com", industry = "Retail", attributes = new Dictionary<string, string> { ["CIN no."] = Software } });

        var industry = lead.Disagreements(Time.GetUtcNow()).ShouldHaveSingleItem();
        (industry.Attribute, industry.Value, industry.RunnerUp!.Value, industry.RunnerUp.Source, industry.Conflict).ShouldBe(("industry", "Retail", "software", "CIN", true));
        lead.Ledger!.Contributions.Single(c => c.Feature == "industry").FactIds.ShouldBe(industry.FactIds);
        lead.Facts.ShouldContain(f => f.Source == "CIN" && f.Attribute == "industry");
    }

    [Fact]
    public async Task Gstin_WithAWrongCheck_SaysNothing()
    {
        var lead = await RunAsync(new { email = "c@umbra.example.com", attributes = new Dictionary<string, string> { ["GST"] = "27AAPFU0939F1ZU", ["Other GST"] = "27AAPFU0939F1ZV" } });

        lead.Facts.Where(f => f.Source == "GSTIN").Select(f => (f.Attribute, f.Value)).ShouldBe([("legalForm", "partnership"), ("region", "Maharashtra")], ignoreOrder: true);
    }

    private async Task<LeadDetail> RunAsync(object lead)
    {
        var id = (await SubmitAsync(Acme, lead))[0].LeadId!.Value;
        await DrainAsync();
        using var scope = For(Acme);
        return (await scope.ServiceProvider.GetRequiredService<ILeadDetailQueries>().GetAsync(id, CancellationToken.None))!;
    }
}
