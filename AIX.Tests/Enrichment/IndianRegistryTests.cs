using AIX.Core.Enrichment;
using Shouldly;
using Xunit;

namespace AIX.Tests.Enrichment;

public class IndianRegistryTests
{
    /// <summary>The check character by hand for 27AAPFU0939F1Z: the sum of its products' digits is 221, 221 mod 36 is 5, 36 − 5 is 31: V.</summary>
    [Theory]
    [InlineData("27AAPFU0939F1ZV", "Maharashtra", "partnership")]
    [InlineData(" 27aapfu0939f1zv ", "Maharashtra", "partnership")]
    [InlineData("27 AAPFU 0939F 1ZV", "Maharashtra", "partnership")]
    public void Gstin_SaysStateAndForm(string text, string state, string form)
    {
        var read = IndianRegistry.ReadGstin(text)!;

        (read.State, read.LegalForm, read.Number).ShouldBe((state, form, "27AAPFU0939F1ZV"));
    }

    [Theory]
    [InlineData("27AAPFU0939F1ZU")]
    [InlineData("72AAPFU0939F1ZV")]
    [InlineData("27AAPFU0939F1V")]
    [InlineData("")]
    [InlineData("27AAPFU0939F1ZV27AAPFU0939F1ZV27AAPFU0939F1ZV")]
    public void Gstin_WithAWrongCheckStateOrShape_IsNone(string text) => IndianRegistry.ReadGstin(text).ShouldBeNull();

    /// <summary>Prevents: a typing error goes unnoticed. One character changed is always found.</summary>
    [Fact]
    public void Gstin_AnyOneDigitChanged_IsFound()
    {
        const string Number = "27AAPFU0939F1ZV";
        foreach (var at in new[] { 0, 1, 7, 8, 9, 10 })
        {
            foreach (var digit in "0123456789".Where(d => d != Number[at]))
            {
                IndianRegistry.ReadGstin(Number[..at] + digit + Number[(at + 1)..]).ShouldBeNull();
            }
        }
    }

    [Theory]
    [InlineData("U72200KA2009PTC000001", false, "software", "Karnataka", 2009, "private limited")]
    [InlineData("L27100MH1995PLC000002", true, "manufacturing", "Maharashtra", 1995, "public limited")]
    [InlineData("U62099TG2021OPC000003", false, "software", "Telangana", 2021, "one person company")]
    [InlineData("u85110-dl2018-npl-000004", false, "education", "Delhi", 2018, "non-profit")]
    public void Cin_SaysIndustryStateYearAndForm(string text, bool listed, string industry, string state, int year, string form)
    {
        var read = IndianRegistry.ReadCin(text, 2026)!;

        (read.Listed, read.Industry, read.State, read.Year, read.LegalForm).ShouldBe((listed, industry, state, year, form));
    }

    [Theory]
    [InlineData("U72200KA2031PTC000001")]
    [InlineData("U72200ZZ2009PTC000001")]
    [InlineData("U72200KA2009XXX000001")]
    [InlineData("X72200KA2009PTC000001")]
    public void Cin_ThatCannotBe_IsNone(string text) => IndianRegistry.ReadCin(text, 2026).ShouldBeNull();
}
