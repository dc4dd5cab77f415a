using System.Globalization;

namespace AIX.Core.Scoring.Features;

/// <summary>Reads a table's column as a spec wants it, also when a later file brought it as another type.</summary>
internal static class ColumnReader
{
    /// <summary>Numbers with NaN for missing, infinities included; null when the table has no such column.</summary>
    public static double[]? Numbers(NumberSpec spec, DataTable table) => table.Find(spec.Name) switch
    {
        NumberColumn number => Finite(number.Values),
        DateColumn date => Ages(date.Days, table.AsOf, spec.NewestDay ?? 0),
        TextColumn text => Parse(text),
        _ => null,
    };

    /// <summary>0 missing, 1… levels, Levels.Length + 1 pooled, −1 never seen.</summary>
    public static int[] Levels(CategorySpec spec, DataTable table)
    {
        switch (table.Find(spec.Name))
        {
            case TextColumn text:
                var map = Map(spec.Levels, text.Levels, spec.HasPool ? spec.Levels.Length + 1 : -1);
                return Array.ConvertAll(text.Codes.ToArray(), c => c < 0 ? 0 : map[c]);
            case NumberColumn number:
                var asText = TextColumn.Of(spec.Name, number.Values.ToArray().Select(v => double.IsNaN(v) ? null : v.ToString(CultureInfo.InvariantCulture)));
                return Levels(spec, new DataTable([asText], table.Rows));
            default:
                return new int[table.Rows];
        }
    }

    /// <summary>Indexes of the spec's members; null where the list is missing; null when the table has no such column.</summary>
    public static int[]?[]? Members(ListSpec spec, DataTable table)
    {
        if (table.Find(spec.Name) is not ListColumn list)
        {
            return null;
        }

        var map = Map(spec.Members, list.Levels, -1);
        return [.. list.Members.Select(m => m is null ? null : Array.FindAll(Array.ConvertAll(m, c => map[c] - 1), k => k >= 0))];
    }

    /// <summary>Position + 1 of each of the table's levels among those of the spec.</summary>
    private static int[] Map(string[] known, IReadOnlyList<string> levels, int unknown)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var k = 0; k < known.Length; k++)
        {
            index[known[k]] = k + 1;
        }

        return [.. levels.Select(l => index.TryGetValue(l, out var at) ? at : unknown)];
    }

    internal static double[] Finite(ReadOnlySpan<double> values)
    {
        var read = values.ToArray();
        for (var i = 0; i < read.Length; i++)
        {
            if (!double.IsFinite(read[i]))
            {
                read[i] = double.NaN;
            }
        }

        return read;
    }

    internal static double[] Ages(ReadOnlySpan<double> days, double[]? asOf, double newest)
    {
        var ages = Finite(days);
        for (var i = 0; i < ages.Length; i++)
        {
            ages[i] = (asOf is null ? newest : asOf[i]) - ages[i];
        }

        return ages;
    }

    private static double[] Parse(TextColumn text)
    {
        var numbers = text.Levels.Select(l => double.TryParse(l, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n) ? n : double.NaN).ToArray();
        return Array.ConvertAll(text.Codes.ToArray(), c => c < 0 ? double.NaN : numbers[c]);
    }
}
