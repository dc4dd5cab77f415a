using AIX.Core.Text;
using Shouldly;
using Xunit;

namespace AIX.Tests.Text;

public class TopicModelTests
{
    private static readonly string[][] Planted =
    [
        [.. "invoice ledger payment tax audit payroll".Split(' ')],
        [.. "warehouse truck freight pallet customs port".Split(' ')],
        [.. "मरीज अस्पताल डॉक्टर दवा जाँच नर्स".Split(' ')],
    ];

    /// <summary>Prevents: topics that mix what was planted apart, or a new text given to the wrong one.</summary>
    [Fact]
    public void Fit_FindsPlantedTopics_AndPutsNewTextsWhereTheyBelong()
    {
        var random = new Random(3);
        var texts = Enumerable.Range(0, 300).Select(i => Draw(random, i % 3, 0.9)).ToList();

        var model = TopicModel.Fit(texts, 3, 3, new Random(1))!;

        var ofPlanted = Planted.Select(words => Enumerable.Range(0, 3).MaxBy(k => words.Sum(w => model.Shares[k][model.Words.ToList().IndexOf(w)]))).ToArray();
        ofPlanted.Order().ShouldBe([0, 1, 2]);
        for (var t = 0; t < 3; t++)
        {
            model.NameOf(ofPlanted[t], 3).ShouldBeSubsetOf(Planted[t]);
            var theta = model.Infer(Draw(random, t, 1));
            theta.Sum().ShouldBe(1, 1e-9);
            theta[ofPlanted[t]].ShouldBeGreaterThan(0.7);
        }

        model.Shares.ShouldAllBe(s => Math.Abs(s.Sum() - 1) < 1e-9);
        model.Infer(["unheard"]).ShouldAllBe(share => Math.Abs(share - 1.0 / 3) < 1e-9);
    }

    [Fact]
    public void Fit_SameSeed_SameTopics_AndTooFewWordsAreNone()
    {
        var random = new Random(3);
        var texts = Enumerable.Range(0, 90).Select(i => Draw(random, i % 3, 0.9)).ToList();

        TopicModel.Fit(texts, 3, 3, new Random(1))!.Shares[0].ShouldBe(TopicModel.Fit(texts, 3, 3, new Random(1))!.Shares[0]);
        TopicModel.Fit([["one", "two"], ["one", "three"]], 2, 1, new Random(1)).ShouldBeNull();
    }

    private static string[] Draw(Random random, int topic, double pure) =>
        [.. Enumerable.Range(0, 12).Select(_ => Planted[random.NextDouble() < pure ? topic : random.Next(3)][random.Next(6)])];
}
