using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AIX.Core.Scoring;

namespace AIX.Bench;

/// <summary>Coverage of true probabilities by the 95 % intervals of the product's own <c>auto</c>, on data whose truth comes from outside.</summary>
internal static class IntervalBench
{
    private static readonly string[] Leaks =
        ["Prospect ID", "Lead Number", "Tags", "Lead Quality", "Lead Profile", "Asymmetrique Activity Index", "Asymmetrique Profile Index", "Asymmetrique Activity Score", "Asymmetrique Profile Score", "Last Notable Activity"];

    public static int Run(string[] args)
    {
        var options = Options.Parse(args);
        if (options.Text("data") is not { } folder || !Directory.Exists(folder))
        {
            Console.Error.WriteLine("bench intervals --data DIR, where DIR holds one folder per scenario with test.csv (p_true) and train_NN.csv (y)");
            return 2;
        }

        var scenarios = new List<object>();
        foreach (var scenario in Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Where(d => File.Exists(Path.Combine(d, "test.csv"))))
        {
            scenarios.Add(Scenario(scenario));
        }

        Console.WriteLine(JsonSerializer.Serialize(new { bench = "intervals", scenarios, calibratedDeciles = CalibratedDeciles() }));
        return 0;
    }

    private static object Scenario(string folder)
    {
        var (test, truthText) = CsvTable.Read(Path.Combine(folder, "test.csv"), "p_true", []);
        var truth = Array.ConvertAll(truthText, t => double.Parse(t!, CultureInfo.InvariantCulture));
        var (covered, width, count) = (0.0, 0.0, 0);
        var (decileCovered, decileCount, chosen) = (new double[10], new double[10], new SortedDictionary<string, int>());
        var watch = Stopwatch.StartNew();
        var files = Directory.GetFiles(folder, "train_*.csv").Order(StringComparer.Ordinal).ToArray();
        for (var k = 0; k < files.Length; k++)
        {
            var (train, y) = CsvTable.Read(files[k], "y", []);
            // Redraws are samples without an order of time.
            var model = ModelTrainer.Train(new TrainingData(train, Array.ConvertAll(y, v => double.Parse(v!, CultureInfo.InvariantCulture)), null, false), new TrainingOptions { Seed = (ulong)k + 1 }).Value!;
            chosen[model.Family] = chosen.GetValueOrDefault(model.Family) + 1;
            var scores = model.Score(test);
            var order = Enumerable.Range(0, scores.Length).OrderBy(i => scores[i].Probability).ToArray();
            for (var rank = 0; rank < order.Length; rank++)
            {
                var score = scores[order[rank]];
                var hit = truth[order[rank]] >= score.Low && truth[order[rank]] <= score.High ? 1 : 0;
                covered += hit;
                width += score.High - score.Low;
                count++;
                decileCovered[rank * 10 / order.Length] += hit;
                decileCount[rank * 10 / order.Length]++;
            }
        }

        var name = Path.GetFileName(folder);
        Console.Error.WriteLine($"{name}: coverage {covered / count:0.000}, {watch.Elapsed.TotalSeconds:0} s");
        return new
        {
            scenario = name,
            coverage = Math.Round(covered / count, 4),
            minDecileCoverage = Math.Round(decileCovered.Select((c, d) => c / decileCount[d]).Min(), 4),
            meanWidth = Math.Round(width / count, 4),
            redraws = files.Length,
            secondsPerFit = Math.Round(watch.Elapsed.TotalSeconds / files.Length, 2),
            chosen,
        };
    }

    /// <summary>On real leads in the order of time: deciles of predicted p, of ten, where |Σy − Σp| is within two standard errors √Σp(1 − p). Null without the data.</summary>
    private static int? CalibratedDeciles()
    {
        var file = Path.Combine(Environment.GetEnvironmentVariable("AIX_SHARED") ?? "../shared", "data", "x-education-train.csv");
        if (!File.Exists(file))
        {
            Console.Error.WriteLine($"calibratedDeciles: {file} is not there; set AIX_SHARED.");
            return null;
        }

        var (table, text) = CsvTable.Read(file, "Converted", Leaks);
        var labels = Array.ConvertAll(text, t => t == "1" ? 1.0 : 0.0);
        var (train, test) = Splits.Of("temporal:0.7", labels, 1)[0];
        var model = ModelTrainer.Train(new TrainingData(table.Select(train), Array.ConvertAll(train, r => labels[r])), new TrainingOptions()).Value!;
        var scores = model.Score(table.Select(test));
        var order = Enumerable.Range(0, scores.Length).OrderBy(i => scores[i].Probability).ToArray();
        return Enumerable.Range(0, 10).Count(d =>
        {
            var rows = order.Where((_, rank) => rank * 10 / order.Length == d).ToArray();
            var error = Math.Sqrt(rows.Sum(i => scores[i].Probability * (1 - scores[i].Probability)));
            return Math.Abs(rows.Sum(i => labels[test[i]] - scores[i].Probability)) <= 2 * error;
        });
    }
}
