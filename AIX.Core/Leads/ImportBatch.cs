using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

public enum ImportState
{
    /// <summary>Uploaded; waits for its mapping.</summary>
    Draft,
    Running,

    /// <summary>Every row is stored or refused; scoring may go on.</summary>
    Completed,
    Failed,
    Cancelled,
    Undone,
}

/// <summary>One uploaded file and what became of it.</summary>
public sealed class ImportBatch : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required string FileName { get; init; }

    public required long Bytes { get; init; }

    public ImportState State { get; private set; }

    /// <summary>The mapping in force, JSON; null while a draft.</summary>
    public string? Mapping { get; private set; }

    /// <summary>Records read so far, the header not counted.</summary>
    public int Rows { get; private set; }

    /// <summary>Estimated records of the whole file, for progress.</summary>
    public int? RowsExpected { get; private set; }

    public int Accepted { get; private set; }

    public int Duplicates { get; private set; }

    public int Rejected { get; private set; }

    public int Flagged { get; private set; }

    /// <summary>Leads of this import that the pipeline has scored.</summary>
    public int Scored { get; private set; }

    public string? Failure { get; private set; }

    public Guid? LeaseToken { get; private set; }

    public DateTimeOffset? LeaseUntil { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? StartedAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public Guid? CreatedBy { get; private set; }
}

/// <summary>Part of an uploaded file; files live in the database so that any node can go on with an import.</summary>
public sealed class ImportFilePart : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid ImportId { get; init; }

    public required int Part { get; init; }

    public required byte[] Content { get; init; }
}

/// <summary>A row that was refused.</summary>
public sealed class ImportError : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid ImportId { get; init; }

    public required int Row { get; init; }

    public required string Column { get; init; }

    public required string Message { get; init; }

    public required string[] Cells { get; init; }
}

/// <summary>A known lead that an import changed, with its before-image. Dies with the lead.</summary>
public sealed class ImportChange : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid ImportId { get; init; }

    public required Guid LeadId { get; init; }

    /// <summary>The lead's version after the change: undo restores only what nobody has touched since.</summary>
    public required int VersionAfter { get; init; }

    public required string Before { get; init; }
}
