using AIX.Core.Shared;

namespace AIX.Core.Leads;

/// <summary>A small delimited file, read whole: encoding and delimiter found by looking at it. For lists that people keep; leads come through an import.</summary>
/// <param name="Header">Cells of the first record.</param>
/// <param name="Rows">The others; a broken one with its reason.</param>
internal sealed record CsvFile(IReadOnlyList<string> Header, IReadOnlyList<CsvRow> Rows)
{
    public static Result<CsvFile> Read(byte[] bytes, int maxRows)
    {
        var opened = CsvStream.Open(bytes);
        if (!opened.IsOk)
        {
            return opened.Error;
        }

        using var csv = opened.Value;
        var rows = new List<CsvRow>();
        while (csv.Next() is { } row)
        {
            if (rows.Count == maxRows)
            {
                return new Error(ErrorKind.TooLarge, "too-many-rows", $"The file has more than {maxRows:N0} rows; split it.", "file");
            }

            rows.Add(row);
        }

        return new CsvFile([.. csv.Header], rows);
    }
}

/// <param name="Record">Its number in the file, the header being 1.</param>
/// <param name="Problem">What is wrong with it; null for a good one.</param>
internal sealed record CsvRow(int Record, IReadOnlyList<string> Cells, string? Problem);
