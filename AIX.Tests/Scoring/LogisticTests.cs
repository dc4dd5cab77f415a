using AIX.Core.Scoring;
using AIX.Core.Scoring.Models;
using AIX.Core.Scoring.Numerics;
using Shouldly;
using Xunit;

namespace AIX.Tests.Scoring;

public class LogisticTests
{
    /// <summary>Gradient descent (30)–(32) is slow and simple: the reference for Newton's method (66).</summary>
    [Fact]
    public void Newton_AndGradientDescent_MeetToSixDigits()
    {
        var (table, labels, _) = SyntheticData.Mixed(400, 1);
        var data = SyntheticData.Encoded(table, labels);
        var x = data.Rows.Design.Prefix(data.Rows.Schema.LinearColumns);
        var (mean, precision) = (new double[x.Columns], Enumerable.Repeat(2.0, x.Columns).ToArray());

        var newton = LogisticNewton.Solve(x, labels, data.Weights, mean, precision, mean, 1e-14, false).Beta;
        var descent = Descend(x, labels, precision);

        for (var j = 0; j < newton.Length; j++)
        {
            newton[j].ShouldBe(descent[j], 1e-6);
        }
    }

    /// <summary>One column, no prior: the odds ratio of a 2 × 2 table has the closed form ln(ad/bc), and its variance 1/a + 1/b + 1/c + 1/d (Woolf).</summary>
    [Fact]
    public void Newton_TwoByTwoTable_IsTheLogOddsRatio()
    {
        var x = new DesignMatrix(100, 2);
        var y = new double[100];
        for (var i = 0; i < 100; i++)
        {
            x.Row(i)[0] = 1;
            x.Row(i)[1] = i < 40 ? 1 : 0;
            y[i] = i < 25 || i >= 80 ? 1 : 0;
        }

        var fit = LogisticNewton.Solve(x, y, Enumerable.Repeat(1.0, 100).ToArray(), [0, 0], [1e-12, 1e-12], [0, 0], 1e-16, false);

        fit.Beta[1].ShouldBe(Math.Log(25.0 / 15 * 40 / 20), 1e-6);
        fit.Curvature.Inverse()[3].ShouldBe(1 / 25.0 + 1 / 15.0 + 1 / 20.0 + 1 / 40.0, 1e-5);
    }

    [Fact]
    public void Gram_AgreesWithPlainSums()
    {
        var rng = new Rng(5);
        foreach (var (rows, columns) in new[] { (1, 1), (300, 5), (517, 33), (700, 50) })
        {
            var x = new DesignMatrix(rows, columns);
            var w = new double[rows];
            for (var i = 0; i < rows; i++)
            {
                w[i] = rng.NextDouble();
                for (var j = 0; j < columns; j++)
                {
                    x.Row(i)[j] = (float)rng.NextNormal();
                }
            }

            var h = new double[columns * columns];
            Gram.Weighted(x, w, h, true);
            for (var j = 0; j < columns; j++)
            {
                for (var k = 0; k < columns; k++)
                {
                    var plain = Enumerable.Range(0, rows).Sum(i => w[i] * x.Row(i)[j] * x.Row(i)[k]);
                    h[j * columns + k].ShouldBe(plain, 1e-3 + 1e-5 * Math.Abs(plain), $"{rows}×{columns} at {j},{k}");
                }
            }
        }
    }

    [Fact]
    public void Cholesky_InverseAndSolve_UndoTheMatrix()
    {
        double[] a = [4, 2, 0.6, 2, 5, 1, 0.6, 1, 3];
        var factor = Cholesky.Of(a, 3);

        var x = factor.Solve([1, 2, 3]);
        var inverse = factor.Inverse();

        for (var i = 0; i < 3; i++)
        {
            Enumerable.Range(0, 3).Sum(j => a[i * 3 + j] * x[j]).ShouldBe(i + 1, 1e-12);
            for (var k = 0; k < 3; k++)
            {
                Enumerable.Range(0, 3).Sum(j => a[i * 3 + j] * inverse[j * 3 + k]).ShouldBe(i == k ? 1 : 0, 1e-12);
            }
        }

        factor.LogDeterminant.ShouldBe(Math.Log(4 * (15 - 1) - 2 * (6 - 0.6) + 0.6 * (2 - 3)), 1e-12);
    }

    /// <summary>The dual (99)–(100): θ = Σ αᵢyᵢxᵢ, and at the optimum α_i = 2C·max(0, 1 − yᵢθ·xᵢ).</summary>
    [Fact]
    public void Svm_AtItsOptimum_MeetsTheKktConditions()
    {
        var (table, labels, _) = SyntheticData.Mixed(300, 2, interaction: 0);
        var data = SyntheticData.Encoded(table, labels);

        var (theta, alpha) = LinearSvmFamily.Solve(data, 0.5, 1, 1e-7, 5000);

        var x = data.Rows.Design;
        for (var i = 0; i < 300; i++)
        {
            var y = labels[i] > 0.5 ? 1 : -1;
            var margin = y * Enumerable.Range(0, x.Columns).Sum(j => theta[j] * x.Row(i)[j]);
            alpha[i].ShouldBe(2 * 0.5 * Math.Max(0, 1 - margin), 1e-5);
        }
    }

    /// <summary>With no outcomes to speak of the coefficients are the profile's; with many they are the data's.</summary>
    [Fact]
    public void Prior_GivesWayAsOutcomesArrive()
    {
        var priors = new Dictionary<string, CoefficientPrior> { ["fit"] = new(2, 0.3) };
        double Learned(int rows)
        {
            var rng = new Rng(9);
            var (fit, labels) = (new double[rows], new double[rows]);
            for (var i = 0; i < rows; i++)
            {
                fit[i] = rng.NextDouble();
                labels[i] = rng.NextDouble() < Logistic.Sigmoid(-1 * (fit[i] - 0.5)) ? 1 : 0;
            }

            var table = new DataTable([new NumberColumn("fit", fit)], rows);
            var model = ModelTrainer.Train(new TrainingData(table, labels), new TrainingOptions { Priors = priors, Model = ModelTrainer.Logistic }).Value!;
            var z = new double[2];
            model.Predict(new DataTable([new NumberColumn("fit", [0, 1])], 2), z);
            return z[1] - z[0];
        }

        Learned(25).ShouldBeInRange(0.7, 2.2);
        Learned(6000).ShouldBeInRange(-1.3, -0.6);
    }

    private static double[] Descend(DesignMatrix x, double[] y, double[] precision)
    {
        var beta = new double[x.Columns];
        var (z, r, g) = (new double[x.Rows], new double[x.Rows], new double[x.Columns]);
        for (var step = 0; step < 40_000; step++)
        {
            Gram.Times(x, beta, z);
            for (var i = 0; i < z.Length; i++)
            {
                r[i] = y[i] - Logistic.Sigmoid(z[i]);
            }

            Gram.TransposeTimes(x, r, g);
            for (var j = 0; j < beta.Length; j++)
            {
                beta[j] += 0.002 * (g[j] - precision[j] * beta[j]);
            }
        }

        return beta;
    }
}
