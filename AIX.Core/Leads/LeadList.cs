using AIX.Core.Shared;

namespace AIX.Core.Leads;

public enum LeadSort
{
    ScoreDescending,
    ScoreAscending,
    NameAscending,
    NameDescending,
    CreatedDescending,
    CreatedAscending,
}

/// <summary>Which leads to list.</summary>
/// <param name="Query">Part of name, company, e-mail, phone or external id.</param>
/// <param name="Cursor">From the page before; opaque.</param>
/// <param name="Limit">1 to 200.</param>
public sealed record LeadFilter(Band? Band = null, bool? Uncertain = null, string? Query = null, LeadSort Sort = LeadSort.ScoreDescending, string? Cursor = null, int Limit = 50, Guid? ImportId = null);

/// <summary>A row of the lead table.</summary>
public sealed record LeadRow(
    Guid Id, string? Name, string? Company, string? City, string? Title, string? Country, LeadState State, Band? Band, double? Score, double? Low, double? High, bool Uncertain,
    string? TopReason, int? ModelVersion, int? IcpVersion, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string? Email, string? Phone, string? ExternalId);

/// <summary>How many leads there are; counted up to 10,001.</summary>
public sealed record LeadCounts(int All, int Hot, int Warm, int Cold, int Uncertain);

public interface ILeadQueries
{
    Task<Result<Page<LeadRow>>> ListAsync(LeadFilter filter, CancellationToken ct);

    /// <summary>Rows by id, for live updates; unknown ids are left out.</summary>
    Task<IReadOnlyList<LeadRow>> RowsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct);

    Task<LeadCounts> CountsAsync(CancellationToken ct);
}
