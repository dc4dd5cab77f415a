using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AIX.Core.Scoring;

namespace AIX.Bench;

/// <summary>Trains and judges models on any labelled CSV, through the trainer that the product uses.</summary>
internal static class ScoringBench
{
    private static readonly string[] Positives = ["1", "yes", "true", "won"];

    public static int Run(string[] args)
    {
        var options = Options.Parse(args);
        if (options.Text("data") is not { } file || options.Text("label") is not { } label)
        {
            Console.Error.WriteLine("bench scoring --data FILE.csv --label COLUMN [--positive VALUE] [--drop A,B] [--split cv:5|temporal:0.7|rolling:STEP,WINDOW] [--model auto|…] [--seed N]");
            return 2;
        }

        var (table, text) = CsvTable.Read(file, label, options.Text("drop")?.Split(',') ?? []);
        var labels = Labels(text, options.Text("positive"));
        var split = options.Text("split") ?? "cv:5";
        var seed = ulong.Parse(options.Text("seed") ?? "1", CultureInfo.InvariantCulture);
        var folds = Splits.Of(split, labels, seed);
        var training = new TrainingOptions { Model = options.Text("model") ?? ModelTrainer.Auto, Seed = seed };
        if (options.Text("model") is not (null or ModelTrainer.Auto or ModelTrainer.Hybrid))
        {
            // The first fit of a process also compiles the code; it is not what a server's night run pays.
            _ = Fit(table, labels, folds[0].Train, training, split);
        }

        var (fit, predict, widths, aucs, losses) = (0.0, 0.0, 0.0, new List<double>(), new List<double>());
        var (scores, truth) = (new List<double>(), new List<double>());
        TrainedModel? model = null;
        foreach (var (train, test) in folds)
        {
            var watch = Stopwatch.StartNew();
            var trained = Fit(table, labels, train, training, split);
            fit += watch.Elapsed.TotalSeconds;
            if (trained.Error is { } error)
            {
                Console.Error.WriteLine(error.Message);
                return 1;
            }

            model = trained.Value!;
            var rows = table.Select(test);
            var (logits, y) = (new double[test.Length], Array.ConvertAll(test, r => labels[r]));
            model.Predict(rows, logits);
            watch.Restart();
            model.Predict(rows, logits);
            predict += watch.Elapsed.TotalMicroseconds;
            var results = model.Score(rows);
            widths += results.Sum(r => r.High - r.Low);
            var p = Array.ConvertAll(results, r => r.Probability);
            aucs.Add(Metrics.Auc(p, y));
            losses.Add(Metrics.LogLoss(p, y));
            scores.AddRange(p);
            truth.AddRange(y);
        }

        Print(options, model!, scores.ToArray(), truth.ToArray(), split.StartsWith("cv", StringComparison.Ordinal), aucs, losses, fit / folds.Count, predict / scores.Count, widths / scores.Count);
        return 0;
    }

    /// <summary>Rows of a cross-validation are drawn from one pot, so they have no order; a temporal or rolling split says that they have.</summary>
    private static Core.Shared.Result<TrainedModel> Fit(DataTable table, double[] labels, int[] train, TrainingOptions options, string split) =>
        ModelTrainer.Train(new TrainingData(table.Select(train), Array.ConvertAll(train, r => labels[r]), null, !split.StartsWith("cv", StringComparison.Ordinal)), options);

    /// <summary>Cross-validation reports means over folds, as the peers do; other splits the rows of all steps together.</summary>
    private static void Print(Options options, TrainedModel model, double[] p, double[] y, bool perFold, List<double> aucs, List<double> losses, double fit, double predict, double width)
    {
        double Sd(List<double> values) => Math.Sqrt(values.Average(v => (v - values.Average()) * (v - values.Average())));
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "scoring",
            data = Path.GetFileName(options.Text("data")),
            split = options.Text("split") ?? "cv:5",
            rows = y.Length,
            auc = Round(perFold ? aucs.Average() : Metrics.Auc(p, y)),
            aucSd = Round(Sd(aucs)),
            prAuc = Round(Metrics.PrAuc(p, y)),
            logLoss = Round(perFold ? losses.Average() : Metrics.LogLoss(p, y)),
            logLossSd = Round(Sd(losses)),
            brier = Round(Metrics.Brier(p, y)),
            ece15 = Round(Metrics.Ece(p, y)),
            liftTop10 = Math.Round(Metrics.Lift(p, y, 0.1), 3),
            liftTop20 = Math.Round(Metrics.Lift(p, y, 0.2), 3),
            intervalMeanWidth = Round(width),
            fitSeconds = Math.Round(fit, 3),
            predictMicrosecondsPerRow = Math.Round(predict, 3),
            chosenModel = model.Family,
            members = model.Members.ToDictionary(m => m.Name, m => Math.Round(m.Weight, 3)),
            calibration = model.Calibration,
            halfLifeRows = double.IsFinite(model.HalfLife) ? Math.Round(model.HalfLife) : (double?)null,
            candidates = model.Candidates.ToDictionary(c => c.Name, c => Round(c.LogLoss)),
            droppedAsLeakage = model.Leaks.Select(l => l.Name).ToArray(),
        }));
    }

    private static double[] Labels(string?[] text, string? positive)
    {
        var values = Array.ConvertAll(text, t => t?.ToLowerInvariant() ?? "");
        var yes = (positive ?? Positives.FirstOrDefault(p => values.Contains(p)) ?? throw new ArgumentException("No label is 1, yes, true or won: say which value is positive with --positive.")).ToLowerInvariant();
        return Array.ConvertAll(values, v => v == yes ? 1.0 : 0.0);
    }

    private static double Round(double v) => Math.Round(v, 4);
}
