using AIX.Core.Scoring;
using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Numerics;

namespace AIX.Tests.Scoring;

/// <summary>Invented leads with a known law.</summary>
internal static class SyntheticData
{
    /// <summary>Three numbers, a category of four levels with a rare fifth, a boolean, some values missing. The logit has an interaction of the first two.</summary>
    public static (DataTable Table, double[] Labels, double[] Logits) Mixed(int rows, ulong seed, double interaction = 1, double base0 = -1)
    {
        var rng = new Rng(seed);
        var (a, b, c, flag, level) = (new double[rows], new double[rows], new double[rows], new double[rows], new string?[rows]);
        var (labels, logits) = (new double[rows], new double[rows]);
        for (var i = 0; i < rows; i++)
        {
            (a[i], b[i], c[i]) = (rng.NextNormal(), rng.NextNormal(), Math.Exp(2 * rng.NextNormal()));
            flag[i] = rng.NextDouble() < 0.3 ? 1 : 0;
            var k = rng.Next(100);
            level[i] = k < 40 ? "north" : k < 70 ? "south" : k < 90 ? "east" : k < 99 ? "west" : "far";
            logits[i] = base0 + a[i] - 0.5 * b[i] + interaction * a[i] * b[i] + 0.8 * flag[i] + (level[i] == "south" ? 0.7 : level[i] == "west" ? -0.7 : 0);
            labels[i] = rng.NextDouble() < Logistic.Sigmoid(logits[i]) ? 1 : 0;
            if (rng.NextDouble() < 0.1)
            {
                c[i] = double.NaN;
            }
        }

        Column[] columns = [new NumberColumn("a", a), new NumberColumn("b", b), new NumberColumn("c", c, "visits"), new NumberColumn("flag", flag), TextColumn.Of("region", level)];
        return (new DataTable(columns, rows), labels, logits);
    }

    public static LabelledRows Encoded(DataTable table, double[] labels) =>
        new(new EncodedRows(SchemaFitter.Fit(table, 5), table), labels, [.. labels.Select(_ => 1.0)]);
}
