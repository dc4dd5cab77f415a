using System.Text;
using AIX.Core.Auditing;
using AIX.Core.Enrichment;
using AIX.Core.Pipeline;
using AIX.Core.Scoring;
using AIX.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Enrichment;

/// <summary>A person's word outweighs the sources, and they learn from it.</summary>
public class CorrectionTests : DatabaseTest
{
    [Fact]
    public async Task Correction_Stands_AndMovesTheSources_AndTheScore()
    {
        (await Get<ImportDirectory>().ExecuteAsync(Acme, Actor.System, Encoding.UTF8.GetBytes("name,domain,employees\nUmbra,umbra.example.com,5000\n"), CancellationToken.None)).IsOk.ShouldBeTrue();
        var id = (await SubmitAsync(Acme, new { email = "a@umbra.example.com", employees = 520 }))[0].LeadId!.Value;
        await DrainAsync();
        var before = await DetailAsync(id);
        before.Disagreements(Time.GetUtcNow()).Single().Value.ShouldBe("5000");

        (await Get<ICorrectFact>().ExecuteAsync(Acme, Actor.System, id, "employees", "525", CancellationToken.None)).IsOk.ShouldBeTrue();
        (await DrainAsync()).ShouldBe(1);

        var after = await DetailAsync(id);
        var size = after.Disagreements(Time.GetUtcNow()).Single(d => d.Attribute == "employees");
        size.Value.ShouldBe("525");
        after.Lead.Score!.Value.ShouldBeGreaterThan(before.Lead.Score!.Value + 0.05);
        after.Ledger!.Contributions.Single(c => c.Feature == "companySize").FactIds.ShouldContain(after.Facts.Single(f => f.Source == LeadFact.Person).Id);
        (await ReliabilityAsync(DirectorySource.Name)).ShouldBeLessThan(0.75);
        (await ReliabilityAsync(LeadForScoring.OwnSource)).ShouldBeGreaterThan(0.8);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.source_reliabilities WHERE source = 'person'")).ShouldBe(0);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.audit_entries WHERE action = 'fact.corrected'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("employees", "  ", "invalid-value")]
    [InlineData("email", "x@y.test", "invalid-attribute")]
    [InlineData("", "x", "invalid-attribute")]
    public async Task Correction_ThatCannotBe_IsRefusedWithAReason(string attribute, string value, string code)
    {
        var id = (await SubmitAsync(Acme, new { email = "a@umbra.example.com" }))[0].LeadId!.Value;

        (await Get<ICorrectFact>().ExecuteAsync(Acme, Actor.System, id, attribute, value, CancellationToken.None)).Error!.Code.ShouldBe(code);
        (await Get<ICorrectFact>().ExecuteAsync(Globex, Actor.System, id, "employees", "5", CancellationToken.None)).Error!.Code.ShouldBe("unknown-lead");
    }

    /// <summary>"Company size unknown: interval ±0.07 wider": what is not known is named, and knowing it makes the interval narrower by about so much.</summary>
    [Fact]
    public async Task UnknownFeatures_AreNamed_WithWhatTheyCost()
    {
        var id = (await SubmitAsync(Acme, new { email = "a@umbra.example.com", title = "Head of HR", industry = "software" }))[0].LeadId!.Value;
        await DrainAsync();
        var unknown = await DetailAsync(id);
        var named = unknown.Unknown.Single(u => u.Feature == "companySize");

        var known = (await SubmitAsync(Acme, new { email = "b@umbra.example.com", title = "Head of HR", industry = "software", employees = 230 }))[0].LeadId!.Value;
        await DrainAsync();

        named.HalfWidth.ShouldBeGreaterThan(0.005);
        (await DetailAsync(known)).Unknown.ShouldNotContain(u => u.Feature == "companySize");
        unknown.Unknown.Select(u => u.HalfWidth).ShouldBeInOrder(SortDirection.Descending);
    }

    /// <summary>By the model itself: the same lead with the feature known to be the average has an interval that much narrower on each side.</summary>
    [Fact]
    public void HalfWidth_IsTheDifferenceToTheLeadThatIsKnownToBeAverage()
    {
        var icp = new AIX.Core.Profiles.IdealCustomerProfile { Version = 1 };
        var model = new ProfileModel(icp);
        double?[] values = [null, 0.9, 0.8, 0.5, null, 0.3, 0.7];
        double?[] average = [0.5, .. values[1..]];
        var rest = new double?[FeatureExtractor.Names.Count - values.Length];
        Array.Fill(rest, 0.5);
        var (score, known) = (model.Score([.. values, .. rest]), model.Score([.. average, .. rest]));

        var unknown = Imputation.Of([.. FeatureExtractor.Names.Select((n, k) => new Feature(n, k < values.Length ? values[k] : 0.5, null, []))], icp, score);

        unknown.Select(u => u.Feature).ShouldBe(["companySize", "technologies"]);
        unknown[0].HalfWidth.ShouldBe((score.High - score.Low - (known.High - known.Low)) / 2, 1e-9);
    }

    private Task<double> ReliabilityAsync(string source) => ScalarAsync<double>("SELECT alpha / (alpha + beta) FROM aix.source_reliabilities WHERE source = $1 AND attribute = 'employees'", source);

    private async Task<LeadDetail> DetailAsync(Guid id)
    {
        using var scope = For(Acme);
        return (await scope.ServiceProvider.GetRequiredService<ILeadDetailQueries>().GetAsync(id, CancellationToken.None))!;
    }
}
