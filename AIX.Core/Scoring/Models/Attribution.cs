namespace AIX.Core.Scoring.Models;

/// <summary>Where one row's logit comes from. Base + Σ Features + Remainder is the model's logit up to rounding.</summary>
/// <param name="Base">Log-odds of an average lead.</param>
/// <param name="Features">What each feature of the schema adds.</param>
/// <param name="Remainder">What no single feature can be given.</param>
internal sealed record Attribution(double Base, double[] Features, double Remainder)
{
    /// <summary>Weighted sum: a blend of logits has the blend of the attributions.</summary>
    public static Attribution Blend(IReadOnlyList<(Attribution Part, double Weight)> parts)
    {
        var features = new double[parts[0].Part.Features.Length];
        foreach (var (part, weight) in parts)
        {
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(part.Features, weight, features, features);
        }

        return new Attribution(parts.Sum(p => p.Weight * p.Part.Base), features, parts.Sum(p => p.Weight * p.Part.Remainder));
    }
}
