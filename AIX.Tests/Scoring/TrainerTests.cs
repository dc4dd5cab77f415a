using AIX.Core.Scoring;
using AIX.Core.Scoring.Numerics;
using Shouldly;
using Xunit;

namespace AIX.Tests.Scoring;

public class TrainerTests
{
    public static TheoryData<string> Models => [.. ModelTrainer.Families, ModelTrainer.Auto, ModelTrainer.Hybrid];

    /// <summary>Prevents: a ledger whose lines do not add up, a model that changes when it is stored, a score outside (0, 1).</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Model_LedgerAddsUp_AndStorageKeepsEveryBit(string family)
    {
        var (table, labels, _) = SyntheticData.Mixed(900, 11);
        var trained = ModelTrainer.Train(new TrainingData(table, labels, null, false), new TrainingOptions { Model = family }).Value!;
        var model = TrainedModel.Load(trained.Save()).Value!;

        var scores = model.Score(table);

        scores.ShouldBe(trained.Score(table));
        for (var i = 0; i < 40; i++)
        {
            var row = table.Select([i]);
            var parts = model.Explain(row);
            var alone = model.Score(row)[0];
            parts.Logit.ShouldBe(alone.Logit, 1e-9);
            alone.Logit.ShouldBe(scores[i].Logit, 1e-9);
            Math.Abs(parts.Remainder).ShouldBeLessThan(0.05 + 0.1 * parts.Features.Sum(Math.Abs), family);
            alone.Low.ShouldBeInRange(double.Epsilon, alone.Probability);
            alone.High.ShouldBeInRange(alone.Probability, 1 - 1e-16);
        }
    }

    [Fact]
    public void Auto_WithAnInteraction_LeavesTheLinesBehind_AndKeepsTheRanking()
    {
        var (table, labels, _) = SyntheticData.Mixed(3000, 12, interaction: 1.5);
        var (fresh, _, truth) = SyntheticData.Mixed(2000, 13, interaction: 1.5);

        var model = ModelTrainer.Train(new TrainingData(table, labels, null, false), new TrainingOptions()).Value!;
        var scores = model.Score(fresh);

        model.Family.ShouldNotBeOneOf(ModelTrainer.Logistic, ModelTrainer.NaiveBayes, ModelTrainer.Svm);
        model.Candidates.Single(c => c.Name == model.Family).LogLoss.ShouldBeLessThan(model.Candidates.Single(c => c.Name == ModelTrainer.Logistic).LogLoss);
        var covered = scores.Zip(truth, (s, t) => Logistic.Sigmoid(t) >= s.Low && Logistic.Sigmoid(t) <= s.High ? 1.0 : 0).Average();
        covered.ShouldBeInRange(0.88, 1);
    }

    /// <summary>A set without signal gives the base rate, not an error and not a boast.</summary>
    [Fact]
    public void Auto_WithoutSignal_SaysTheBaseRate()
    {
        var (table, _, _) = SyntheticData.Mixed(1500, 14);
        var rng = new Rng(15);
        var labels = Enumerable.Range(0, 1500).Select(_ => rng.NextDouble() < 0.2 ? 1.0 : 0).ToArray();
        var (fresh, _, _) = SyntheticData.Mixed(2000, 16);
        var later = Enumerable.Range(0, 2000).Select(_ => rng.NextDouble() < 0.2 ? 1.0 : 0).ToArray();

        var model = ModelTrainer.Train(new TrainingData(table, labels), new TrainingOptions()).Value!;
        var p = model.Score(fresh).Select(s => s.Probability).ToArray();

        Metrics.LogLoss(p, later).ShouldBe(-(0.2 * Math.Log(0.2) + 0.8 * Math.Log(0.8)), 0.03);
        Metrics.Auc(p, later).ShouldBe(0.5, 0.06);
    }

    [Fact]
    public void Interval_WidensWithUnknownFeatures_AndFarFromTheData()
    {
        var (table, labels, _) = SyntheticData.Mixed(1500, 17, interaction: 1);
        var model = ModelTrainer.Train(new TrainingData(table, labels, null, false), new TrainingOptions { Model = ModelTrainer.Process }).Value!;
        double Width(double a, double b, string? region)
        {
            var row = new DataTable([new NumberColumn("a", [a]), new NumberColumn("b", [b]), new NumberColumn("c", [1]), new NumberColumn("flag", [0]), TextColumn.Of("region", [region])], 1);
            var score = model.Score(row)[0];
            return Logistic.Logit(score.High) - Logistic.Logit(score.Low);
        }

        Width(double.NaN, 0, "north").ShouldBeGreaterThan(1.2 * Width(0, 0, "north"));
        Width(5, -5, "north").ShouldBeGreaterThan(2 * Width(0, 0, "north"));
        Width(0, 0, "atlantis").ShouldBeGreaterThan(0);
    }

    [Fact]
    public void LeakageGuard_LeavesOutWhatKnowsTheOutcome_UntilAPersonAccepts()
    {
        var (table, labels, _) = SyntheticData.Mixed(600, 18);
        var rng = new Rng(19);
        var status = labels.Select(l => rng.NextDouble() < 0.02 ? null : l > 0.5 ? "invoice sent" : "closed").ToArray();
        var leaky = new DataTable([.. table.Columns, TextColumn.Of("status", status)], 600);
        var options = new TrainingOptions { Model = ModelTrainer.Logistic };

        var guarded = ModelTrainer.Train(new TrainingData(leaky, labels), options).Value!;
        var accepted = ModelTrainer.Train(new TrainingData(leaky, labels), options with { Accepted = new HashSet<string> { "status" } }).Value!;
        var late = ModelTrainer.Train(new TrainingData(table, labels), options with { KnownTooLate = new Dictionary<string, string> { ["flag"] = "recorded after the outcome in 80 % of won leads" } }).Value!;

        guarded.Leaks.Single().Name.ShouldBe("status");
        guarded.Leaks.Single().Evidence.ShouldContain("AUC");
        guarded.Features.ShouldNotContain("status");
        accepted.Features.ShouldContain("status");
        late.Dropped.Single(d => d.Name == "flag").Reason.ShouldContain("after the outcome");
    }

    [Theory]
    [InlineData("one-class")]
    [InlineData("too-few-outcomes")]
    [InlineData("label-not-binary")]
    [InlineData("no-features")]
    [InlineData("unknown-model")]
    [InlineData("weight-not-positive")]
    public void BadInput_IsRefusedWithAReason(string code)
    {
        var (table, labels, _) = SyntheticData.Mixed(60, 20);
        var ones = labels.Select(_ => 1.0).ToArray();
        var (data, options) = code switch
        {
            "one-class" => (new TrainingData(table, ones), new TrainingOptions()),
            "too-few-outcomes" => (new TrainingData(table.Select([0, 1, 2]), labels[..3]), new TrainingOptions()),
            "label-not-binary" => (new TrainingData(table, [.. labels.Skip(1), 0.5]), new TrainingOptions()),
            "no-features" => (new TrainingData(new DataTable([new NumberColumn("same", [.. labels.Select(_ => 7.0)])], 60), labels), new TrainingOptions()),
            "weight-not-positive" => (new TrainingData(table, labels, [.. ones.Skip(1), double.NaN]), new TrainingOptions()),
            _ => (new TrainingData(table, labels), new TrainingOptions { Model = "oracle" }),
        };

        var result = ModelTrainer.Train(data, options);

        result.Error!.Code.ShouldBe(code);
        result.Error.Message.Length.ShouldBeGreaterThan(30);
    }

    /// <summary>Constants, twins, infinities, 2,000 levels, an outlier of 1e300 and perfect separation: a finite score for every lead, known or not.</summary>
    [Theory]
    [InlineData(ModelTrainer.Auto)]
    [InlineData(ModelTrainer.Boosting)]
    [InlineData(ModelTrainer.Network)]
    [InlineData(ModelTrainer.Process)]
    public void WildInput_GivesFiniteScores(string family)
    {
        var (table, labels, _) = SyntheticData.Mixed(2500, 21);
        var rng = new Rng(22);
        double[] Numbers(Func<int, double> f) => [.. Enumerable.Range(0, 2500).Select(f)];
        Column[] wild =
        [
            .. table.Columns,
            new NumberColumn("constant", Numbers(_ => 3)),
            new NumberColumn("empty", Numbers(_ => double.NaN)),
            new NumberColumn("twin", ((NumberColumn)table.Find("a")!).Values.ToArray()),
            new NumberColumn("infinite", Numbers(i => i % 7 == 0 ? double.PositiveInfinity : i % 11 == 0 ? double.NegativeInfinity : rng.NextNormal())),
            new NumberColumn("outlier", Numbers(i => i == 5 ? 1e300 : rng.NextNormal())),
            new NumberColumn("separating", Numbers(i => labels[i] > 0.5 ? 1 + rng.NextDouble() : -1 - rng.NextDouble())),
            TextColumn.Of("levels", Enumerable.Range(0, 2500).Select(_ => $"level {(int)(2000 * Math.Pow(rng.NextDouble(), 3))}")),
            ListColumn.Of("tools", Enumerable.Range(0, 2500).Select(i => i % 3 == 0 ? null : (IEnumerable<string>)["crm", i % 2 == 0 ? "mail" : "chat"])),
        ];
        var options = new TrainingOptions { Model = family, Accepted = new HashSet<string> { "separating" } };

        var model = ModelTrainer.Train(new TrainingData(new DataTable(wild, 2500), labels, null, false), options).Value!;
        var strange = new DataTable([new NumberColumn("a", [1e308, double.NaN, double.NegativeInfinity]), TextColumn.Of("region", ["nowhere", null, "south"]), TextColumn.Of("b", ["text", "3", ""])], 3);

        model.Score(new DataTable(wild, 2500)).Concat(model.Score(strange)).ShouldAllBe(s => s.Low > 0 && s.Low <= s.Probability && s.Probability <= s.High && s.High < 1);
        model.Dropped.Select(d => d.Name).ShouldBe(["constant", "empty", "twin"], ignoreOrder: true);
    }

    [Fact]
    public void ModelFile_OfAnotherVersionOrBroken_IsRefusedWithAReason()
    {
        var (table, labels, _) = SyntheticData.Mixed(100, 23);
        var bytes = ModelTrainer.Train(new TrainingData(table, labels), new TrainingOptions { Model = ModelTrainer.Logistic }).Value!.Save();
        var newer = (byte[])bytes.Clone();
        newer[4]++;

        TrainedModel.Load(newer).Error!.Code.ShouldBe("model-version");
        TrainedModel.Load(bytes[..(bytes.Length / 2)]).Error!.Code.ShouldBe("model-damaged");
        TrainedModel.Load([1, 2, 3]).Error!.Code.ShouldBe("not-a-model");
    }

    /// <summary>Prevents: a tenant whose first wins came late cannot train, because no block of time before them holds both labels.</summary>
    [Fact]
    public void Auto_WhenEveryWinCameLate_StillTrains()
    {
        var (table, _, _) = SyntheticData.Mixed(400, 25);
        var labels = Enumerable.Range(0, 400).Select(i => i >= 340 && i % 2 == 0 ? 1.0 : 0).ToArray();

        var model = ModelTrainer.Train(new TrainingData(table, labels), new TrainingOptions()).Value!;

        model.Score(table).ShouldAllBe(s => s.Low > 0 && s.High < 1);
    }

    /// <summary>A market that turns: what was learned first is wrong at the end, and the newest rows must count.</summary>
    [Fact]
    public void Recency_WhenTheMarketTurns_ForgetsTheOldOne()
    {
        var rng = new Rng(24);
        var (x, labels) = (new double[3000], new double[3000]);
        for (var i = 0; i < 3000; i++)
        {
            x[i] = rng.NextNormal();
            labels[i] = rng.NextDouble() < Logistic.Sigmoid(i < 2200 ? 1.5 * x[i] - 2 : -1.5 * x[i]) ? 1 : 0;
        }

        var model = ModelTrainer.Train(new TrainingData(new DataTable([new NumberColumn("x", x)], 3000), labels), new TrainingOptions()).Value!;
        var z = new double[2];
        model.Predict(new DataTable([new NumberColumn("x", [-1, 1])], 2), z);

        model.HalfLife.ShouldBeLessThan(1000);
        z[0].ShouldBeGreaterThan(z[1]);
    }
}
