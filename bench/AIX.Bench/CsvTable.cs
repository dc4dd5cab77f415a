using System.Globalization;
using AIX.Core.Leads.Import;
using AIX.Core.Scoring;

namespace AIX.Bench;

/// <summary>Any delimited file as typed columns: numbers where every value is one, else text; "Select" and empty cells are missing.</summary>
internal static class CsvTable
{
    private static readonly string[] Missing = ["", "Select", "NA", "N/A", "NaN", "null", "None"];

    public static (DataTable Table, string?[] Label) Read(string path, string? label, IReadOnlyCollection<string> drop)
    {
        var first = File.ReadLines(path).First();
        var delimiter = ",;\t|".MaxBy(d => first.Count(c => c == d));
        using var reader = new CsvReader(new StreamReader(path), delimiter, 1_000_000);
        reader.Read();
        var header = reader.Fields.ToList();
        var cells = header.Select(_ => new List<string?>()).ToList();
        while (reader.Read())
        {
            for (var c = 0; c < header.Count; c++)
            {
                var value = c < reader.Fields.Count ? reader.Fields[c].Trim() : "";
                cells[c].Add(Array.IndexOf(Missing, value) >= 0 ? null : value);
            }
        }

        var at = label is null ? -1 : header.IndexOf(label);
        if (label is not null && at < 0)
        {
            throw new ArgumentException($"{path} has no column \"{label}\"; it has {string.Join(", ", header)}.");
        }

        var columns = Enumerable.Range(0, header.Count).Where(c => c != at && !drop.Contains(header[c])).Select(c => Column(header[c], cells[c])).ToList();
        return (new DataTable(columns, cells[0].Count), at < 0 ? [] : [.. cells[at]]);
    }

    private static Column Column(string name, List<string?> values)
    {
        var numbers = new double[values.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (values[i] is not { } text)
            {
                numbers[i] = double.NaN;
            }
            else if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return TextColumn.Of(name, values);
            }
        }

        return new NumberColumn(name, numbers);
    }
}
