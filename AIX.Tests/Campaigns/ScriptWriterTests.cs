using System.Text.Json;
using AIX.Core.Campaigns;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Text;
using AIX.Tests.Support;
using Shouldly;
using Xunit;

namespace AIX.Tests.Campaigns;

/// <summary>A script for a product: from the template's words, or a model's, and always through the same checks.</summary>
public class ScriptWriterTests
{
    private const string Offer = "We sort invoices while you sleep.";
    private const string OfferHindi = "हम आपके सोते समय बिल छाँटते हैं।";

    [Fact]
    public async Task Script_SaysTheOfferInBothLanguages_KeepsTheRest_AndShowsEveryChange()
    {
        var draft = (await WriteAsync(null, Offer, OfferHindi)).Value!;

        draft.ByModel.ShouldBeFalse();
        FlowCheck.Check(draft.Flow).ShouldBeEmpty();
        foreach (var (language, words) in new[] { ("en", Offer), ("hi", OfferHindi) })
        {
            draft.Flow.Nodes.Values.Count(n => n.Text.TryGetValue(language, out var said) && said.StartsWith(words, StringComparison.Ordinal)).ShouldBe(1);
            draft.Changes.ShouldContain(c => c.Language == language && c.After.Contains(words, StringComparison.Ordinal) && c.Before.Length > 0);
        }

        // What is not among the changes is the template's, word for word: opening, disclosure, ways out.
        var template = ShippedFlows.All.Single(f => f.Key == "qualification");
        draft.Flow.Opening.ShouldBe(template.Opening);
        var changed = draft.Changes.Select(c => (c.Where, c.Language)).ToHashSet();
        template.Nodes.SelectMany(n => n.Value.Text.Select(t => (Node: n.Key, Language: t.Key, t.Value))).Where(t => !changed.Contains((t.Node, t.Language))).ShouldAllBe(t => draft.Flow.Nodes[t.Node].Text[t.Language] == t.Value);
    }

    [Theory]
    [InlineData("Invoices sort themselves at night.", "बिल रात में अपने आप छँटते हैं।", true)]
    [InlineData("Guaranteed, the best in the world!", "बिल रात में अपने आप छँटते हैं।", false)]
    [InlineData("Invoices sort themselves at night.", "पूरी गारंटी के साथ।", false)]
    [InlineData("", "", false)]
    public async Task ModelsWords_AreTakenWhenTheyHold_ElseThePlainOnes(string english, string hindi, bool taken)
    {
        var draft = (await WriteAsync(JsonSerializer.Serialize(new { en = english, hi = hindi }), Offer, OfferHindi)).Value!;

        draft.ByModel.ShouldBe(taken);
        draft.Changes.ShouldContain(c => c.Language == "en" && c.After.Contains(taken ? english : Offer, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no JSON at all")]
    [InlineData("""{"en":7,"hi":[]}""")]
    [InlineData("""["en"]""")]
    public async Task Model_ThatAnswersSomethingElse_IsPassedOver(string answer) => (await WriteAsync(answer, Offer, OfferHindi)).Value!.ByModel.ShouldBeFalse();

    [Theory]
    [InlineData("Assured returns of 12 % for you.", OfferHindi, "script-claim")]
    [InlineData(Offer, "निश्चित लाभ पाइए।", "script-claim")]
    [InlineData("", OfferHindi, "missing-product")]
    [InlineData(Offer, "", "missing-product")]
    public async Task OwnWords_ThatMayNotBeSaid_AreRefused(string english, string hindi, string code) => (await WriteAsync(null, english, hindi)).Error!.Code.ShouldBe(code);

    private static Task<AIX.Core.Shared.Result<ScriptDraft>> WriteAsync(string? answer, string english, string hindi) =>
        new ScriptWriter(new Model(answer), new ManualTime()).WriteAsync("qualification", "Ten demos", english, hindi, ScriptTone.Friendly, MessageClass.Promotional, "finance", CancellationToken.None);

    /// <summary>Answers what the test has it answer; none at all when null.</summary>
    private sealed class Model(string? answer) : ILanguageModel
    {
        public string? Name => answer is null ? null : "writer-1";

        public Task<string?> CompleteAsync(string system, string user, CancellationToken ct) => Task.FromResult(answer);
    }
}
