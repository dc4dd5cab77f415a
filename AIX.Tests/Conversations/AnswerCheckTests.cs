using System.Diagnostics;
using AIX.Core.Calls;
using AIX.Core.Conversations;
using AIX.Core.Text;
using Shouldly;
using Xunit;

namespace AIX.Tests.Conversations;

/// <summary>Prevents: a language model promises, invents, or names somebody on the phone.</summary>
public class AnswerCheckTests
{
    private const string Article = "The starter plan costs 4,900 rupees a month for up to 10 people. You can cancel at the end of any month.";
    private const string Question = "how much is it for my shop";

    [Theory]
    [InlineData("The starter plan costs 4,900 rupees a month, for up to 10 people.", null)]
    [InlineData("For your shop, the starter plan costs 4900 rupees a month.", null)]
    [InlineData("The starter plan costs 3,900 rupees a month.", "number")]
    [InlineData("The starter plan costs 4,900 rupees a month, and the first month is free.", "promise")]
    [InlineData("We guarantee that you can cancel at the end of any month.", "promise")]
    [InlineData("The starter plan costs 4,900 rupees a month, as Ravi from Example Traders pays.", "name")]
    [InlineData("Write to sales@other.example.com about the starter plan.", "address")]
    [InlineData("स्टार्टर प्लान 4,900 रुपये महीना है।", "language")]
    [InlineData("Elephants migrate towards distant rivers whenever drought arrives.", "grounding")]
    [InlineData("The starter plan <break/> costs 4,900 rupees.", "markup")]
    [InlineData("", "length")]
    public void Spoken_OnlyWhatTheArticleSays(string spoken, string? refusal) => AnswerCheck.Refuse(spoken, Article, Question, "en").ShouldBe(refusal);

    [Fact]
    public void Hindi_IsHeldToItsArticle()
    {
        const string article = "स्टार्टर प्लान 4,900 रुपये महीना है, दस लोगों तक।";
        AnswerCheck.Refuse("स्टार्टर प्लान महीने का 4,900 रुपये है।", article, "कितने का है", "hi").ShouldBeNull();
        AnswerCheck.Refuse("स्टार्टर प्लान 4,900 रुपये है, पहला महीना मुफ्त।", article, "कितने का है", "hi").ShouldBe("promise");
    }

    [Fact]
    public async Task Model_ThatIsGood_Late_OrMad_IsUsedOrNot()
    {
        Task<string?> Ask(Func<CancellationToken, Task<string?>> answer, int milliseconds = 2_000) => new PhraseAnswer(new Model(answer), new CallOptions { PhraseMilliseconds = milliseconds }).ExecuteAsync(Question, Article, "en", CancellationToken.None);

        (await Ask(_ => Task.FromResult<string?>("{\"answer\": \"For your shop, the starter plan costs 4,900 rupees a month.\"}"))).ShouldBe("For your shop, the starter plan costs 4,900 rupees a month.");
        (await Ask(_ => Task.FromResult<string?>("{\"answer\": \"It is free.\"}"))).ShouldBeNull();
        (await Ask(_ => Task.FromResult<string?>("Sure! Here is the answer"))).ShouldBeNull();
        (await Ask(_ => Task.FromResult<string?>(null))).ShouldBeNull();

        // One that does not even look at its cancellation.
        var watch = Stopwatch.StartNew();
        (await Ask(_ => new TaskCompletionSource<string?>().Task, 50)).ShouldBeNull();
        watch.Elapsed.TotalSeconds.ShouldBeLessThan(30);
        (await new PhraseAnswer(new Model(_ => Task.FromResult<string?>("{}")), new CallOptions { PhraseMilliseconds = 0 }).ExecuteAsync(Question, Article, "en", CancellationToken.None)).ShouldBeNull();
    }

    private sealed class Model(Func<CancellationToken, Task<string?>> answer) : ILanguageModel
    {
        public string? Name => "model of the test";

        public Task<string?> CompleteAsync(string system, string user, CancellationToken ct) => answer(ct);
    }
}
