using System.Text;
using System.Threading.Channels;
using AIX.Core.Leads.Intake;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads.Import;

/// <summary>Works through a claimed import: reads the file in chunks on one task while the chunk before is stored, each in one
/// transaction with the import's progress. A killed node loses nothing: the next one goes on after the last committed chunk.</summary>
internal sealed class RunImport(IImportStore imports, IntakeLeads intake, ITenantStore tenants, IntakeOptions options, TimeProvider time)
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    public async Task ExecuteAsync(ImportClaim claim, CancellationToken ct)
    {
        if (await imports.LoadAsync(claim, ct) is not { } import)
        {
            return;
        }

        try
        {
            await RunAsync(claim, import.Mapping, import.RowsDone, ct);
            await imports.EndAsync(claim, ImportState.Completed, null, time.GetUtcNow(), ct);
        }
        catch (LeaseLostException)
        {
            // Cancelled by a person, or taken over by another node.
        }
        catch (Exception ex) when (ex is InvalidDataException or DecoderFallbackException)
        {
            await imports.EndAsync(claim, ImportState.Failed, ex.Message, time.GetUtcNow(), ct);
        }
    }

    private async Task RunAsync(ImportClaim claim, ImportMapping mapping, int rowsDone, CancellationToken ct)
    {
        var tenant = await tenants.GetAsync(claim.TenantId, ct);
        var rules = new CollisionRules(mapping.Columns.Where(c => c.Key is not null).DistinctBy(c => c.Key).ToDictionary(c => c.Key!, c => c.Rule, StringComparer.Ordinal));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var chunks = Channel.CreateBounded<Chunk>(2);
        var reading = Task.Run(() => ReadAsync(claim, mapping, tenant, rowsDone, chunks.Writer, stop.Token), stop.Token);
        try
        {
            await foreach (var chunk in chunks.Reader.ReadAllAsync(ct))
            {
                await StoreAsync(claim, chunk, rules, ct);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading.ContinueWith(static t => t.Exception?.Handle(_ => true), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private Task<IReadOnlyList<IntakeItem>> StoreAsync(ImportClaim claim, Chunk chunk, CollisionRules rules, CancellationToken ct) => intake.ExecuteAsync(
        new IntakeBatch(claim.TenantId, SourceKind.Import, claim.ImportId, chunk.Drafts, rules, claim.ImportId, (work, items, token) =>
        {
            var bad = chunk.Bad;
            var rejected = items.Where(i => i.Status == IntakeStatus.Rejected).ToDictionary(i => i.Index, i => i.Errors[0]);
            foreach (var draft in chunk.Refused)
            {
                var error = rejected[draft.Row];
                bad.Add(draft with { Column = chunk.ColumnOf(error.Field), Message = $"Row {draft.Row}, column “{chunk.ColumnOf(error.Field)}”: {error.Message}" });
            }

            var counts = new ChunkCounts(
                chunk.RowsDone,
                items.Count(i => i.Status == IntakeStatus.Accepted),
                items.Count(i => i.Status == IntakeStatus.Duplicate),
                bad.Count,
                items.Count(i => i.Status != IntakeStatus.Rejected && i.Errors.Count > 0));
            return imports.SaveChunkAsync(work, claim, counts, bad, time.GetUtcNow() + Lease, token);
        }), ct);

    private async Task ReadAsync(ImportClaim claim, ImportMapping mapping, Tenant tenant, int rowsDone, ChannelWriter<Chunk> writer, CancellationToken ct)
    {
        try
        {
            await using var file = imports.OpenFile(claim.TenantId, claim.ImportId);
            using var csv = new CsvReader(new StreamReader(file, CsvSniffer.Get(mapping.Format.EncodingName), true, 1 << 16), mapping.Format.Delimiter, options.MaxRecordLength);
            using var rows = new RowReader(mapping, tenant, options.DemoBlockIsMobile);
            var skip = rowsDone + (mapping.Format.HasHeader ? 1 : 0);
            while (csv.Record < skip && csv.Read())
            {
            }

            var chunk = new Chunk(rows, rowsDone);
            while (csv.Read())
            {
                var row = csv.Record - (mapping.Format.HasHeader ? 1 : 0);
                chunk.Add(rows.Read(csv, row), csv, row);
                if (row - rowsDone >= options.ImportChunkRows)
                {
                    rowsDone = row;
                    await writer.WriteAsync(chunk, ct);
                    chunk = new Chunk(rows, rowsDone);
                }
            }

            await writer.WriteAsync(chunk, ct);
            writer.Complete();
        }
        catch (Exception ex)
        {
            writer.Complete(ex);
        }
    }

    /// <summary>Consecutive rows of the file: drafts to take in, and rows that never became one.</summary>
    private sealed class Chunk(RowReader rows, int rowsBefore)
    {
        public List<LeadDraft> Drafts { get; } = [];

        public List<BadRow> Bad { get; } = [];

        /// <summary>Cells of drafts that the intake is going to refuse, kept for the error file.</summary>
        public List<BadRow> Refused { get; } = [];

        public int RowsDone { get; private set; } = rowsBefore;

        public void Add((LeadDraft? Draft, BadRow? Bad) read, CsvReader csv, int row)
        {
            RowsDone = row;
            if (read.Bad is { } bad)
            {
                Bad.Add(bad);
                return;
            }

            Drafts.Add(read.Draft!);
            if (read.Draft!.Refusal() is not null)
            {
                Refused.Add(new BadRow(row, "", "", [.. csv.Fields]));
            }
        }

        public string ColumnOf(string field) => rows.ColumnOf(field);
    }
}
