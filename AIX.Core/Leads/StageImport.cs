using System.Buffers;
using AIX.Core.Leads.Import;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>Stores an uploaded file as a draft import and shows what is in it. Nothing becomes a lead before <see cref="StartImport"/>.</summary>
public sealed class StageImport
{
    private const int PartBytes = 1 << 20;
    private const int PreviewRows = 200;

    private readonly IImportStore _imports;
    private readonly IntakeOptions _options;
    private readonly TimeProvider _time;

    internal StageImport(IImportStore imports, IntakeOptions options, TimeProvider time) => (_imports, _options, _time) = (imports, options, time);

    public async Task<Result<Guid>> UploadAsync(TenantId tenant, Guid? user, string fileName, Stream content, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await _imports.CreateAsync(tenant, id, CleanName(fileName), user, now, ct);

        var buffer = ArrayPool<byte>.Shared.Rent(PartBytes);
        try
        {
            var (bytes, lines, part) = (0L, 0, 0);
            while (await content.ReadAtLeastAsync(buffer.AsMemory(0, PartBytes), PartBytes, throwOnEndOfStream: false, ct) is > 0 and var read)
            {
                bytes += read;
                if (bytes > _options.MaxFileBytes)
                {
                    await _imports.DeleteDraftAsync(id, ct);
                    return new Error(ErrorKind.TooLarge, "file-too-large", $"The file is larger than {_options.MaxFileBytes / 1_000_000:N0} MB. Split it and import the parts.", "file");
                }

                lines += buffer.AsSpan(0, read).Count((byte)'\n');
                await _imports.AppendPartAsync(id, part++, buffer.AsMemory(0, read), ct);
            }

            if (bytes == 0)
            {
                await _imports.DeleteDraftAsync(id, ct);
                return new Error(ErrorKind.Invalid, "empty-file", "The file is empty. Choose a CSV file with a header and at least one row.", "file");
            }

            await _imports.SealAsync(id, bytes, lines, ct);
            return id;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <param name="format">Overrides what was detected; null to detect.</param>
    public async Task<Result<ImportPreview>> PreviewAsync(Guid importId, CsvFormat? format, CancellationToken ct)
    {
        var head = await _imports.ReadHeadAsync(importId, ct);
        if (head.Length == 0)
        {
            return new Error(ErrorKind.NotFound, "unknown-import", "There is no such import.");
        }

        return ImportPreviewer.Preview(head, format, _options, head.Length < PartBytes, PreviewRows);
    }

    private static string CleanName(string fileName)
    {
        var name = Path.GetFileName(fileName.Replace('\\', '/'));
        name = string.Concat(name.Where(c => !char.IsControl(c)));
        return name.Length switch { 0 => "leads.csv", > 200 => name[..200], _ => name };
    }
}
