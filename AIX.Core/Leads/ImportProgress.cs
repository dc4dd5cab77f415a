namespace AIX.Core.Leads;

/// <summary>An import as screens and the API show it.</summary>
public sealed record ImportProgress(
    Guid Id, string FileName, long Bytes, ImportState State, int Rows, int? RowsExpected, int Accepted, int Duplicates, int Rejected, int Flagged, int Scored,
    string? Failure, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    /// <summary>Rows per second so far; null before the first second is over.</summary>
    public double? RowsPerSecond(DateTimeOffset now) =>
        StartedAt is { } started && ((EndedAt ?? now) - started).TotalSeconds is > 0.5 and var seconds ? Rows / seconds : null;
}

public sealed record ImportErrorRow(int Row, string Column, string Message);
