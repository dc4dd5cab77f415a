namespace AIX.Core.Scoring;

/// <summary>Named columns of equal length: the leads that a model learns from or scores.</summary>
public sealed class DataTable
{
    private readonly Dictionary<string, Column> _byName;

    /// <param name="columns">Distinct names.</param>
    /// <param name="rows">Length of every column.</param>
    /// <param name="asOf">Per row, the day (since 1970-01-01) at which it is looked at; ages of dates count from it. Null: from the newest date seen in training.</param>
    public DataTable(IReadOnlyList<Column> columns, int rows, double[]? asOf = null)
    {
        Columns = columns;
        Rows = rows;
        AsOf = asOf;
        _byName = columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
        if (columns.FirstOrDefault(c => c.Count != rows) is { } wrong)
        {
            throw new ArgumentException($"Column \"{wrong.Name}\" has {wrong.Count} values for {rows} rows.", nameof(columns));
        }
    }

    public IReadOnlyList<Column> Columns { get; }

    public int Rows { get; }

    public double[]? AsOf { get; }

    public Column? Find(string name) => _byName.GetValueOrDefault(name);

    public DataTable Select(int[] rows) => new([.. Columns.Select(c => c.Select(rows))], rows.Length, AsOf is null ? null : [.. rows.Select(r => AsOf[r])]);
}
