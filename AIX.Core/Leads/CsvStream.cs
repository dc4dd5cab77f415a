using AIX.Core.Leads.Import;
using AIX.Core.Shared;

namespace AIX.Core.Leads;

/// <summary>A delimited file of any length, row by row: encoding and delimiter found by looking at its beginning.</summary>
internal sealed class CsvStream : IDisposable
{
    private const int MaxRecordLength = 100_000;
    private const int Looked = 256 * 1024;

    private readonly CsvReader _reader;

    private CsvStream(CsvReader reader, IReadOnlyList<string> header) => (_reader, Header) = (reader, header);

    /// <summary>Cells of the first record.</summary>
    public IReadOnlyList<string> Header { get; }

    public static Result<CsvStream> Open(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return new Error(ErrorKind.Invalid, "empty-file", "The file is empty; its first line names the columns.", "file");
        }

        var format = CsvSniffer.Sniff(bytes.AsSpan(0, Math.Min(bytes.Length, Looked)), bytes.Length <= Looked);
        var csv = new CsvReader(new StreamReader(new MemoryStream(bytes), CsvSniffer.Get(format.EncodingName)), format.Delimiter, MaxRecordLength);
        if (csv.Read() && csv.Problem is null)
        {
            return new CsvStream(csv, [.. csv.Fields]);
        }

        csv.Dispose();
        return new Error(ErrorKind.Invalid, "no-header", $"The first line does not name columns. {csv.Problem}".TrimEnd(), "file");
    }

    /// <returns>Null at the end.</returns>
    public CsvRow? Next() => _reader.Read() ? new CsvRow(_reader.Record, [.. _reader.Fields], _reader.Problem) : null;

    public void Dispose() => _reader.Dispose();
}
