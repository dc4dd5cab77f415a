using AIX.Core.Text;
using Shouldly;
using Xunit;

namespace AIX.Tests.Text;

public class TokenizerTests
{
    [Theory]
    [InlineData("Hello, World!", "hello|world")]
    [InlineData("don’t DON'T", "dont|dont")]
    [InlineData("मुझे कॉल मत करो।", "मुझे|कॉल|मत|करो")]
    [InlineData("kal शाम 5baje", "kal|शाम|5|baje")]
    [InlineData("ﬁrst Ⅷ", "first|viii")]
    [InlineData("a\0b\tc", "a|b|c")]
    [InlineData("", "")]
    [InlineData("\ud83d half \ude00", "half")]
    public void Words_OfBothScripts(string text, string words) => string.Join('|', Tokenizer.Words(text)).ShouldBe(words);

    /// <summary>Prevents: a base64 blob in a note fills memory with n-grams.</summary>
    [Fact]
    public void Words_LongerThanAWordCanBe_AreLeftOut() => Tokenizer.Words("before " + new string('x', 5000) + " after").ShouldBe(["before", "after"]);

    /// <summary>Vowel signs and the virama belong to their letter: without them "क्या" falls apart.</summary>
    [Fact]
    public void Words_KeepTheMarksOfDevanagari() => Tokenizer.Words("क्या हिंदी ज़रूर").ShouldBe(["क्या", "हिंदी", "ज़रूर".Normalize(System.Text.NormalizationForm.FormKC)]);
}
