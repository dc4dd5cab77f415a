namespace AIX.Core.Scoring;

/// <summary>Values of one attribute for a set of leads, in row order.</summary>
/// <param name="name">Stable name; survives to the ledger.</param>
/// <param name="unit">Unit of a number, for words ("visits", "days"); null when it has none.</param>
public abstract class Column(string name, string? unit = null)
{
    public string Name { get; } = name;

    public string? Unit { get; } = unit;

    public abstract int Count { get; }

    /// <summary>The given rows, in the given order.</summary>
    public abstract Column Select(ReadOnlySpan<int> rows);
}

/// <summary>Numbers and booleans (0/1). NaN means missing; ±∞ is read as missing.</summary>
public sealed class NumberColumn(string name, double[] values, string? unit = null) : Column(name, unit)
{
    public ReadOnlySpan<double> Values => values;

    public override int Count => values.Length;

    public override Column Select(ReadOnlySpan<int> rows)
    {
        var picked = new double[rows.Length];
        for (var i = 0; i < picked.Length; i++)
        {
            picked[i] = values[rows[i]];
        }

        return new NumberColumn(Name, picked, Unit);
    }
}

/// <summary>Points in time as days since 1970-01-01 UTC; NaN means missing. Models see the age in days.</summary>
public sealed class DateColumn(string name, double[] days) : Column(name, "days")
{
    public ReadOnlySpan<double> Days => days;

    public override int Count => days.Length;

    public override Column Select(ReadOnlySpan<int> rows) => new DateColumn(Name, [.. ((NumberColumn)new NumberColumn(Name, days).Select(rows)).Values]);
}

/// <summary>Categories, coded by a dictionary of their levels.</summary>
/// <param name="codes">Index into <paramref name="levels"/> per row; −1 means missing.</param>
public sealed class TextColumn(string name, int[] codes, IReadOnlyList<string> levels) : Column(name)
{
    public ReadOnlySpan<int> Codes => codes;

    public IReadOnlyList<string> Levels => levels;

    public override int Count => codes.Length;

    public static TextColumn Of(string name, IEnumerable<string?> values)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var levels = new List<string>();
        var codes = values.Select(v => Code(v, index, levels)).ToArray();
        return new TextColumn(name, codes, levels);
    }

    public override Column Select(ReadOnlySpan<int> rows)
    {
        var picked = new int[rows.Length];
        for (var i = 0; i < picked.Length; i++)
        {
            picked[i] = codes[rows[i]];
        }

        return new TextColumn(Name, picked, levels);
    }

    internal static int Code(string? value, Dictionary<string, int> index, List<string> levels)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return -1;
        }

        if (!index.TryGetValue(value, out var code))
        {
            index[value] = code = levels.Count;
            levels.Add(value);
        }

        return code;
    }
}

/// <summary>Sets of levels (technologies, tags), coded by a dictionary.</summary>
/// <param name="members">Indexes into <paramref name="levels"/> per row; null means missing, empty means "none".</param>
public sealed class ListColumn(string name, int[]?[] members, IReadOnlyList<string> levels) : Column(name)
{
    public IReadOnlyList<int[]?> Members => members;

    public IReadOnlyList<string> Levels => levels;

    public override int Count => members.Length;

    public static ListColumn Of(string name, IEnumerable<IEnumerable<string>?> values)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var levels = new List<string>();
        var members = values.Select(v => v?.Select(m => TextColumn.Code(m, index, levels)).Where(c => c >= 0).Distinct().ToArray()).ToArray();
        return new ListColumn(name, members, levels);
    }

    public override Column Select(ReadOnlySpan<int> rows)
    {
        var picked = new int[]?[rows.Length];
        for (var i = 0; i < picked.Length; i++)
        {
            picked[i] = members[rows[i]];
        }

        return new ListColumn(Name, picked, levels);
    }
}
