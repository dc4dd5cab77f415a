namespace AIX.Core.Scoring.Features;

/// <summary>Counts recent leads in the groups of the fitted schema: missing and about ten quantile groups of a number, missing, levels and the rest of a category, members of a list.</summary>
internal static class DriftMeter
{
    private const int Groups = 10;

    public static IReadOnlyList<FeatureDrift> Measure(FeatureSchema schema, DataTable recent)
    {
        var drifts = new List<FeatureDrift>();
        recent = schema.Expand(recent);
        foreach (var spec in schema.Features)
        {
            var drift = spec switch
            {
                NumberSpec { BinShares.Length: > 0 } number => Number(number, ColumnReader.Numbers(number, recent) ?? Enumerable.Repeat(double.NaN, recent.Rows).ToArray()),
                CategorySpec category => Category(category, ColumnReader.Levels(category, recent)),
                ListSpec list when ColumnReader.Members(list, recent) is { } members => List(list, members),
                _ => null,
            };
            if (drift is not null)
            {
                drifts.Add(drift);
            }
        }

        return drifts;
    }

    private static FeatureDrift Number(NumberSpec spec, double[] values)
    {
        var groupOf = new int[spec.BinShares.Length];
        var (sum, group) = (0.0, 0);
        for (var bin = 1; bin < groupOf.Length; bin++)
        {
            if (bin == 1 || sum >= group / (double)Groups)
            {
                group++;
            }

            sum += spec.BinShares[bin];
            groupOf[bin] = group;
        }

        var (expected, counts) = (new double[group + 1], new int[group + 1]);
        for (var bin = 0; bin < groupOf.Length; bin++)
        {
            expected[groupOf[bin]] += spec.BinShares[bin];
        }

        foreach (var value in values)
        {
            counts[groupOf[Math.Min(spec.Bin(value), groupOf.Length - 1)]]++;
        }

        return FeatureDrift.Of(spec.Name, expected, counts);
    }

    private static FeatureDrift Category(CategorySpec spec, int[] levels)
    {
        var counts = new int[spec.Shares.Length];
        foreach (var level in levels)
        {
            counts[level < 0 ? ^1 : level]++;
        }

        return FeatureDrift.Of(spec.Name, spec.Shares, counts);
    }

    /// <summary>The member whose share moved most.</summary>
    private static FeatureDrift List(ListSpec spec, int[]?[] members) =>
        Enumerable.Range(0, spec.Members.Length)
            .Select(k => FeatureDrift.Of(spec.Name, [spec.Shares[k], 1 - spec.Shares[k]], [members.Count(m => m?.Contains(k) == true), members.Count(m => m?.Contains(k) != true)]))
            .MaxBy(d => d.Psi)!;
}
