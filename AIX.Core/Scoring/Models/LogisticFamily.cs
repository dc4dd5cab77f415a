using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Models;

/// <summary>How far beyond straight lines a logistic model may go.</summary>
internal enum LogisticBasis
{
    Linear,
    Splines,
    Kernel,
}

/// <summary>
/// Bayesian logistic regression (14)–(18), (24) on linear columns, with splines, or with two Gaussian processes on top. Columns of the profile's sub-scores have
/// the profile's weights as prior means; how firmly is learned with the other scales.
/// </summary>
internal sealed class LogisticFamily(string name, LogisticBasis basis, IReadOnlyDictionary<string, CoefficientPrior>? priors = null) : IModelFamily
{
    private const int SearchRows = 6000;

    /// <summary>Inducing leads per kernel.</summary>
    private const int Inducing = 192;

    private const double InterceptSd = 3;

    public string Name => name;

    public IModel Fit(LabelledRows data, ulong seed, bool parallel) => Tune(data, seed, parallel).Posterior(data, parallel);

    /// <summary>Finds the prior's scales; the result fits other rows, folds among them, at these scales.</summary>
    public TunedLogistic Tune(LabelledRows data, ulong seed, bool parallel)
    {
        var schema = data.Rows.Schema;
        var linear = schema.LinearColumns;
        var columns = basis == LogisticBasis.Linear ? linear : schema.DesignColumns;
        KernelBasis[] kernels = [];
        if (basis == LogisticBasis.Kernel)
        {
            var z = LogisticModel.Inputs(data.Rows.Design, linear);
            kernels = [KernelBasis.Draw(z, Inducing, KernelKind.Quadratic, seed), KernelBasis.Draw(z, Inducing, KernelKind.RationalQuadratic, seed + 1)];
        }

        var shape = Shape(schema, linear, columns, kernels);
        var tuned = new TunedLogistic(name, linear, columns, kernels, shape, null!);
        return tuned with { Mixture = ScaleSearch.Run(tuned.Problem(data).Sample(SearchRows, seed), parallel) };
    }

    private (int[] GroupOf, ScaleGroup[] Groups, double[] Mean, double[] Precision) Shape(FeatureSchema schema, int linear, int columns, KernelBasis[] kernels)
    {
        var all = columns + kernels.Sum(k => k.Count);
        var (groupOf, mean, precision) = (new int[all], new double[all], new double[all]);
        List<ScaleGroup> groups = [new(0.6, 0.5)];
        void Group(IEnumerable<int> members, ScaleGroup group)
        {
            foreach (var j in members)
            {
                groupOf[j] = groups.Count;
            }

            groups.Add(group);
        }

        groupOf[0] = -1;
        precision[0] = 1 / (InterceptSd * InterceptSd);
        var owners = schema.DesignOwners;
        var informed = Enumerable.Range(1, linear - 1).Where(j => priors?.ContainsKey(schema.Features[owners[j]].Name) == true && (j == 1 || owners[j - 1] != owners[j])).ToList();
        if (informed.Count > 0)
        {
            foreach (var j in informed)
            {
                mean[j] = priors![schema.Features[owners[j]].Name].Weight;
            }

            Group(informed, new ScaleGroup(informed.Average(j => priors![schema.Features[owners[j]].Name].Sd), 0.8));
        }

        if (columns > linear)
        {
            Group(Enumerable.Range(linear, columns - linear), new ScaleGroup(0.3, 0.8));
        }

        var at = columns;
        foreach (var kernel in kernels)
        {
            Group(Enumerable.Range(at, kernel.Count), new ScaleGroup(0.5, 1));
            at += kernel.Count;
        }

        return (groupOf, [.. groups], mean, precision);
    }
}

/// <summary>A logistic regression whose prior scales are known: fitting it to a fold is one run of Newton's method.</summary>
internal sealed record TunedLogistic(
    string Name, int Linear, int Columns, KernelBasis[] Kernels, (int[] GroupOf, ScaleGroup[] Groups, double[] Mean, double[] Precision) Shape, ScaleMixture Mixture) : IModelFamily
{
    public IModel Fit(LabelledRows data, ulong seed, bool parallel) =>
        new LogisticModel(CoefficientPosterior.Mode(Problem(data), Mixture, Kernels.Length, parallel), Linear, Columns, Kernels);

    public LogisticModel Posterior(LabelledRows data, bool parallel) =>
        new(CoefficientPosterior.Average(Problem(data), Mixture, Kernels.Length, parallel), Linear, Columns, Kernels);

    internal GroupedProblem Problem(LabelledRows data)
    {
        var x = LogisticModel.Build(data.Rows.Design, Linear, Columns, Kernels, null);
        var weight = data.Weights.Sum();
        var rate = (System.Numerics.Tensors.TensorPrimitives.Dot<double>(data.Labels, data.Weights) + 0.5) / (weight + 1);
        var mean = (double[])Shape.Mean.Clone();
        mean[0] = Logistic.Logit(rate);
        return new GroupedProblem(x, data.Labels, data.Weights, Shape.GroupOf, Shape.Groups, mean, Shape.Precision);
    }
}
