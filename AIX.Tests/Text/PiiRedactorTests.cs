using AIX.Core.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace AIX.Tests.Text;

public class PiiRedactorTests
{
    [Theory]
    [InlineData("Write to asha@umbra.example.com.", "Write to [EMAIL_1].")]
    [InlineData("Call +91 11111 00001 or 011111 00002", "Call [PHONE_1] or [PHONE_2]")]
    [InlineData("Aadhaar 2341 2341 2346, card 4111-1111-1111-1111", "Aadhaar [AADHAAR_1], card [CARD_1]")]
    [InlineData("PAN ABCPE1234F", "PAN [PAN_1]")]
    [InlineData("412 staff since 1999, revenue 2,50,00,000, 95 %", "412 staff since 1999, revenue 2,50,00,000, 95 %")]
    [InlineData("Asha Example and asha; Ashanti stays", "[NAME_1] and [NAME_2]; Ashanti stays")]
    [InlineData("आशा को बताइए", "आशा को बताइए")]
    public void Redact_TakesOutWhatNamesAPerson_AndLeavesTheRest(string text, string redacted) => PiiRedactor.Redact(text, ["Asha Example", null, " "]).Text.ShouldBe(redacted);

    [Fact]
    public void Names_InDevanagari_AreTakenOutWhole() => PiiRedactor.Redact("आशा से बात हुई, आशाओं से नहीं", ["आशा"]).Text.ShouldBe("[NAME_1] से बात हुई, आशाओं से नहीं");

    [Fact]
    public void TheSameValue_GetsTheSamePlaceholder_AndComesBack()
    {
        var redacted = PiiRedactor.Redact("a@umbra.example.com, again a@umbra.example.com, and b@umbra.example.com", []);

        redacted.Text.ShouldBe("[EMAIL_1], again [EMAIL_1], and [EMAIL_2]");
        redacted.Restore("Dear [EMAIL_2], not [EMAIL_9]").ShouldBe("Dear b@umbra.example.com, not [EMAIL_9]");
    }

    /// <summary>Prevents: a text that holds placeholders of its own gets somebody's data put in their place.</summary>
    [Fact]
    public void Placeholders_InTheTextItself_ComeBackAsTheyWere()
    {
        var redacted = PiiRedactor.Redact("[EMAIL_1] wrote to a@umbra.example.com", []);

        redacted.Text.ShouldNotContain("a@umbra");
        redacted.Restore(redacted.Text).ShouldBe("[EMAIL_1] wrote to a@umbra.example.com");
    }

    [Fact]
    public void Restore_OfARedactedText_IsTheText() => Prop.ForAll<NonNull<string>>(text =>
    {
        var mixed = text.Get + " a@umbra.example.com +91 11111 00001 " + text.Get;
        var redacted = PiiRedactor.Redact(mixed, ["Asha Example"]);
        return redacted.Restore(redacted.Text) == mixed && !redacted.Text.Contains("umbra.example", StringComparison.Ordinal);
    }).QuickCheckThrowOnFailure();

    /// <summary>Verhoeff's own example, 236 with the check digit 3, and a swapped pair, which it finds.</summary>
    [Fact]
    public void CheckDigits_OfBothSchemes()
    {
        PiiRedactor.IsVerhoeff("2363").ShouldBeTrue();
        PiiRedactor.IsVerhoeff("2633").ShouldBeFalse();
        PiiRedactor.IsLuhn("79927398713").ShouldBeTrue();
        PiiRedactor.IsLuhn("79927398710").ShouldBeFalse();
    }

    /// <summary>Prevents: a page of digits or of dots keeps a processor busy for minutes.</summary>
    [Theory]
    [InlineData('1')]
    [InlineData('.')]
    [InlineData('a')]
    public void LongRuns_CostBoundedTime(char c) => PiiRedactor.Redact(new string(c, 200_000), ["Asha"]).Text.Length.ShouldBeGreaterThan(0);
}
