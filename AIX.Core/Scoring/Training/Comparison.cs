using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Models;

namespace AIX.Core.Scoring.Training;

/// <summary>Runs every family through the same folds.</summary>
internal static class Comparison
{
    private const int MaxBoostingTrees = 400;

    /// <summary>Half-life weights are relative to the newest row of each fold's own training rows.</summary>
    public static List<Candidate> Run(LabelledRows data, Fold[] folds, JudgedRows rows, IReadOnlyList<TunedLogistic> logistics, TrainingOptions options, double halfLife, CancellationToken ct)
    {
        var candidates = new List<Candidate>();
        var train = folds.Select(f => Recency.Weighted(data.Select(f.Train), halfLife)).ToArray();
        var test = folds.Select(f => data.Select(f.Test)).ToArray();
        foreach (var rowsOf in train.Concat(test))
        {
            // Encodings are shared by families that run at the same time.
            _ = rowsOf.Rows.Design;
            _ = rowsOf.Rows.Bins;
        }

        var work = new List<(int Cost, Action Run)>();
        void Add(string name, int complexity, int cost, IModelFamily family, Func<LabelledRows, IModel> final)
        {
            var logits = new double[rows.Rows.Length];
            candidates.Add(new Candidate(name, complexity, logits, final));
            for (var (k, at) = (0, 0); k < folds.Length; at += folds[k++].Test.Length)
            {
                var (fold, from) = (k, at);
                work.Add((cost, () => family.Fit(train[fold], options.Seed + (ulong)fold, false).Predict(test[fold].Rows, logits.AsSpan(from, folds[fold].Test.Length))));
            }
        }

        var complexity = 1;
        foreach (var tuned in logistics)
        {
            Add(tuned.Name, complexity++, 3 * complexity, tuned, d => tuned.Posterior(d, true));
        }

        Add(ModelTrainer.NaiveBayes, 2, 1, new NaiveBayesFamily(ModelTrainer.NaiveBayes, Weights(options)), d => new NaiveBayesFamily(ModelTrainer.NaiveBayes, Weights(options)).Fit(d, options.Seed, true));
        var svm = new LinearSvmFamily(ModelTrainer.Svm, 0.1);
        Add(ModelTrainer.Svm, 3, 2, svm, d => svm.Fit(d, options.Seed, true));
        var network = new NetworkFamily(ModelTrainer.Network, new NetworkOptions { Dropout = 0.2, WeightDecay = 0.2 });
        Add(ModelTrainer.Network, 7, 9, network, d => new MeanModel([.. Enumerable.Range(0, 3).AsParallel().AsOrdered().Select(k => network.Fit(d, options.Seed + (ulong)k, false))]));
        var boosting = new BoostingFamily(ModelTrainer.Boosting, BoostingFor(data.Count, options));
        var boosted = new (BoostingModel Model, double[] Losses)[folds.Length];
        for (var k = 0; k < folds.Length; k++)
        {
            var fold = k;
            work.Add((10, () => boosted[fold] = boosting.Fit(train[fold], test[fold], MaxBoostingTrees, options.Seed, false)));
        }

        Parallel.ForEach(work.OrderByDescending(w => w.Cost), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = ct }, w => w.Run());
        candidates.Add(Boosted(boosting, boosted, test, data.Count, train.Average(t => (double)t.Count), options));
        return candidates;
    }

    private static Dictionary<string, double> Weights(TrainingOptions options) => options.Priors.ToDictionary(p => p.Key, p => p.Value.Weight);

    /// <summary>Small tenants get small trees.</summary>
    private static BoostingOptions BoostingFor(int rows, TrainingOptions options) => new()
    {
        MaxTrees = MaxBoostingTrees,
        MaxLeaves = rows < 2000 ? 6 : rows < 20_000 ? 12 : 15,
        MinLeafRows = Math.Clamp(rows / 100, 10, 40),
        RowShare = 0.7,
        FeatureShare = 0.6,
        Patience = 30,
        Monotone = options.Monotone,
    };

    /// <summary>One number of trees for all folds, where their summed loss is least; the model kept is a mean of several with other draws of rows and features.</summary>
    private static Candidate Boosted(BoostingFamily family, (BoostingModel Model, double[] Losses)[] folds, LabelledRows[] test, int rows, double trainRows, TrainingOptions options)
    {
        var longest = folds.Max(f => f.Losses.Length);
        var sums = Enumerable.Range(0, longest).Select(t => folds.Select((f, k) => test[k].Count * f.Losses[Math.Min(t, f.Losses.Length - 1)]).Sum()).ToArray();
        var trees = 1 + Array.IndexOf(sums, sums.Min());
        var logits = new double[test.Sum(t => t.Count)];
        for (var (k, at) = (0, 0); k < folds.Length; at += test[k++].Count)
        {
            folds[k].Model.Take(trees).Predict(test[k].Rows, logits.AsSpan(at, test[k].Count));
        }

        // More rows carry a little more detail.
        var final = (int)Math.Ceiling(trees * Math.Clamp(Math.Sqrt(rows / trainRows), 1, 1.3));
        var members = rows < 5000 ? 6 : rows < 20_000 ? 4 : 3;
        return new Candidate(ModelTrainer.Boosting, 5, logits, d =>
        {
            // The bin matrix is shared; made before the threads start.
            _ = d.Rows.Bins;
            return BoostingModel.Mean([.. Enumerable.Range(0, members).AsParallel().AsOrdered().Select(k => family.Fit(d, null, final, options.Seed + (ulong)k, false).Model)]);
        })
        {
            FoldModels = [.. folds.Select(f => f.Model.Take(trees))],
        };
    }
}
