namespace AIX.Core.Campaigns;

/// <summary>One script's part of a test.</summary>
public sealed record AbArm(string Variant, int Answered, int Won)
{
    public double Rate => Answered == 0 ? 0 : Won / (double)Answered;
}

/// <param name="Difference">Rate of B less rate of A.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="P">Two-sided p-value of the pooled two-proportion z-test; 1 where nothing can be said.</param>
/// <param name="Better">A or B; null while chance explains the difference.</param>
public sealed record AbVerdict(AbArm A, AbArm B, double Difference, double Low, double High, double P, string? Better);

/// <summary>Compares two scripts by the share of answered calls that came to something. Interval after Newcombe (1998), method 10: Wilson's score intervals of both, combined.</summary>
public static class AbTest
{
    /// <summary>Answered calls that each script needs before a winner is named.</summary>
    public const int Least = 50;

    private const double Z = 1.959963984540054;
    private const double Alpha = 0.05;

    public static AbVerdict Judge(AbArm a, AbArm b)
    {
        if (a.Answered == 0 || b.Answered == 0)
        {
            return new AbVerdict(a, b, 0, -1, 1, 1, null);
        }

        var difference = b.Rate - a.Rate;
        var (la, ua) = Wilson(a);
        var (lb, ub) = Wilson(b);
        var low = difference - Math.Sqrt(((b.Rate - lb) * (b.Rate - lb)) + ((ua - a.Rate) * (ua - a.Rate)));
        var high = difference + Math.Sqrt(((ub - b.Rate) * (ub - b.Rate)) + ((a.Rate - la) * (a.Rate - la)));
        var pooled = (a.Won + b.Won) / (double)(a.Answered + b.Answered);
        var error = Math.Sqrt(pooled * (1 - pooled) * ((1.0 / a.Answered) + (1.0 / b.Answered)));
        var p = error == 0 ? 1 : 2 * (1 - MathNet.Numerics.Distributions.Normal.CDF(0, 1, Math.Abs(difference) / error));
        return new AbVerdict(a, b, difference, low, high, p, p < Alpha && a.Answered >= Least && b.Answered >= Least ? difference > 0 ? "B" : "A" : null);
    }

    /// <summary>Wilson's 95 % score interval of a share.</summary>
    public static (double Low, double High) Wilson(AbArm arm)
    {
        if (arm.Answered == 0)
        {
            return (0, 1);
        }

        var (n, p) = ((double)arm.Answered, arm.Rate);
        var middle = (p + (Z * Z / (2 * n))) / (1 + (Z * Z / n));
        var half = Z / (1 + (Z * Z / n)) * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
