using AIX.Core.Scoring;
using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Models;
using AIX.Core.Scoring.Numerics;
using Shouldly;
using Xunit;

namespace AIX.Tests.Scoring;

public class TreeTests
{
    /// <summary>Shapley's formula over all subsets, with the path-dependent expectation, is what TreeSHAP must equal.</summary>
    [Fact]
    public void TreeShap_AgreesWithBruteForceOverAllSubsets()
    {
        var (table, labels, _) = SyntheticData.Mixed(1500, 4);
        var data = SyntheticData.Encoded(table, labels);
        var (model, _) = new BoostingFamily("b", new BoostingOptions { MaxLeaves = 8 }).Fit(data, null, 6, 1, false);
        var bins = data.Rows.Bins;
        for (var row = 0; row < 12; row++)
        {
            var codes = bins.Codes.AsSpan(row * bins.Columns, bins.Columns).ToArray();
            foreach (var tree in model.Trees)
            {
                var shap = new double[bins.Columns];
                var expected = TreeShap.Add(tree, codes, shap);
                var brute = Brute(tree, codes, bins.Columns);

                for (var c = 0; c < shap.Length; c++)
                {
                    shap[c].ShouldBe(brute[c], 1e-9);
                }

                (expected + shap.Sum()).ShouldBe(tree.Predict(codes), 1e-6);
            }
        }
    }

    /// <summary>Prevents: a batch, scored through tables, gets another score than the lead alone, walked through the trees. Codes that training never saw included.</summary>
    [Fact]
    public void LeafTables_GiveTheLeafThatWalkingFinds_ForEveryCode()
    {
        var (table, labels, _) = SyntheticData.Mixed(3000, 9);
        var data = SyntheticData.Encoded(table, labels);
        var (model, _) = new BoostingFamily("b", new BoostingOptions { MaxLeaves = 15 }).Fit(data, null, 8, 1, false);
        var columns = data.Rows.Bins.Columns;
        var rng = new Rng(4);
        var codes = Enumerable.Range(0, 700 * columns).Select(_ => (byte)(256 * rng.NextDouble())).ToArray();
        foreach (var tree in model.Trees)
        {
            var sums = new double[700];
            LeafTables.Of(tree)!.Add(codes, columns, sums);

            for (var i = 0; i < sums.Length; i++)
            {
                sums[i].ShouldBe(tree.Predict(codes.AsSpan(i * columns, columns)));
            }
        }

        var (batch, alone) = (new double[3000], new double[500]);
        model.Predict(data.Rows.Select([.. Enumerable.Range(0, 500)]), alone);
        model.Predict(data.Rows, batch);
        batch[..500].ShouldBe(alone);
        var (large, _) = new BoostingFamily("b", new BoostingOptions { MaxLeaves = 40 }).Fit(data, null, 2, 1, false);
        large.Trees.ShouldContain(t => LeafTables.Of(t) == null);
    }

    [Fact]
    public void Boosting_LearnsAnInteractionThatALineCannot()
    {
        var (table, labels, truth) = SyntheticData.Mixed(6000, 5, interaction: 1.5);
        var data = SyntheticData.Encoded(table, labels);
        var (linear, boosted) = (new double[6000], new double[6000]);

        new LogisticFamily("l", LogisticBasis.Linear).Fit(data, 1, true).Predict(data.Rows, linear);
        new BoostingFamily("b", new BoostingOptions()).Fit(data, 1, true).Predict(data.Rows, boosted);

        double Error(double[] z) => z.Select((v, i) => Math.Pow(Logistic.Sigmoid(v) - Logistic.Sigmoid(truth[i]), 2)).Average();
        Error(boosted).ShouldBeLessThan(0.4 * Error(linear));
    }

    /// <summary>Prevents: a manager is told that more visits lower the score because of a noisy bin.</summary>
    [Fact]
    public void Boosting_MonotoneConstraint_HoldsEverywhere()
    {
        var rng = new Rng(6);
        var (x, other, labels) = (new double[3000], new double[3000], new double[3000]);
        for (var i = 0; i < x.Length; i++)
        {
            (x[i], other[i]) = (rng.NextNormal(), rng.NextNormal());
            labels[i] = rng.NextDouble() < Logistic.Sigmoid(0.3 * x[i] + other[i] + Math.Sin(5 * x[i])) ? 1 : 0;
        }

        var table = new DataTable([new NumberColumn("visits", x), new NumberColumn("other", other)], x.Length);
        var family = new BoostingFamily("b", new BoostingOptions { Monotone = new Dictionary<string, int> { ["visits"] = 1 } });
        var data = SyntheticData.Encoded(table, labels);
        var model = family.Fit(data, 1, false);
        var grid = Enumerable.Range(0, 200).Select(k => -3 + 6 * k / 199.0).ToArray();
        foreach (var at in new[] { -2.0, 0, 1.5 })
        {
            var z = new double[grid.Length];
            model.Predict(new EncodedRows(data.Rows.Schema, new DataTable([new NumberColumn("visits", grid), new NumberColumn("other", [.. grid.Select(_ => at)])], grid.Length)), z);

            z.Zip(z.Skip(1), (a, b) => b - a).Min().ShouldBeGreaterThanOrEqualTo(-1e-6);
        }
    }

    [Fact]
    public void Boosting_OnOneCoreAndOnTwo_IsTheSame()
    {
        var (table, labels, _) = SyntheticData.Mixed(9000, 7);
        var data = SyntheticData.Encoded(table, labels);
        var family = new BoostingFamily("b", new BoostingOptions { MaxTrees = 30, RowShare = 0.7, FeatureShare = 0.6 });
        var (one, two) = (new double[9000], new double[9000]);

        family.Fit(data, 3, false).Predict(data.Rows, one);
        family.Fit(data, 3, true).Predict(data.Rows, two);

        one.ShouldBe(two);
    }

    private static double[] Brute(Tree tree, byte[] codes, int columns)
    {
        var used = tree.Feature.Where(f => f >= 0).Distinct().Select(f => (int)f).ToArray();
        var values = new double[columns];
        foreach (var column in used)
        {
            var others = used.Where(u => u != column).ToArray();
            for (var mask = 0; mask < 1 << others.Length; mask++)
            {
                var known = others.Where((_, k) => (mask >> k & 1) == 1).ToHashSet();
                var weight = Factorial(known.Count) * Factorial(used.Length - known.Count - 1) / Factorial(used.Length);
                var without = Expect(tree, codes, known, 0);
                known.Add(column);
                values[column] += weight * (Expect(tree, codes, known, 0) - without);
            }
        }

        return values;
    }

    private static double Expect(Tree tree, byte[] codes, HashSet<int> known, int node)
    {
        if (tree.Feature[node] < 0)
        {
            return tree.Value[node];
        }

        var (l, r) = (tree.Left[node], tree.Right[node]);
        if (known.Contains(tree.Feature[node]))
        {
            return Expect(tree, codes, known, tree.GoesLeft(node, codes[tree.Feature[node]]) ? l : r);
        }

        var total = (double)(tree.Cover[l] + tree.Cover[r]);
        return tree.Cover[l] / total * Expect(tree, codes, known, l) + tree.Cover[r] / total * Expect(tree, codes, known, r);
    }

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);
}
