using AIX.Core.Leads.Import;
using AIX.Core.Leads.Intake;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>What an import would do, without doing it.</summary>
/// <param name="Rows">Rows read.</param>
/// <param name="Known">Rows whose lead is stored already, or stands in the file before.</param>
/// <param name="Flagged">Rows that are kept with one contact marked as unusable.</param>
/// <param name="Problems">The first refused rows.</param>
/// <param name="Complete">False when the file is longer than what was checked.</param>
public sealed record ImportCheck(int Rows, int New, int Known, int Flagged, int Refused, IReadOnlyList<ImportErrorRow> Problems, bool Complete);

/// <summary>Dry run of a draft import with a mapping: reads the rows, compares them with what is stored, writes nothing.</summary>
public sealed class CheckImport
{
    /// <summary>Longer files are checked up to here, so that the answer comes within seconds.</summary>
    public const int MaxRows = 50_000;

    private const int ShownProblems = 20;

    private readonly IImportStore _imports;
    private readonly IUnitOfWorkFactory _works;
    private readonly IIntakeStore _store;
    private readonly ITenantStore _tenants;
    private readonly IntakeOptions _options;
    private readonly TimeProvider _time;

    internal CheckImport(IImportStore imports, IUnitOfWorkFactory works, IIntakeStore store, ITenantStore tenants, IntakeOptions options, TimeProvider time) =>
        (_imports, _works, _store, _tenants, _options, _time) = (imports, works, store, tenants, options, time);

    public async Task<ImportCheck> ExecuteAsync(TenantId tenantId, Guid importId, ImportMapping mapping, CancellationToken ct)
    {
        var tenant = await _tenants.GetAsync(tenantId, ct);
        await using var file = _imports.OpenFile(tenantId, importId);
        using var csv = new CsvReader(new StreamReader(file, CsvSniffer.Get(mapping.Format.EncodingName)), mapping.Format.Delimiter, _options.MaxRecordLength);
        using var rows = new RowReader(mapping, tenant, _options.DemoBlockIsMobile);
        var sum = new ImportCheck(0, 0, 0, 0, 0, [], true);
        var header = mapping.Format.HasHeader ? 1 : 0;
        while (csv.Record < header && csv.Read())
        {
        }

        var chunk = new List<LeadDraft>();
        var problems = new List<ImportErrorRow>();
        while (sum.Rows < MaxRows && csv.Read())
        {
            sum = sum with { Rows = csv.Record - header };
            var (draft, bad) = rows.Read(csv, sum.Rows);
            if (bad is null && draft!.Refusal() is { } refusal)
            {
                bad = new BadRow(sum.Rows, rows.ColumnOf(refusal.Field), $"Row {sum.Rows}: {refusal.Message}", []);
            }

            if (bad is not null)
            {
                sum = sum with { Refused = sum.Refused + 1 };
                if (problems.Count < ShownProblems)
                {
                    problems.Add(new ImportErrorRow(bad.Row, bad.Column, bad.Message));
                }
            }
            else
            {
                chunk.Add(draft!);
            }

            if (chunk.Count == _options.ImportChunkRows)
            {
                sum = await CountAsync(tenantId, chunk, sum, ct);
                chunk.Clear();
            }
        }

        sum = await CountAsync(tenantId, chunk, sum, ct);
        return sum with { Problems = problems, Complete = sum.Rows < MaxRows || !csv.Read() };
    }

    private async Task<ImportCheck> CountAsync(TenantId tenant, List<LeadDraft> drafts, ImportCheck sum, CancellationToken ct)
    {
        await using var work = await _works.BeginAsync(tenant, ct);
        var known = await _store.LoadMatchesAsync(work, IntakeKeys.Of(drafts), ct);
        var items = IntakeResolver.Resolve(drafts, known, CollisionRules.Default, null, _time.GetUtcNow()).Items;
        return sum with
        {
            New = sum.New + items.Count(i => i.Status == IntakeStatus.Accepted),
            Known = sum.Known + items.Count(i => i.Status == IntakeStatus.Duplicate),
            Flagged = sum.Flagged + items.Count(i => i.Errors.Count > 0),
        };
    }
}
