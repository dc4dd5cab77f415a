using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Features;

/// <summary>
/// Writes the design matrix: intercept, then per feature z-scores, indicators and one-hot levels (3), then spline columns. Indicators are centred at
/// their training share, so that an average lead has zeros and the intercept is the base rate's; an unknown level is zeros, which is average.
/// </summary>
internal static class DesignEncoder
{
    private const int BlockRows = 512;

    public static DesignMatrix Encode(FeatureSchema schema, DataTable table)
    {
        var x = new DesignMatrix(table.Rows, schema.DesignColumns);
        var writers = schema.Features.Select(f => Source(f, table)).ToArray();
        for (var from = 0; from < table.Rows; from += BlockRows)
        {
            var end = Math.Min(table.Rows, from + BlockRows);
            for (var i = from; i < end; i++)
            {
                x.Data[i * x.Stride] = 1;
            }

            var (linear, spline) = (1, schema.LinearColumns);
            for (var f = 0; f < writers.Length; f++)
            {
                var spec = schema.Features[f];
                switch (spec)
                {
                    case NumberSpec number:
                        Number(number, (double[]?)writers[f], x, from, end, linear, spline);
                        break;
                    case CategorySpec category:
                        Category(category, (int[])writers[f]!, x, from, end, linear);
                        break;
                    case ListSpec list:
                        List(list, (int[]?[]?)writers[f], x, from, end, linear);
                        break;
                }

                linear += spec.LinearColumns;
                spline += spec.SplineColumns;
            }
        }

        return x;
    }

    /// <summary>The column's values in the schema's own terms: numbers; level index (0 missing, 1… levels, Length+1 pooled, −1 unknown); member indexes.</summary>
    internal static object? Source(FeatureSpec spec, DataTable table) => spec switch
    {
        NumberSpec number => ColumnReader.Numbers(number, table),
        CategorySpec category => ColumnReader.Levels(category, table),
        ListSpec list => ColumnReader.Members(list, table),
        _ => throw new InvalidOperationException($"No encoder for {spec.GetType().Name}."),
    };

    private static void Number(NumberSpec spec, double[]? values, DesignMatrix x, int from, int end, int linear, int spline)
    {
        var spike = linear + 1 + (spec.MissingShare > 0 ? 1 : 0);
        for (var i = from; i < end; i++)
        {
            var row = x.Data.AsSpan(i * x.Stride, x.Stride);
            var value = values is null ? double.NaN : values[i];
            var missing = double.IsNaN(value);
            var z = missing ? 0 : spec.Z(value);
            row[linear] = (float)z;
            if (spec.MissingShare > 0)
            {
                row[linear + 1] = (float)((missing ? 1 : 0) - spec.MissingShare);
            }

            if (spec.Spike is { } peak)
            {
                row[spike] = (float)((value == peak ? 1 : 0) - spec.SpikeShare);
            }

            if (!missing)
            {
                for (var k = 0; k < spec.Knots.Length; k++)
                {
                    row[spline + k] = (float)(Math.Max(0, z - spec.Knots[k]) - spec.KnotMeans[k]);
                }
            }
        }
    }

    private static void Category(CategorySpec spec, int[] levels, DesignMatrix x, int from, int end, int linear)
    {
        // Column of each state: levels first, then missing, then pooled.
        Span<float> centre = stackalloc float[spec.LinearColumns];
        for (var k = 0; k < spec.Levels.Length; k++)
        {
            centre[k] = (float)-spec.Shares[k + 1];
        }

        var missing = spec.HasMissing ? spec.Levels.Length : -1;
        var pool = spec.HasPool ? spec.LinearColumns - 1 : -1;
        if (missing >= 0)
        {
            centre[missing] = (float)-spec.Shares[0];
        }

        if (pool >= 0)
        {
            centre[pool] = (float)-spec.Shares[^1];
        }

        for (var i = from; i < end; i++)
        {
            var column = levels[i] switch
            {
                0 => missing,
                -1 => pool,
                var level when level > spec.Levels.Length => pool,
                var level => level - 1,
            };
            if (column >= 0)
            {
                var row = x.Data.AsSpan(i * x.Stride + linear, centre.Length);
                centre.CopyTo(row);
                row[column] += 1;
            }
        }
    }

    private static void List(ListSpec spec, int[]?[]? members, DesignMatrix x, int from, int end, int linear)
    {
        for (var i = from; i < end; i++)
        {
            if (members?[i] is { } present)
            {
                var row = x.Data.AsSpan(i * x.Stride + linear, spec.Members.Length);
                for (var k = 0; k < row.Length; k++)
                {
                    row[k] = (float)-spec.Shares[k];
                }

                foreach (var member in present)
                {
                    row[member] += 1;
                }
            }
        }
    }
}
