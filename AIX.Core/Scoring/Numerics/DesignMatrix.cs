namespace AIX.Core.Scoring.Numerics;

/// <summary>Rows × columns of single-precision numbers, row-major; each row is padded with zeros to a multiple of 16, so that vector code needs no tail.</summary>
internal sealed class DesignMatrix(int rows, int columns)
{
    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    /// <summary>Numbers from one row to the next.</summary>
    public int Stride { get; } = (columns + 15) / 16 * 16;

    public float[] Data { get; } = new float[(long)rows * ((columns + 15) / 16 * 16)];

    public Span<float> Row(int i) => Data.AsSpan(i * Stride, Columns);

    public DesignMatrix Select(int[] rows)
    {
        var picked = new DesignMatrix(rows.Length, Columns);
        for (var i = 0; i < rows.Length; i++)
        {
            Row(rows[i]).CopyTo(picked.Row(i));
        }

        return picked;
    }

    /// <summary>The first columns only.</summary>
    public DesignMatrix Prefix(int columns)
    {
        var cut = new DesignMatrix(Rows, columns);
        for (var i = 0; i < Rows; i++)
        {
            Row(i)[..columns].CopyTo(cut.Row(i));
        }

        return cut;
    }
}
