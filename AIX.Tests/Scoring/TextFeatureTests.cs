using AIX.Core.Scoring;
using AIX.Core.Scoring.Numerics;
using Shouldly;
using Xunit;

namespace AIX.Tests.Scoring;

public class TextFeatureTests
{
    private static readonly string[] Buying = [.. "pricing quote budget approved purchase rollout contract seats".Split(' ')];
    private static readonly string[] Browsing = [.. "student homework curious newsletter internship thesis essay reading".Split(' ')];
    private static readonly string[] Filler = [.. "monday tuesday office team website called yesterday evening morning company".Split(' ')];

    /// <summary>Prevents: what people wrote is thrown away as an identifier. The text alone decides here, and no two are alike.</summary>
    [Theory]
    [InlineData(ModelTrainer.Logistic)]
    [InlineData(ModelTrainer.Boosting)]
    public void FreeText_IsLearnedFrom_AndItsLinesAddUp(string family)
    {
        var (table, labels) = Leads(800, 1);
        var (fresh, later) = Leads(800, 2);

        var trained = ModelTrainer.Train(new TrainingData(table, labels, null, false), new TrainingOptions { Model = family }).Value!;
        var model = TrainedModel.Load(trained.Save()).Value!;
        var scores = model.Score(fresh);

        Metrics.Auc([.. scores.Select(s => s.Logit)], later).ShouldBeGreaterThan(0.8);
        scores.ShouldBe(trained.Score(fresh));
        model.Sources.Distinct().ShouldBe(["attr.Notes", "attr.Visits"], ignoreOrder: true);
        model.Features.ShouldContain(f => Buying.Any(w => f.Contains(w, StringComparison.Ordinal)), string.Join(" | ", model.Features));
        for (var i = 0; i < 20; i++)
        {
            model.Explain(fresh.Select([i])).Logit.ShouldBe(scores[i].Logit, 1e-9);
        }
    }

    /// <summary>Prevents: a line of the ledger that was made from a text, without the text and the fact that holds it.</summary>
    [Fact]
    public void Ledger_OfFreeText_CitesTheFactOfTheText()
    {
        var (table, labels) = Leads(800, 1);
        var model = ModelTrainer.Train(new TrainingData(table, labels, null, false), new TrainingOptions { Model = ModelTrainer.Logistic }).Value!;
        var fact = Guid.CreateVersion7();
        var text = "Budget approved, please send a quote and the contract for forty seats";

        var ledger = Ledger.Of([new Feature("attr.Notes", null, text, [fact], FeatureKind.Text), new Feature("attr.Visits", 3, "3", [])], model, DateTimeOffset.UnixEpoch);

        var lines = ledger.Contributions.Where(c => c.Feature.StartsWith("attr.Notes: ", StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBeGreaterThan(3);
        lines.ShouldAllBe(l => l.FactIds.Single() == fact && l.Shown == text);
        lines.Sum(l => l.Logit).ShouldBeGreaterThan(0.5);
    }

    /// <summary>Prevents: a note that is written when the deal is won predicts that it will be.</summary>
    [Fact]
    public void FreeText_WrittenAfterTheOutcome_IsHeldForALeak()
    {
        var rng = new Rng(7);
        var labels = Enumerable.Range(0, 600).Select(_ => rng.NextDouble() < 0.4 ? 1.0 : 0).ToArray();
        var notes = labels.Select(l => Text(rng, Filler, 6) + (l == 1 ? " customer signed paid onboarding welcome invoice sent" : " rejected closed unreachable dropped archived wrong number"));
        var table = new DataTable([TextColumn.Of("attr.Notes", notes), Visits(rng, 600)], 600);

        var model = ModelTrainer.Train(new TrainingData(table, labels, null, false), new TrainingOptions { Model = ModelTrainer.Logistic }).Value!;

        model.Leaks.ShouldHaveSingleItem().Name.ShouldBe("attr.Notes");
        model.Sources.ShouldBe(["attr.Visits"]);
    }

    /// <summary>Prevents: leads that suddenly write of something else go unnoticed.</summary>
    [Fact]
    public void Drift_WhenTextsTurnToAnotherTopic_IsSeen()
    {
        var (table, labels) = Leads(800, 1);
        var model = ModelTrainer.Train(new TrainingData(table, labels, null, false), new TrainingOptions { Model = ModelTrainer.Logistic }).Value!;
        var rng = new Rng(9);
        var turned = new DataTable([TextColumn.Of("attr.Notes", Enumerable.Range(0, 400).Select(_ => Text(rng, Browsing, 8)))], 400);

        model.DriftOf(turned).Max(d => d.Psi).ShouldBeGreaterThan(0.25);
        model.DriftOf(Leads(800, 5).Table).Max(d => d.Psi).ShouldBeLessThan(0.15);
    }

    /// <summary>Prevents: identifiers and names taken for free text.</summary>
    [Fact]
    public void Identifiers_StayOut()
    {
        var (table, labels) = Leads(300, 1);
        var ids = TextColumn.Of("attr.Id", Enumerable.Range(0, 300).Select(i => $"L-{i:0000}"));
        var names = TextColumn.Of("attr.Contact", Enumerable.Range(0, 300).Select(i => $"Lead {(char)('a' + i % 26)}{i}"));

        var domains = TextColumn.Of("fact.companyDomain", Enumerable.Range(0, 300).Select(i => $"umbra-{Browsing[i % 8]}-{i}.{Buying[i % 8]}.example.com"));

        var model = ModelTrainer.Train(new TrainingData(new DataTable([ids, names, domains, .. table.Columns], 300), labels, null, false), new TrainingOptions { Model = ModelTrainer.Logistic }).Value!;

        model.Dropped.Select(d => d.Name).ShouldBe(["attr.Id", "attr.Contact", "fact.companyDomain"], ignoreOrder: true);
    }

    private static (DataTable Table, double[] Labels) Leads(int rows, ulong seed)
    {
        var rng = new Rng(seed);
        var (notes, labels) = (new string?[rows], new double[rows]);
        for (var i = 0; i < rows; i++)
        {
            var isBuying = rng.NextDouble() < 0.5;
            notes[i] = i % 10 == 9 ? null : $"{Text(rng, isBuying ? Buying : Browsing, 4)} {Text(rng, Filler, 6)}";
            labels[i] = rng.NextDouble() < (isBuying ? 0.9 : 0.1) ? 1 : 0;
        }

        return (new DataTable([TextColumn.Of("attr.Notes", notes), Visits(rng, rows)], rows), labels);
    }

    private static string Text(Rng rng, string[] words, int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => words[rng.Next(words.Length)]));

    private static NumberColumn Visits(Rng rng, int rows) => new("attr.Visits", [.. Enumerable.Range(0, rows).Select(_ => (double)rng.Next(20))]);
}
