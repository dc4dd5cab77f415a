using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads.Import;

/// <summary>Rows of one chunk, counted.</summary>
internal sealed record ChunkCounts(int RowsDone, int Accepted, int Duplicates, int Rejected, int Flagged);

/// <summary>A claimed import.</summary>
internal sealed record ImportClaim(TenantId TenantId, Guid ImportId, Guid LeaseToken);

internal interface IImportStore
{
    Task CreateAsync(TenantId tenant, Guid id, string fileName, Guid? createdBy, DateTimeOffset now, CancellationToken ct);

    Task AppendPartAsync(Guid id, int part, ReadOnlyMemory<byte> content, CancellationToken ct);

    /// <summary>Notes size and line count once the last part is stored.</summary>
    Task SealAsync(Guid id, long bytes, int lines, CancellationToken ct);

    Task DeleteDraftAsync(Guid id, CancellationToken ct);

    Task<byte[]> ReadHeadAsync(Guid id, CancellationToken ct);

    /// <summary>The file as one stream, read part by part.</summary>
    Stream OpenFile(TenantId tenant, Guid id);

    /// <returns>False unless the import was a draft.</returns>
    Task<bool> StartAsync(TenantId tenant, Guid id, ImportMapping mapping, DateTimeOffset now, CancellationToken ct);

    /// <summary>Takes a running import whose lease is free or over, of any tenant; null when there is none.</summary>
    Task<ImportClaim?> ClaimAsync(DateTimeOffset now, TimeSpan lease, CancellationToken ct);

    Task<(ImportMapping Mapping, int RowsDone)?> LoadAsync(ImportClaim claim, CancellationToken ct);

    /// <summary>Adds a chunk's counts and bad rows and prolongs the lease. Throws <see cref="LeaseLostException"/> when the lease is not ours any more.</summary>
    Task SaveChunkAsync(IUnitOfWork work, ImportClaim claim, ChunkCounts counts, IReadOnlyList<BadRow> bad, DateTimeOffset leaseUntil, CancellationToken ct);

    /// <summary>Says why a running import stands still; cleared by the next chunk.</summary>
    Task NoteTroubleAsync(ImportClaim claim, string trouble, CancellationToken ct);

    Task EndAsync(ImportClaim claim, ImportState state, string? failure, DateTimeOffset now, CancellationToken ct);

    /// <returns>False unless the import was running or a draft.</returns>
    Task<bool> CancelAsync(TenantId tenant, Guid id, DateTimeOffset now, CancellationToken ct);

    /// <summary>Removes the leads that the import added and gives changed ones their before-image back, where nobody has touched them since.</summary>
    Task<UndoSummary?> UndoAsync(TenantId tenant, Guid id, DateTimeOffset now, CancellationToken ct);
}
