using System.Runtime.CompilerServices;
using System.Text.Json;
using AIX.Core.Leads;
using AIX.Core.Leads.Import;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Leads;

internal sealed class ImportQueries(DataSources sources, ICurrentTenant current) : IImportQueries
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private AixDbContext Context() => sources.Context(current.Id ?? default);

    public async Task<ImportProgress?> GetAsync(Guid id, CancellationToken ct)
    {
        await using var db = Context();
        return await Progress(db.Set<ImportBatch>().Where(i => i.Id == id)).FirstOrDefaultAsync(ct);
    }

    public async Task<IReadOnlyList<ImportProgress>> ListAsync(int limit, CancellationToken ct)
    {
        await using var db = Context();
        return await Progress(db.Set<ImportBatch>().OrderByDescending(i => i.Id).Take(limit)).ToListAsync(ct);
    }

    public async Task<IReadOnlyList<ImportErrorRow>> ErrorsAsync(Guid id, int limit, CancellationToken ct)
    {
        await using var db = Context();
        return await db.Set<ImportError>().Where(e => e.ImportId == id).OrderBy(e => e.Row).Take(limit).Select(e => new ImportErrorRow(e.Row, e.Column, e.Message)).ToListAsync(ct);
    }

    public async Task<ImportMapping?> MappingAsync(Guid id, CancellationToken ct)
    {
        await using var db = Context();
        var json = await db.Set<ImportBatch>().Where(i => i.Id == id).Select(i => i.Mapping).FirstOrDefaultAsync(ct);
        return json is null ? null : JsonSerializer.Deserialize<ImportMapping>(json, Json);
    }

    public async Task<IAsyncEnumerable<string>?> ErrorFileAsync(Guid id, CancellationToken ct) =>
        await GetAsync(id, ct) is null ? null : Lines(id, await MappingAsync(id, ct), ct);

    private async IAsyncEnumerable<string> Lines(Guid id, ImportMapping? mapping, [EnumeratorCancellation] CancellationToken ct)
    {
        var columns = mapping?.Columns.Select(c => c.Column).Where(c => c is not (ImportErrorFile.ErrorColumn or ImportErrorFile.RowColumn)).ToList() ?? [];
        var skipped = mapping?.Columns.Select((c, i) => (c.Column, i)).Where(c => c.Column is ImportErrorFile.ErrorColumn or ImportErrorFile.RowColumn).Select(c => c.i).ToHashSet() ?? [];
        yield return ImportErrorFile.Line([.. columns, ImportErrorFile.RowColumn, ImportErrorFile.ErrorColumn]);

        await using var db = Context();
        await foreach (var error in db.Set<ImportError>().AsNoTracking().Where(e => e.ImportId == id).OrderBy(e => e.Row).AsAsyncEnumerable().WithCancellation(ct))
        {
            var cells = error.Cells.Where((_, i) => !skipped.Contains(i)).Concat(Enumerable.Repeat("", columns.Count)).Take(Math.Max(columns.Count, 1));
            yield return ImportErrorFile.Line([.. cells, error.Row.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message]);
        }
    }

    private static IQueryable<ImportProgress> Progress(IQueryable<ImportBatch> imports) => imports.Select(i => new ImportProgress(
        i.Id, i.FileName, i.Bytes, i.State, i.Rows, i.RowsExpected, i.Accepted, i.Duplicates, i.Rejected, i.Flagged, i.Scored, i.Failure, i.CreatedAt, i.StartedAt, i.EndedAt));
}
