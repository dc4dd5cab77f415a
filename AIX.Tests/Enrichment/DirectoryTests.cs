using AIX.Core.Companies;
using System.Text;
using AIX.Core.Auditing;
using AIX.Core.Enrichment;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Enrichment;

/// <summary>The tenant's own company list becomes facts of its leads.</summary>
public class DirectoryTests : DatabaseTest
{
    [Theory]
    [InlineData("M/s. Lotus Castings Pvt. Ltd.", "lotus castings")]
    [InlineData("LOTUS CASTINGS PRIVATE LIMITED", "lotus castings")]
    [InlineData("Lotus & Sons LLP", "lotus and sons")]
    [InlineData("Company of Artists Inc.", "company of artists")]
    [InlineData("लोटस कास्टिंग प्राइवेट लिमिटेड", "लोटस कास्टिंग")]
    [InlineData("Ltd", "ltd")]
    [InlineData("  ", null)]
    public void Names_OfOneCompany_AreOne(string name, string? key) => CompanyName.Key(name).ShouldBe(key);

    [Fact]
    public async Task List_IsFoundByDomainAndByName_AndReachesLeadsThatAreThereAlready()
    {
        var byDomain = (await SubmitAsync(Acme, new { email = "a@umbra-castings.example.com", employees = 50 }))[0].LeadId!.Value;
        var byName = (await SubmitAsync(Acme, new { name = "B", phone = "+911111100002", company = "Umbra Foods Private Limited" }))[0].LeadId!.Value;
        var ambiguous = (await SubmitAsync(Acme, new { name = "C", phone = "+911111100003", company = "Umbra Textiles" }))[0].LeadId!.Value;
        await DrainAsync();

        var done = await ImportAsync("company name,website,sector,staff,founded\nUmbra Castings,https://www.umbra-castings.example.com/x,Manufacturing,75,1999\nUmbra Foods,,Food processing,20,\nUmbra Textiles,one.example.com,Textiles,5,\nUmbra Textiles,two.example.com,Retail,6,\n");
        (await DrainAsync()).ShouldBe(3);

        (done.Companies, done.Rejected).ShouldBe((4, 0));
        done.Attributes.ShouldBe(["industry", "employees", "founded"]);
        var lead = await DetailAsync(byDomain);
        lead.Facts.Where(f => f.Source == DirectorySource.Name).Select(f => (f.Attribute, f.Value)).ShouldBe([("employees", "75"), ("founded", "1999"), ("industry", "Manufacturing")], ignoreOrder: true);

        // The list, found by the domain, is worth more than the lead's own word; the ledger cites what stands.
        var size = lead.Disagreements(Time.GetUtcNow()).ShouldHaveSingleItem();
        (size.Attribute, size.Value, size.RunnerUp!.Value, size.Conflict).ShouldBe(("employees", "75", "50", true));
        lead.Ledger!.Contributions.Single(c => c.Feature == "companySize").FactIds.ShouldBe(size.FactIds);
        (await DetailAsync(byName)).Facts.ShouldContain(f => f.Attribute == "industry" && f.Value == "Food processing" && f.Reliability < 0.8);
        (await DetailAsync(ambiguous)).Facts.ShouldNotContain(f => f.Source == DirectorySource.Name);
    }

    /// <summary>Prevents: a list that is wrong again and again goes on overruling everybody. Two sources that agree bring a third down; what is learned stays in the tenant.</summary>
    [Fact]
    public async Task Source_ThatIsAloneAgainAndAgain_LosesItsStanding()
    {
        var list = new StringBuilder("name,domain,industry\n");
        for (var i = 0; i < 30; i++)
        {
            list.Append(System.Globalization.CultureInfo.InvariantCulture, $"Umbra {i},umbra{i}.example.com,Hospitality\n");
        }

        await ImportAsync(list.ToString());
        for (var i = 0; i < 30; i++)
        {
            await SubmitAsync(Acme, new { email = $"a@umbra{i}.example.com", industry = "software", attributes = new Dictionary<string, string> { ["CIN"] = $"U72200KA2009PTC{i:D6}" } });
        }

        await DrainAsync();

        (await ScalarAsync<double>("SELECT alpha / (alpha + beta) FROM aix.source_reliabilities WHERE source = 'company directory' AND attribute = 'industry'")).ShouldBeLessThan(0.6);
        (await ScalarAsync<double>("SELECT alpha / (alpha + beta) FROM aix.source_reliabilities WHERE source = 'CIN' AND attribute = 'industry'")).ShouldBeGreaterThan(0.7);
        (await ScalarAsync<long>($"SELECT count(*) FROM aix.source_reliabilities WHERE tenant_id = '{Globex}'")).ShouldBe(0);
        var lead = await DetailAsync(await ScalarAsync<Guid>("SELECT id FROM aix.leads ORDER BY id DESC LIMIT 1"));
        lead.Disagreements(Time.GetUtcNow()).Single(d => d.Attribute == "industry").Value.ShouldBe("software");
    }

    [Fact]
    public async Task List_OfAnotherTenant_SaysNothingHere_AndANewOneTakesThePlaceOfTheOld()
    {
        await ImportAsync("name,domain,industry\nUmbra,umbra.example.com,Retail\n");
        var there = (await SubmitAsync(Globex, new { email = "a@umbra.example.com" }))[0].LeadId!.Value;
        await DrainAsync();
        using (var scope = For(Globex))
        {
            (await scope.ServiceProvider.GetRequiredService<ILeadDetailQueries>().GetAsync(there, CancellationToken.None))!.Facts.ShouldNotContain(f => f.Source == DirectorySource.Name);
        }

        await ImportAsync("name;domain\nOther;other.example.com\n");
        (await Get<IDirectoryStore>().StateAsync(Acme, CancellationToken.None)).Companies.ShouldBe(1);
        (await Get<IDirectoryStore>().StateAsync(Globex, CancellationToken.None)).Companies.ShouldBe(0);
    }

    [Theory]
    [InlineData("", "empty-file")]
    [InlineData("employees,industry\n5,Retail\n", "no-company-column")]
    [InlineData("name,domain\n,not a domain\n,\n", "no-companies")]
    public async Task BadLists_AreRefusedWithAReason_AndTheOldOneStays(string csv, string code)
    {
        await ImportAsync("name\nUmbra\n");

        var result = await Get<ImportDirectory>().ExecuteAsync(Acme, Actor.System, Encoding.UTF8.GetBytes(csv), CancellationToken.None);

        result.Error!.Code.ShouldBe(code);
        (await Get<IDirectoryStore>().StateAsync(Acme, CancellationToken.None)).Companies.ShouldBe(1);
    }

    [Fact]
    public async Task Rows_ThatAreNone_AreNamed_AndTheOthersStand()
    {
        var done = await ImportAsync("name,domain\nUmbra,umbra.example.com\n,\nUMBRA Pvt Ltd,www.umbra.example.com\nOther,\n");

        (done.Companies, done.Rejected).ShouldBe((2, 2));
        done.Errors.Select(e => e.Line).ShouldBe([3, 4]);
        done.Errors[1].Reason.ShouldContain("further up");
    }

    private async Task<DirectoryImport> ImportAsync(string csv)
    {
        var result = await Get<ImportDirectory>().ExecuteAsync(Acme, Actor.System, Encoding.UTF8.GetBytes(csv), CancellationToken.None);
        result.IsOk.ShouldBeTrue(result.Error?.Message);
        return result.Value;
    }

    private async Task<LeadDetail> DetailAsync(Guid id)
    {
        using var scope = For(Acme);
        return (await scope.ServiceProvider.GetRequiredService<ILeadDetailQueries>().GetAsync(id, CancellationToken.None))!;
    }
}
