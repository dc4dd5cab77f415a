using System.Numerics.Tensors;
using AIX.Core.Scoring.Features;

namespace AIX.Core.Scoring.Models;

/// <summary>The weighted mean of several models' logits: an ensemble of one family, or a blend of several.</summary>
internal sealed class MeanModel(IReadOnlyList<IModel> members, double[]? weights = null) : IModel
{
    public IReadOnlyList<IModel> Members => members;

    /// <summary>Sum to 1.</summary>
    public double[] Weights { get; } = weights ?? [.. members.Select(_ => 1.0 / members.Count)];

    public void Predict(EncodedRows rows, Span<double> logits)
    {
        var one = new double[logits.Length];
        logits.Clear();
        for (var k = 0; k < members.Count; k++)
        {
            members[k].Predict(rows, one);
            TensorPrimitives.MultiplyAdd(one, Weights[k], logits, logits);
        }
    }

    public Attribution Explain(EncodedRows row) => Attribution.Blend([.. members.Select((m, k) => (m.Explain(row), Weights[k]))]);
}
