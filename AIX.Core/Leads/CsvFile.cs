using AIX.Core.Leads.Import;
using AIX.Core.Shared;

namespace AIX.Core.Leads;

/// <summary>A small delimited file, read whole: encoding and delimiter found by looking at it. For lists that people keep; leads come through an import.</summary>
/// <param name="Header">Cells of the first record.</param>
/// <param name="Rows">The others; a broken one with its reason.</param>
internal sealed record CsvFile(IReadOnlyList<string> Header, IReadOnlyList<CsvRow> Rows)
{
    private const int MaxRecordLength = 100_000;

    public static Result<CsvFile> Read(byte[] bytes, int maxRows)
    {
        if (bytes.Length == 0)
        {
            return new Error(ErrorKind.Invalid, "empty-file", "The file is empty; its first line names the columns.", "file");
        }

        var format = CsvSniffer.Sniff(bytes.AsSpan(0, Math.Min(bytes.Length, 256 * 1024)), bytes.Length <= 256 * 1024);
        using var csv = new CsvReader(new StreamReader(new MemoryStream(bytes), CsvSniffer.Get(format.EncodingName)), format.Delimiter, MaxRecordLength);
        if (!csv.Read() || csv.Problem is not null)
        {
            return new Error(ErrorKind.Invalid, "no-header", $"The first line does not name columns. {csv.Problem}".TrimEnd(), "file");
        }

        var header = csv.Fields.ToArray();
        var rows = new List<CsvRow>();
        while (csv.Read())
        {
            if (rows.Count == maxRows)
            {
                return new Error(ErrorKind.TooLarge, "too-many-rows", $"The file has more than {maxRows:N0} rows; split it.", "file");
            }

            rows.Add(new CsvRow(csv.Record, [.. csv.Fields], csv.Problem));
        }

        return new CsvFile(header, rows);
    }
}

/// <param name="Record">Its number in the file, the header being 1.</param>
/// <param name="Problem">What is wrong with it; null for a good one.</param>
internal sealed record CsvRow(int Record, IReadOnlyList<string> Cells, string? Problem);
