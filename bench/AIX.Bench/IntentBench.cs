using System.Diagnostics;
using System.Text.Json;
using AIX.Core.Conversations;

namespace AIX.Bench;

/// <summary>The product's own intent classifier on any set: <c>--train FILE.tsv --test FILE.tsv</c>, or one file with <c>--split cv:5</c>.</summary>
internal static class IntentBench
{
    public static int Run(string[] args)
    {
        if (args is ["--corpus"])
        {
            return Corpus();
        }

        var options = Options.Parse(args);
        var train = options.Text("train") ?? throw new ArgumentException("--train FILE.tsv is missing.");
        var label = options.Text("label") ?? "intent";
        var columns = (options.Text("text") ?? "text").Split(',');
        var tested = options.Text("testText")?.Split(',') ?? columns;
        var rows = Read(train, columns, tested, label);
        var folds = options.Text("split") is { } split
            ? Folds(rows, split)
            : [(rows, Read(options.Text("test") ?? throw new ArgumentException("Either --test FILE.tsv or --split cv:5 is missing."), columns, tested, label))];

        var (truth, said, strange) = (new List<string>(), new List<string>(), new List<double>());
        double seconds = 0, micro = 0;
        var texts = 0;
        foreach (var (from, to) in folds)
        {
            var watch = Stopwatch.StartNew();
            var model = IntentModel.Train([.. from.SelectMany(r => r.Texts.Select(t => (t, r.Label)))]);
            seconds += watch.Elapsed.TotalSeconds;
            foreach (var row in to.SelectMany(r => r.Tested.Select(t => (Text: t, r.Label))))
            {
                model.Classify(row.Text);
            }

            foreach (var (text, wanted) in to.SelectMany(r => r.Tested.Select(t => (Text: t, r.Label))))
            {
                var started = Stopwatch.GetTimestamp();
                var guess = model.Classify(text);
                micro += Stopwatch.GetElapsedTime(started).TotalMicroseconds;
                texts++;
                truth.Add(wanted);

                // Sets without texts out of scope are closed: the best intent counts there, whatever its probability.
                said.Add(to.Any(r => r.Label == IntentModel.OutOfScope) ? guess.Label : guess.Best);
                strange.Add(model.Strangeness(text));
            }
        }

        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "intents",
            rows = rows.Count,
            accuracy = Math.Round(IntentMetrics.Accuracy(truth, said), 4),
            macroF1 = Math.Round(IntentMetrics.MacroF1(truth, said), 4),
            mcc = Math.Round(IntentMetrics.Mcc(truth, said), 4),
            outOfScopeAuroc = IntentMetrics.Auroc([.. truth.Select(t => t == IntentModel.OutOfScope)], strange) is { } a ? Math.Round(a, 4) : (double?)null,
            trainSeconds = Math.Round(seconds / folds.Count, 2),
            microsecondsPerText = Math.Round(micro / texts, 2),
        }));
        return 0;
    }

    /// <summary>The shipped corpus, a fifth of the templates held out in turn.</summary>
    private static int Corpus()
    {
        foreach (var fold in Enumerable.Range(0, 5))
        {
            var watch = Stopwatch.StartNew();
            var model = IntentModel.Train([.. IntentCorpus.All.Where(r => !IntentCorpus.IsTest(r, fold)).Select(r => (r.Text, r.Intent))], IntentTraining.OfCalls);
            var seconds = watch.Elapsed.TotalSeconds;
            var test = IntentCorpus.All.Where(r => IntentCorpus.IsTest(r, fold)).ToList();
            var figures = IntentCorpus.Languages.ToDictionary(l => l, l =>
            {
                var rows = test.Where(r => r.Language == l && r.Intent != IntentModel.OutOfScope).ToList();
                return Math.Round(IntentMetrics.Accuracy(rows.ConvertAll(r => r.Intent), rows.ConvertAll(r => RuleChecks.IntentOf(model, r.Text))), 3);
            });
            var outside = test.Where(r => r.Intent == IntentModel.OutOfScope).ToList();
            var caught = outside.Count(r => model.Classify(r.Text).Label == IntentModel.OutOfScope) / (double)outside.Count;
            var kept = test.Count(r => r.Intent != IntentModel.OutOfScope && model.Classify(r.Text).Label != IntentModel.OutOfScope) / (double)test.Count(r => r.Intent != IntentModel.OutOfScope);
            Console.WriteLine(JsonSerializer.Serialize(new { bench = "corpus", fold, intentAccuracy = figures, outOfScopeRecall = Math.Round(caught, 3), inScopeKept = Math.Round(kept, 3), threshold = Math.Round(model.Threshold, 3), trainSeconds = Math.Round(seconds, 1) }));
        }

        return 0;
    }

    private static List<Row> Read(string file, string[] columns, string[] tested, string label)
    {
        var lines = File.ReadLines(file).Select(l => l.Split('\t')).ToList();
        int At(string name) => Array.IndexOf(lines[0], name) is var at and >= 0 ? at : throw new ArgumentException($"{file} has no column \"{name}\"; it has {string.Join(", ", lines[0])}.");
        var (texts, tests, labels) = (columns.Select(At).ToArray(), tested.Select(At).ToArray(), At(label));
        return [.. lines.Skip(1).Where(l => l.Length == lines[0].Length).Select(l => new Row([.. texts.Select(t => l[t])], [.. tests.Select(t => l[t])], l[labels]))];
    }

    private static List<(List<Row> Train, List<Row> Test)> Folds(List<Row> rows, string split)
    {
        var count = split.Split(':') is ["cv", var k] && int.TryParse(k, out var n) && n > 1 ? n : throw new ArgumentException($"A split is cv:5, not {split}.");
        var order = Enumerable.Range(0, rows.Count).ToArray();
        new Random(11).Shuffle(order);
        return [.. Enumerable.Range(0, count).Select(f => (order.Where((_, i) => i % count != f).Select(i => rows[i]).ToList(), order.Where((_, i) => i % count == f).Select(i => rows[i]).ToList()))];
    }

    private sealed record Row(string[] Texts, string[] Tested, string Label);
}
