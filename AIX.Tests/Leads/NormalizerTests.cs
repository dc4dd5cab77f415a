using AIX.Core.Leads;
using AIX.Core.Leads.Intake;
using Shouldly;
using Xunit;

namespace AIX.Tests.Leads;

public class NormalizerTests
{
    private static readonly PhoneNormalizer India = new("IN", demoBlockIsMobile: false);

    [Theory]
    [InlineData("098250 12345", "+919825012345", PhoneLine.Mobile)]
    [InlineData("+91-94250-98765", "+919425098765", PhoneLine.Mobile)]
    [InlineData("91 9825012345", "+919825012345", PhoneLine.Mobile)]
    [InlineData("0091 9825012345", "+919825012345", PhoneLine.Mobile)]
    [InlineData("022-2345 6789", "+912223456789", PhoneLine.Landline)]
    [InlineData("(0731) 4012345 ext. 12", "+917314012345", PhoneLine.Landline)]
    [InlineData("९८२५०१२३४५", "+919825012345", PhoneLine.Mobile)]
    [InlineData("tel:+919825012345", "+919825012345", PhoneLine.Mobile)]
    [InlineData("9825012345 / 9825054321", "+919825012345", PhoneLine.Mobile)]
    [InlineData("1800 123 4567", "+9118001234567", PhoneLine.TollFree)]
    [InlineData("+1 212 555 2368", "+12125552368", PhoneLine.MobileOrLandline)]
    [InlineData("+44 7400 123456", "+447400123456", PhoneLine.Mobile)]
    public void Phone_Valid_IsE164WithItsLine(string raw, string expected, PhoneLine line)
    {
        var phone = India.Normalize(raw)!.Value;

        phone.Flag.ShouldBeNull();
        (phone.Value, phone.Line).ShouldBe((expected, line));
    }

    [Theory]
    [InlineData("12", "too few digits")]
    [InlineData("9.82501E+11", "rounded")]
    [InlineData("call me", "letters")]
    [InlineData("+91 11111 00001", "not a number that its country gives out")]
    [InlineData("12345678901234567890123456789012345", "too many digits")]
    public void Phone_Invalid_SaysWhyAndKeepsTheText(string raw, string why)
    {
        var phone = India.Normalize(raw)!.Value;

        phone.Flag.ShouldNotBeNull().ShouldContain(why);
        phone.Value.ShouldBe(raw);
    }

    [Fact]
    public void Phone_DemoBlock_IsMobileOnlyWhenAllowed() =>
        new PhoneNormalizer("IN", demoBlockIsMobile: true).Normalize("+91 11111 00001")!.Value.ShouldBe(new ContactValue("+911111100001", PhoneLine.Mobile));

    [Theory]
    [InlineData(" Asha.Example@Firm.Example.COM ", "asha.example@firm.example.com")]
    [InlineData("Asha Example <asha@firm.test>", "asha@firm.test")]
    [InlineData("mailto:asha@firm.test", "asha@firm.test")]
    [InlineData("asha@firm.test,", "asha@firm.test")]
    [InlineData("asha@bücher.example", "asha@xn--bcher-kva.example")]
    public void Email_Valid_IsNormalised(string raw, string expected) => EmailNormalizer.Normalize(raw)!.Value.ShouldBe(new ContactValue(expected));

    [Theory]
    [InlineData("asha")]
    [InlineData("a@b@c.test")]
    [InlineData("asha@firm")]
    [InlineData(".asha@firm.test")]
    [InlineData("a..b@firm.test")]
    [InlineData("asha@-firm.test")]
    [InlineData("asha firm@x.test")]
    public void Email_Invalid_IsFlagged(string raw) => EmailNormalizer.Normalize(raw)!.Value.Flag.ShouldNotBeNull();

    [Theory]
    [InlineData("Select")]
    [InlineData("  n/a ")]
    [InlineData("\u00A0")]
    [InlineData("")]
    [InlineData("NULL")]
    public void Clean_WordsForNothing_AreNull(string raw) => TextNormalizer.Clean(raw).ShouldBeNull();

    [Theory]
    [InlineData("RAVI  KUMAR", "Ravi Kumar")]
    [InlineData("मीनाक्षी  शर्मा", "मीनाक्षी शर्मा")]
    [InlineData("de Souza", "de Souza")]
    [InlineData("e\u0301lan", "\u00e9lan")]
    public void Name_IsTidied(string raw, string expected) => TextNormalizer.Name(raw).ShouldBe(expected);

    /// <summary>PostgreSQL's UTF-8 cannot hold a lone surrogate: prevents that one such cell ends an import.</summary>
    [Fact]
    public void Name_LoneSurrogate_IsReplaced() => TextNormalizer.Name($"a{(char)0xD800}b").ShouldBe("a\uFFFDb");

    [Theory]
    [InlineData("https://www.Firm.example/path?x=1", "firm.example")]
    [InlineData("firm.example:8080", "firm.example")]
    [InlineData("gmail.com", null)]
    [InlineData("not a site", null)]
    public void Website_GivesItsHost(string raw, string? expected) => CompanyHost.OfWebsite(raw).ShouldBe(expected);

    [Fact]
    public void CompanyHost_IsTheFullHostAndNeverFreeMail()
    {
        CompanyHost.OfEmail("a@mail.firm.example").ShouldBe("mail.firm.example");
        CompanyHost.OfEmail("a@gmail.com").ShouldBeNull();
    }

    [Theory]
    [InlineData("1,23,456.5", 123456.5)]
    [InlineData("₹ 12,000", 12000)]
    [InlineData("45 %", 45)]
    public void Number_OfIndia_IsRead(string text, double expected)
    {
        ValueParser.TryNumber(text, out var value).ShouldBeTrue();
        value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("1e999")]
    [InlineData("0123")]
    [InlineData("twelve")]
    public void Number_ThatIsNone_IsRefused(string text) => ValueParser.TryNumber(text, out _).ShouldBeFalse();

    [Fact]
    public void Date_ReadsBothOrders()
    {
        ValueParser.TryDate("11/12/2026", true, out var dayFirst).ShouldBeTrue();
        ValueParser.TryDate("11/12/2026", false, out var monthFirst).ShouldBeTrue();
        ValueParser.TryDate("31/12/2026", false, out var onlyDay).ShouldBeTrue();
        (dayFirst.Month, monthFirst.Month, onlyDay.Month).ShouldBe((12, 11, 12));
    }
}
