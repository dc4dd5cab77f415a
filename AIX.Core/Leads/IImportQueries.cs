using AIX.Core.Leads.Import;

namespace AIX.Core.Leads;

public interface IImportQueries
{
    Task<ImportProgress?> GetAsync(Guid id, CancellationToken ct);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<ImportProgress>> ListAsync(int limit, CancellationToken ct);

    Task<IReadOnlyList<ImportErrorRow>> ErrorsAsync(Guid id, int limit, CancellationToken ct);

    /// <summary>Lines of the error file, header first; null when there is no such import.</summary>
    Task<IAsyncEnumerable<string>?> ErrorFileAsync(Guid id, CancellationToken ct);

    Task<ImportMapping?> MappingAsync(Guid id, CancellationToken ct);
}
