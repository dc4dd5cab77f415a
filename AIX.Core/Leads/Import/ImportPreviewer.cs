using AIX.Core.Shared;

namespace AIX.Core.Leads.Import;

internal static class ImportPreviewer
{
    public const int MaxColumns = 500;

    public static Result<ImportPreview> Preview(byte[] head, CsvFormat? asked, IntakeOptions options, bool complete, int maxRows)
    {
        if (asked is not null && !CsvSniffer.IsKnown(asked.EncodingName))
        {
            return new Error(ErrorKind.Invalid, "unknown-encoding", $"The encoding “{asked.EncodingName}” is not known; use utf-8, utf-16, utf-16BE or windows-1252.", "encoding");
        }

        var format = asked ?? CsvSniffer.Sniff(head, complete);
        using var csv = new CsvReader(new StreamReader(new MemoryStream(head), CsvSniffer.Get(format.EncodingName)), format.Delimiter, options.MaxRecordLength);
        var rows = new List<IReadOnlyList<string>>();
        List<string>? header = null;
        while (rows.Count < maxRows && csv.Read())
        {
            if (csv.Problem is not null)
            {
                continue;
            }

            if (header is null && format.HasHeader)
            {
                header = [.. csv.Fields];
            }
            else
            {
                rows.Add([.. csv.Fields]);
            }
        }

        if (!complete && rows.Count > 1 && rows.Count < maxRows)
        {
            rows.RemoveAt(rows.Count - 1);
        }

        var count = header?.Count ?? (rows.Count > 0 ? rows[0].Count : 0);
        if (count == 0)
        {
            return new Error(ErrorKind.Invalid, "no-columns", "No readable row was found. Is this a delimited text file (CSV)? Spreadsheets need “Save as CSV” first.", "file");
        }

        if (count > MaxColumns)
        {
            return new Error(ErrorKind.Invalid, "too-many-columns", $"The file has {count} columns; at most {MaxColumns} can be read. Remove the ones you do not need.", "file");
        }

        var names = Names(header, count);
        return new ImportPreview(names, rows, MappingSuggester.Suggest(format, names, rows));
    }

    /// <summary>Column names without blanks and repetitions: a second "Phone" becomes "Phone (2)".</summary>
    private static List<string> Names(List<string>? header, int count)
    {
        var names = new List<string>(count);
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < count; i++)
        {
            var name = Intake.TextNormalizer.Clean(header?[i]) is { } text ? Intake.TextNormalizer.Truncate(text.Replace("\0", "", StringComparison.Ordinal)) : $"Column {i + 1}";
            var times = seen[name] = seen.GetValueOrDefault(name) + 1;
            names.Add(times == 1 ? name : $"{name} ({times})");
        }

        return names;
    }
}
