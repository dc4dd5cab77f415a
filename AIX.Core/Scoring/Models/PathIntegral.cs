namespace AIX.Core.Scoring.Models;

/// <summary>
/// Integrated gradients (Sundararajan, Taly and Yan 2017) from the average lead 0 to x: aⱼ = xⱼ ∫₀¹ ∂f(t·x)/∂xⱼ dt, by Gauss and Legendre's rule. They add up to f(x) − f(0) up to the
/// error of the rule, which the caller shows as remainder.
/// </summary>
internal static class PathIntegral
{
    private const int Points = 24;

    private static readonly MathNet.Numerics.Integration.GaussLegendreRule Rule = new(0, 1, Points);

    /// <param name="gradient">Adds weight × ∂f/∂x at t·x to its last argument.</param>
    public static double[] Attribute(ReadOnlySpan<float> x, Action<float[], double, double[]> gradient)
    {
        var sum = new double[x.Length];
        var at = new float[x.Length];
        for (var k = 0; k < Points; k++)
        {
            for (var j = 0; j < at.Length; j++)
            {
                at[j] = (float)(Rule.GetAbscissa(k) * x[j]);
            }

            gradient(at, Rule.GetWeight(k), sum);
        }

        for (var j = 0; j < sum.Length; j++)
        {
            sum[j] *= x[j];
        }

        return sum;
    }
}
