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
        catch (Exception ex) when (ex is not OperationCanceledException)
        {
            // Whoever watches learns why it stands still, and may cancel it; the next chunk that is stored clears the note.
            await imports.NoteTroubleAsync(claim, $"The import stands at row {import.RowsDone:N0} or a little after it and is tried again every {Lease.TotalSeconds:0} s: {ex.Message}", ct);
            throw;
        }
    }

    private async Task RunAsync(ImportClaim claim, ImportMapping mapping, int rowsDone, CancellationToken ct)
    {
        var tenant = await tenants.GetAsync(claim.TenantId, ct);
        var rules = new CollisionRules(mapping.Columns.Where(c => c.Key is not null).DistinctBy(c => c.Key).ToDictionary(c => c.Key!, c => c.Rule, StringComparer.Ordinal));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var chunks = Channel.CreateBounded<Chunk>(2);
        var reading = Task.Run(() => ReadAsync(claim, mapping, tenant, rules, rowsDone, chunks.Writer, stop.Token), stop.Token);
        try
        {
            await StoreAllAsync(claim, chunks.Reader, rules, ct);
        }
        finally
        {
            await stop.CancelAsync();
            await reading.ContinueWith(static t => t.Exception?.Handle(_ => true), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Two chunks at once while they bring new people only and share no key; else one after the other.</summary>
    private async Task StoreAllAsync(ImportClaim claim, ChannelReader<Chunk> chunks, CollisionRules rules, CancellationToken ct)
    {
        (Chunk Chunk, IntakeTurn Turn, Task<IReadOnlyList<IntakeItem>> Stored)? running = null;
        var expectNew = true;
        try
        {
            await foreach (var chunk in chunks.ReadAllAsync(ct))
            {
                chunk.AsNew = expectNew ? chunk.AsNew : null;
                if (running is { } before && (!expectNew || chunk.Keys.Overlaps(before.Chunk.Keys)))
                {
                    expectNew = OnlyNew(before.Chunk, await before.Stored);
                    running = null;
                }

                var turn = new IntakeTurn(running?.Turn);
                var stored = Task.Run(() => StoreAsync(claim, chunk, turn, rules, ct), ct);
                if (running is { } earlier)
                {
                    running = (chunk, turn, stored);
                    expectNew = OnlyNew(earlier.Chunk, await earlier.Stored);
                }

                running = (chunk, turn, stored);
            }
        }
        finally
        {
            await (running?.Stored ?? Task.FromResult<IReadOnlyList<IntakeItem>>([]));
        }
    }

    /// <summary>Whether a stored chunk had no known person in it: then the next one is expected to have none either.</summary>
    private static bool OnlyNew(Chunk chunk, IReadOnlyList<IntakeItem> items) =>
        chunk.AsNew is { } fresh ? ReferenceEquals(items, fresh.Items) : items.All(i => i.Status != IntakeStatus.Duplicate);

    private Task<IReadOnlyList<IntakeItem>> StoreAsync(ImportClaim claim, Chunk chunk, IntakeTurn turn, CollisionRules rules, CancellationToken ct) => intake.ExecuteAsync(
        new IntakeBatch(claim.TenantId, SourceKind.Import, claim.ImportId, chunk.Drafts, rules, claim.ImportId, chunk.AsNew, turn, (work, items, token) =>
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

    private async Task ReadAsync(ImportClaim claim, ImportMapping mapping, Tenant tenant, CollisionRules rules, int rowsDone, ChannelWriter<Chunk> writer, CancellationToken ct)
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
                    await SendAsync(chunk);
                    chunk = new Chunk(rows, rowsDone);
                }
            }

            await SendAsync(chunk);
            writer.Complete();
        }
        catch (Exception ex)
        {
            writer.Complete(ex);
        }

        async Task SendAsync(Chunk chunk)
        {
            chunk.AsNew = IntakeResolver.Resolve(chunk.Drafts, [], rules, claim.ImportId, time.GetUtcNow());
            await writer.WriteAsync(chunk, ct);
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

        /// <summary>The drafts decided as if none were known; made on the reading task, while the chunk before is stored.</summary>
        public IntakeResolution? AsNew { get; set; }

        /// <summary>All keys of the drafts; chunks with a common key are never stored at once.</summary>
        public HashSet<Guid> Keys { get; } = [];

        public void Add((LeadDraft? Draft, BadRow? Bad) read, CsvReader csv, int row)
        {
            RowsDone = row;
            if (read.Bad is { } bad)
            {
                Bad.Add(bad);
                return;
            }

            Drafts.Add(read.Draft!);
            AddKeys(read.Draft!);
            if (read.Draft!.Refusal() is not null)
            {
                Refused.Add(new BadRow(row, "", "", [.. csv.Fields]));
            }
        }

        public string ColumnOf(string field) => rows.ColumnOf(field);

        private void AddKeys(LeadDraft draft)
        {
            foreach (var key in (ReadOnlySpan<Guid?>)[draft.EmailKey, draft.PhoneKey, draft.NameHostKey, draft.ExternalIdKey])
            {
                if (key is { } value)
                {
                    Keys.Add(value);
                }
            }
        }
    }
}
