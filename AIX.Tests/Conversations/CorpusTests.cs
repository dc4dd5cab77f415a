using AIX.Core.Conversations;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace AIX.Tests.Conversations;

public class CorpusTests(ITestOutputHelper output)
{
    [Fact]
    public void Corpus_HasEnoughOfEveryIntentInEveryLanguage()
    {
        foreach (var cell in IntentCorpus.All.GroupBy(r => (r.Intent, r.Language)))
        {
            cell.Select(r => r.Text).Distinct().Count().ShouldBeGreaterThanOrEqualTo(60, $"{cell.Key}");
        }

        IntentCorpus.All.Select(r => r.Intent).Distinct().Count(i => i != IntentModel.OutOfScope).ShouldBeGreaterThanOrEqualTo(25);
        IntentCorpus.All.GroupBy(r => r.Language).ShouldAllBe(l => l.Select(r => r.Intent).Distinct().Count() == 29);
    }

    /// <summary>Prevents: the test measures what training has seen.</summary>
    [Fact]
    public void Split_SharesNoTemplate_AndNoNearlyEqualPair()
    {
        var train = IntentCorpus.All.Where(r => !IntentCorpus.IsTest(r)).Select(r => (r.Text, Grams: Trigrams(r.Text))).ToList();
        var near = new List<string>();
        foreach (var row in IntentCorpus.All.Where(r => IntentCorpus.IsTest(r)))
        {
            var grams = Trigrams(row.Text);
            near.AddRange(train.Where(t => Jaccard(grams, t.Grams) > 0.8).Select(t => $"{row.Intent}: {row.Text} ~ {t.Text}"));
        }

        near.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("en", 0.90)]
    [InlineData("hi", 0.90)]
    [InlineData("hinglish", 0.85)]
    public void Classifier_OnTemplatesItHasNotSeen_IsGoodEnough(string language, double least)
    {
        var test = IntentCorpus.All.Where(r => IntentCorpus.IsTest(r) && r.Language == language && r.Intent != IntentModel.OutOfScope).ToList();
        var said = test.ConvertAll(r => RuleChecks.IntentOf(Trained.Value, r.Text));
        foreach (var wrong in test.Zip(said).Where(p => p.First.Intent != p.Second).GroupBy(p => (p.First.Intent, p.Second)).OrderByDescending(g => g.Count()).Take(25))
        {
            output.WriteLine($"{wrong.Key}: {wrong.Count()} {wrong.First().First.Text}");
        }

        (test.Zip(said).Count(p => p.First.Intent == p.Second) / (double)test.Count).ShouldBeGreaterThanOrEqualTo(least);
    }

    private static readonly Lazy<IntentModel> Trained = new(() => IntentModel.Train([.. IntentCorpus.All.Where(r => !IntentCorpus.IsTest(r)).Select(r => (r.Text, r.Intent))], IntentTraining.OfCalls));

    private static HashSet<string> Trigrams(string text)
    {
        var padded = $"  {text.ToLowerInvariant()} ";
        return [.. Enumerable.Range(0, padded.Length - 2).Select(i => padded.Substring(i, 3))];
    }

    private static double Jaccard(HashSet<string> a, HashSet<string> b)
    {
        if (Math.Min(a.Count, b.Count) < 0.8 * Math.Max(a.Count, b.Count))
        {
            return 0;
        }

        var both = a.Count(b.Contains);
        return both / (double)(a.Count + b.Count - both);
    }
}
