namespace AIX.Core.Scoring.Features;

/// <summary>Rows × columns of bin codes, row-major, for trees. Code 0 is missing.</summary>
internal sealed class BinMatrix(int rows, int columns)
{
    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public byte[] Codes { get; } = new byte[(long)rows * columns];

    public BinMatrix Select(int[] rows)
    {
        var picked = new BinMatrix(rows.Length, Columns);
        for (var i = 0; i < rows.Length; i++)
        {
            Codes.AsSpan(rows[i] * Columns, Columns).CopyTo(picked.Codes.AsSpan(i * Columns, Columns));
        }

        return picked;
    }
}

internal static class BinEncoder
{
    public static BinMatrix Encode(FeatureSchema schema, DataTable table)
    {
        var bins = new BinMatrix(table.Rows, schema.BinColumns);
        var column = 0;
        foreach (var spec in schema.Features)
        {
            switch (spec)
            {
                case NumberSpec number:
                    Number(number, ColumnReader.Numbers(number, table), bins, column);
                    break;
                case CategorySpec category:
                    Category(category, ColumnReader.Levels(category, table), bins, column);
                    break;
                case ListSpec list:
                    List(ColumnReader.Members(list, table), list.Members.Length, bins, column);
                    break;
            }

            column += spec.BinColumns;
        }

        return bins;
    }

    private static void Number(NumberSpec spec, double[]? values, BinMatrix bins, int column)
    {
        for (var i = 0; values is not null && i < bins.Rows; i++)
        {
            bins.Codes[i * bins.Columns + column] = spec.Bin(values[i]);
        }
    }

    private static void Category(CategorySpec spec, int[] levels, BinMatrix bins, int column)
    {
        for (var i = 0; i < bins.Rows; i++)
        {
            // A level never seen goes with the pooled ones; the code exists also when training pooled nothing.
            bins.Codes[i * bins.Columns + column] = (byte)(levels[i] < 0 ? spec.Levels.Length + 1 : levels[i]);
        }
    }

    private static void List(int[]?[]? members, int count, BinMatrix bins, int column)
    {
        for (var i = 0; members is not null && i < bins.Rows; i++)
        {
            if (members[i] is { } present)
            {
                var row = bins.Codes.AsSpan(i * bins.Columns + column, count);
                row.Fill(1);
                foreach (var member in present)
                {
                    row[member] = 2;
                }
            }
        }
    }
}
