namespace AIX.Core.Scoring.Numerics;

/// <summary>The logistic function and its relatives.</summary>
internal static class Logistic
{
    /// <summary>Logits beyond are cut, so that σ stays inside (0, 1) in double precision.</summary>
    public const double MaxLogit = 30;

    /// <summary>Standard normal 97.5 % quantile.</summary>
    public const double Z95 = 1.959963984540054;

    /// <summary>(15), cut at ±30 so that the result lies in the open (0, 1).</summary>
    public static double Sigmoid(double z) => 1 / (1 + Math.Exp(-Math.Clamp(z, -MaxLogit, MaxLogit)));

    /// <summary>ln(p/(1−p)), p cut to [1e-13, 1 − 1e-13].</summary>
    public static double Logit(double p)
    {
        p = Math.Clamp(p, 1e-13, 1 - 1e-13);
        return Math.Log(p / (1 - p));
    }

    /// <summary>Cross-entropy of label y in {0, 1} under logit z: ln(1 + e^z) − y·z, without overflow.</summary>
    public static double Loss(double z, double y) => Math.Max(z, 0) - y * z + Math.Log(1 + Math.Exp(-Math.Abs(z)));
}
