using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Models;

/// <summary>Logit = β̄·x over the first columns of the design and the features of each kernel.</summary>
/// <param name="linear">Columns that the kernels see, the intercept among them.</param>
/// <param name="columns">Columns of the design that have a coefficient.</param>
internal sealed class LogisticModel(CoefficientPosterior posterior, int linear, int columns, KernelBasis[] kernels) : IModel
{
    /// <summary>Share of a kernel's left-out prior variance that counts: the rest is detail that the inducing leads would have shown if the data had it.</summary>
    private const double ResidualShare = 0.15;

    public CoefficientPosterior Posterior => posterior;

    public int Linear => linear;

    public int Columns => columns;

    public KernelBasis[] Kernels => kernels;

    public void Predict(EncodedRows rows, Span<double> logits) => Gram.Times(Build(rows.Design, linear, columns, kernels, null), posterior.Mean, logits);

    /// <summary>The same from rows that are built already.</summary>
    public void Predict(KernelRows built, Span<double> logits) => Gram.Times(built.X, posterior.Mean, logits);

    /// <summary>The rows as this model sees them, with what its kernels leave out.</summary>
    public KernelRows Build(EncodedRows rows)
    {
        var residual = kernels.Select(_ => new float[rows.Rows]).ToArray();
        return new KernelRows(Build(rows.Design, linear, columns, kernels, residual), residual);
    }

    /// <summary>Logit with its skew, by which the posterior's mean lies beside it, and its variance xᵀΣ̄x, to which each kernel adds what its basis leaves out: far from every
    /// inducing lead that is the whole prior.</summary>
    public (double[] Logits, double[] Skews, double[] Variances) Posteriors(KernelRows built)
    {
        var (x, residual) = (built.X, built.Residual);
        var (logits, skews) = (new double[x.Rows], new double[x.Rows]);
        Gram.Times(x, posterior.Mean, logits);
        Gram.Times(x, posterior.Skew, skews);
        var variances = Gram.Quadratic(x, posterior.Covariance ?? throw new InvalidOperationException("This model was fitted without a covariance."));
        for (var k = 0; k < kernels.Length; k++)
        {
            for (var i = 0; i < variances.Length; i++)
            {
                variances[i] += ResidualShare * posterior.KernelVariances[k] * residual[k][i];
            }
        }

        return (logits, skews, variances);
    }

    /// <summary>β·x is exact; what the kernels add is attributed by integrated gradients.</summary>
    public Attribution Explain(EncodedRows row)
    {
        var (owners, features) = (row.Schema.DesignOwners, new double[row.Schema.Features.Count]);
        var x = row.Design.Row(0);
        for (var j = 1; j < columns; j++)
        {
            features[owners[j]] += posterior.Mean[j] * x[j];
        }

        if (kernels.Length == 0)
        {
            return new Attribution(posterior.Mean[0], features, 0);
        }

        var logit = new double[1];
        Predict(row, logit);
        var inputs = Inputs(row.Design, linear);
        var (average, at) = (posterior.Mean[0], columns);
        foreach (var kernel in kernels)
        {
            var alpha = kernel.Coefficients(posterior.Mean.AsSpan(at, kernel.Count));
            average += kernel.Value(new float[inputs.Stride], alpha);
            var parts = PathIntegral.Attribute(inputs.Data.AsSpan(0, inputs.Stride), (point, weight, sum) => kernel.AddGradient(point, alpha, weight, sum));
            for (var j = 1; j < linear; j++)
            {
                features[owners[j]] += parts[j];
            }

            at += kernel.Count;
        }

        return new Attribution(average, features, logit[0] - average - features.Sum());
    }

    /// <summary>Linear columns without the intercept, as the kernels see them.</summary>
    internal static DesignMatrix Inputs(DesignMatrix design, int linear)
    {
        var z = design.Prefix(linear);
        for (var i = 0; i < z.Rows; i++)
        {
            z.Row(i)[0] = 0;
        }

        return z;
    }

    /// <summary>The first columns of the design, then the features of each kernel.</summary>
    internal static DesignMatrix Build(DesignMatrix design, int linear, int columns, KernelBasis[] kernels, float[][]? residual)
    {
        if (kernels.Length == 0)
        {
            return columns < design.Columns ? design.Prefix(columns) : design;
        }

        var inputs = Inputs(design, linear);
        var x = new DesignMatrix(design.Rows, columns + kernels.Sum(k => k.Count));
        for (var i = 0; i < x.Rows; i++)
        {
            design.Row(i)[..columns].CopyTo(x.Row(i));
        }

        for (var (k, at) = (0, columns); k < kernels.Length; at += kernels[k++].Count)
        {
            kernels[k].Write(inputs, x, at, residual?[k]);
        }

        return x;
    }
}

/// <summary>Columns and kernel features of a batch of rows.</summary>
/// <param name="Residual">Per kernel and row, the prior variance that its features leave out.</param>
internal sealed record KernelRows(DesignMatrix X, float[][] Residual);
