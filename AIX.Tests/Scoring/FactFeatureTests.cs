using System.Text.Json;
using AIX.Core.Enrichment;
using AIX.Core.Scoring;
using Shouldly;
using Xunit;

namespace AIX.Tests.Scoring;

/// <summary>What sources say, as scoring reads it.</summary>
public class FactFeatureTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 6, 0, 0, TimeSpan.Zero);

    /// <summary>Prevents: once a source's reliability is learned, its word about a company that is hardly the lead's counts as much as about one that surely is.</summary>
    [Fact]
    public void ConfidenceInTheCompany_SurvivesWhatIsLearnedOfTheSource()
    {
        var lead = Lead("employees", "75", 0.4, new Dictionary<(string, string), double> { [("register", "employees")] = 0.9 });

        lead.ClaimsOf("employees").Single().Reliability.ShouldBe(0.36, 1e-12);
        LearnReliability.Of([("employees", [.. lead.ClaimsOf("employees"), new Claim(Guid.CreateVersion7(), "other", "80", Now, 0.7)])], Now).Single(g => g.Source == "register").Seed.ShouldBe(0.9, 1e-12);
    }

    /// <summary>Prevents: a number or a day that a source gave becomes a category with as many levels as leads.</summary>
    [Theory]
    [InlineData("annualRevenue", "5200000", FeatureKind.Number)]
    [InlineData("event.funding", "2026-10-02", FeatureKind.Date)]
    [InlineData("technologies", "SAP, HubSpot", FeatureKind.List)]
    [InlineData("industry", "Manufacturing", FeatureKind.Text)]
    public void Fact_IsReadAsWhatItIs(string attribute, string value, FeatureKind kind) =>
        RawFeatures.Extract(Lead(attribute, value, 1, new Dictionary<(string, string), double>())).Single(f => f.Name == "fact." + attribute).Kind.ShouldBe(kind);

    private static LeadForScoring Lead(string attribute, string value, double confidence, IReadOnlyDictionary<(string, string), double> learned) => new()
    {
        Id = Guid.CreateVersion7(),
        Attributes = JsonDocument.Parse("{}").RootElement,
        At = Now,
        Facts = new Dictionary<string, IReadOnlyList<Claim>> { [attribute] = [new Claim(Guid.CreateVersion7(), "register", value, Now, 0.8) { Confidence = confidence }] },
        Reliabilities = learned,
    };
}
