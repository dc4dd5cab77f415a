using AIX.Core.Companies;
using AIX.Core.Tenancy;
using AIX.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace AIX.Tests.Companies;

/// <summary>Which company a lead means, how sure that is, and which others it might have been.</summary>
public class DisambiguationTests : DatabaseTest
{
    [Fact]
    public async Task Leads_OfOneCompany_ShareIt_HoweverTheyWriteIt()
    {
        var first = await LeadAsync(new { email = "a@umbra-castings.example.com", company = "Umbra Castings Pvt. Ltd." });
        var byDomain = await LeadAsync(new { email = "b@umbra-castings.example.com", company = "UC Group" });
        var byName = await LeadAsync(new { phone = "+911111100002", company = "M/s Umbra Castings Private Limited" });
        var bySubdomain = await LeadAsync(new { email = "c@mail.umbra-castings.example.com", company = "Umbra Castings" });
        var other = await LeadAsync(new { email = "d@umbra-foods.example.com", company = "Umbra Foods" });

        var links = await LinksAsync();

        new[] { byDomain, byName, bySubdomain }.ShouldAllBe(l => links[l].CompanyId == links[first].CompanyId);
        links[other].CompanyId.ShouldNotBe(links[first].CompanyId);
        (links[byDomain].Evidence, links[byName].Evidence).ShouldBe(("Domain", "Name"));
        links[byDomain].Confidence.ShouldBeGreaterThan(links[byName].Confidence);
        links[byName].Confidence.ShouldBeInRange(0.6, 0.9);
        (await ScalarAsync<string>("SELECT name FROM aix.companies c JOIN aix.lead_companies l ON l.company_id = c.id WHERE l.lead_id = $1", first)).ShouldBe("Umbra Castings Pvt. Ltd.");
    }

    /// <summary>Prevents: a lead that gives a name only is put into one of two companies of that name, as if that were known.</summary>
    [Fact]
    public async Task Name_ThatTwoCompaniesBear_IsNeither_AndBothAreShownAsCandidates()
    {
        var one = await LeadAsync(new { email = "a@umbra-one.example.com", company = "Umbra Textiles" });
        var two = await LeadAsync(new { email = "b@umbra-two.example.com", company = "Umbra Textiles" });
        var unsure = await LeadAsync(new { phone = "+911111100003", company = "Umbra Textiles" });
        var alsoUnsure = await LeadAsync(new { phone = "+911111100004", company = "Umbra Textiles" });

        var links = await LinksAsync();

        links[two].CompanyId.ShouldNotBe(links[one].CompanyId);
        links[unsure].CompanyId.ShouldNotBeOneOf(links[one].CompanyId, links[two].CompanyId);
        links[unsure].Confidence.ShouldBeLessThan(0.5);
        links[unsure].Rejected.ShouldContain(links[one].CompanyId.ToString());
        links[unsure].Rejected.ShouldContain(links[two].CompanyId.ToString());
        links[alsoUnsure].CompanyId.ShouldBe(links[unsure].CompanyId);
    }

    /// <summary>Registered numbers outweigh everything: one legal entity in two states, two entities with one name.</summary>
    [Fact]
    public async Task RegisteredNumbers_DecideAgainstNames()
    {
        var maharashtra = await LeadAsync(new { phone = "+911111100005", company = "Umbra Steel", attributes = new Dictionary<string, string> { ["GST"] = "27AAPFU0939F1ZV" } });
        var sameEntity = await LeadAsync(new { phone = "+911111100006", company = "US Metals", attributes = new Dictionary<string, string> { ["GST"] = Gstin("29AAPFU0939F1Z") } });
        var otherEntity = await LeadAsync(new { phone = "+911111100007", company = "Umbra Steel", attributes = new Dictionary<string, string> { ["GST"] = Gstin("27AABCU9603R1Z") } });

        var links = await LinksAsync();

        links[sameEntity].CompanyId.ShouldBe(links[maharashtra].CompanyId);
        links[sameEntity].Evidence.ShouldBe("TaxId");
        links[otherEntity].CompanyId.ShouldNotBe(links[maharashtra].CompanyId);
    }

    [Fact]
    public async Task Companies_OfAnotherTenant_AreOthers()
    {
        await LeadAsync(new { email = "a@umbra.example.com" });
        await SubmitAsync(Globex, new { email = "a@umbra.example.com" });
        await DrainAsync();

        (await ScalarAsync<long>("SELECT count(DISTINCT id) FROM aix.companies")).ShouldBe(2);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_companies l JOIN aix.companies c ON c.id = l.company_id WHERE c.tenant_id <> l.tenant_id")).ShouldBe(0);
    }

    /// <summary>A gmail address and no company name say nothing of a company.</summary>
    [Fact]
    public async Task Lead_WithoutACompany_HasNone()
    {
        await LeadAsync(new { email = "someone@gmail.com" });
        (await LinksAsync()).ShouldBeEmpty();
    }

    private async Task<Guid> LeadAsync(object lead)
    {
        var id = (await SubmitAsync(Acme, lead))[0].LeadId!.Value;
        await DrainAsync();
        return id;
    }

    private async Task<Dictionary<Guid, LeadCompany>> LinksAsync()
    {
        await using var db = Sources.Context(Acme);
        return await db.Set<LeadCompany>().ToDictionaryAsync(l => l.LeadId);
    }

    /// <summary>With its check character (mod 36).</summary>
    private static string Gstin(string first14) => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".Select(c => first14 + c).First(n => AIX.Core.Enrichment.IndianRegistry.ReadGstin(n) is not null);
}
