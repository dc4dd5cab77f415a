using AIX.Core.Text;
using Shouldly;
using Xunit;

namespace AIX.Tests.Text;

public class LanguageTests
{
    [Theory]
    [InlineData("Please send me the price of the payroll software", TextLanguage.English)]
    [InlineData("मुझे पेरोल सॉफ्टवेयर की कीमत बताइए", TextLanguage.Hindi)]
    [InlineData("mujhe payroll software ka price batao, kal call karo", TextLanguage.RomanisedHindi)]
    [InlineData("abhi nahi chahiye, baad mein phone karna", TextLanguage.RomanisedHindi)]
    [InlineData("we need this for our team in Pune", TextLanguage.English)]
    [InlineData("हमें demo चाहिए for 40 users", TextLanguage.Hindi)]
    [InlineData("எங்களுக்கு விலை வேண்டும்", TextLanguage.Other)]
    [InlineData("12345 !!", TextLanguage.Unknown)]
    [InlineData("", TextLanguage.Unknown)]
    [InlineData("Umbra Castings", TextLanguage.English)]
    public void Language_IsTold(string text, TextLanguage expected) => LanguageId.Of(text).ShouldBe(expected);

    /// <summary>(19) by hand: two words of polarity 0.7 and 1 among five; a negation turns a word around, in Hindi from behind.</summary>
    [Theory]
    [InlineData("Umbra raises record funding today", (1 + 1 + 1) / 5.0)]
    [InlineData("the product is not good", -0.7 / 5)]
    [InlineData("सेवा अच्छी नहीं है", -0.7 / 4)]
    [InlineData("yeh software accha hai", 0.7 / 4)]
    [InlineData("layoffs and losses", -1.4 / 3)]
    [InlineData("a table has four legs", 0)]
    [InlineData("", 0)]
    public void Sentiment_IsPolarityOverLength(string text, double expected) => new Sentiment().Of(text).ShouldBe(expected, 1e-9);

    /// <summary>(19) weighs a word by its rarity.</summary>
    [Fact]
    public void Sentiment_WeighsByRarity() => new Sentiment(w => w == "losses" ? 3 : 1).Of("growth and losses").ShouldBe((0.7 - 2.1) / 3, 1e-9);
}
