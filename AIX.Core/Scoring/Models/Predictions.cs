using System.Numerics.Tensors;
using AIX.Core.Scoring.Features;

namespace AIX.Core.Scoring.Models;

/// <summary>What models say about one batch of rows, each model and each kernel asked once: score and interval are made of the same parts. Not for concurrent use.</summary>
internal sealed class Predictions(EncodedRows rows)
{
    private readonly Dictionary<IModel, double[]> _logits = [];
    private readonly Dictionary<(KernelBasis First, int Columns), KernelRows> _kernels = [];

    public EncodedRows Rows => rows;

    /// <summary>Log-odds of every row; not to be written to.</summary>
    public double[] Of(IModel model)
    {
        if (!_logits.TryGetValue(model, out var logits))
        {
            _logits[model] = logits = new double[rows.Rows];
            switch (model)
            {
                case MeanModel mean:
                    for (var k = 0; k < mean.Members.Count; k++)
                    {
                        TensorPrimitives.MultiplyAdd(Of(mean.Members[k]), mean.Weights[k], logits, logits);
                    }

                    break;
                case LogisticModel { Kernels.Length: > 0 } logistic:
                    logistic.Predict(Kernel(logistic), logits);
                    break;
                default:
                    model.Predict(rows, logits);
                    break;
            }
        }

        return logits;
    }

    public (double[] Logits, double[] Skews, double[] Variances) Posteriors(LogisticModel model) => model.Posteriors(Kernel(model));

    private KernelRows Kernel(LogisticModel model)
    {
        if (model.Kernels.Length == 0)
        {
            return model.Build(rows);
        }

        // Models that share their first kernel stand on the same basis.
        var key = (model.Kernels[0], model.Columns);
        if (!_kernels.TryGetValue(key, out var built))
        {
            _kernels[key] = built = model.Build(rows);
        }

        return built;
    }
}
