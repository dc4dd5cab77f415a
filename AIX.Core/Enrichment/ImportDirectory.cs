using AIX.Core.Companies;
using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Enrichment;

/// <summary>A row that was left out.</summary>
public sealed record DirectoryError(int Line, string Reason);

/// <param name="Attributes">What the list says of companies.</param>
public sealed record DirectoryImport(int Companies, IReadOnlyList<string> Attributes, int Rejected, IReadOnlyList<DirectoryError> Errors);

/// <summary>Takes in the tenant's own list of companies: the source that needs no key and knows the tenant's market.</summary>
public sealed class ImportDirectory(IDirectoryStore store, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    public const int MaxBytes = 20_000_000;

    private const int MaxRows = 200_000;
    private const int MaxErrors = 20;
    private const int MaxColumns = 60;
    private const int MaxValue = 500;

    private static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Dictionary<string, string> Columns = Build(
        ("name", "name company companyname organisation organization firm account business कंपनी"),
        ("domain", "domain website web url site companydomain companywebsite वेबसाइट"),
        ("industry", "industry sector vertical segment उद्योग"),
        ("employees", "employees employeecount noofemployees numberofemployees staff headcount size कर्मचारी"),
        ("region", "region state province राज्य"),
        ("country", "country देश"),
        ("city", "city town शहर"),
        ("revenue", "revenue annualrevenue turnover annualturnover"),
        ("technologies", "technologies technology techstack tools"));

    public async Task<Result<DirectoryImport>> ExecuteAsync(TenantId tenant, Actor actor, byte[] file, CancellationToken ct)
    {
        if (file.Length > MaxBytes)
        {
            return new Error(ErrorKind.TooLarge, "file-too-large", $"The list is larger than {MaxBytes / 1_000_000} MB; split it or leave columns out.", "file");
        }

        var read = CsvFile.Read(file, MaxRows);
        if (!read.IsOk)
        {
            return read.Error;
        }

        var columns = read.Value.Header.Take(MaxColumns).Select(h => Columns.GetValueOrDefault(Squeeze(h), h.Trim())).ToArray();
        var (name, domain) = (Array.IndexOf(columns, "name"), Array.IndexOf(columns, "domain"));
        if (name < 0 && domain < 0)
        {
            return new Error(ErrorKind.Invalid, "no-company-column", $"No column names the company: call one “name” or “domain”. The file has: {string.Join(", ", read.Value.Header.Take(12))}.", "file");
        }

        var (entries, errors, rejected) = Entries(tenant, read.Value.Rows, columns, name, domain);
        if (entries.Count == 0)
        {
            return new Error(ErrorKind.Invalid, "no-companies", $"No row of the file is a company. {(errors.Count > 0 ? $"Line {errors[0].Line}: {errors[0].Reason}" : "It has a header only.")}", "file");
        }

        await using var work = await works.BeginAsync(tenant, ct);
        await store.ReplaceAsync(work, entries, ct);
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "directory.imported", new { companies = entries.Count, rejected }, ct);
        return new DirectoryImport(entries.Count, [.. columns.Where((c, i) => i != name && i != domain && c.Length > 0).Distinct()], rejected, errors);
    }

    private (List<DirectoryEntry> Entries, List<DirectoryError> Errors, int Rejected) Entries(TenantId tenant, IReadOnlyList<CsvRow> rows, string[] columns, int name, int domain)
    {
        var now = time.GetUtcNow();
        var (entries, errors, rejected, seen) = (new List<DirectoryEntry>(), new List<DirectoryError>(), 0, new HashSet<(string?, string?)>());
        foreach (var row in rows)
        {
            string? Cell(int column) => column >= 0 && column < row.Cells.Count && row.Cells[column].Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 } text ? text.Length > MaxValue ? text[..MaxValue] : text : null;
            var (company, host) = (Cell(name), LeadHosts.OfWebsite(Cell(domain)));
            var reason = row.Problem ?? (company is null && host is null ? (Cell(domain) is { } bad ? $"“{bad}” is no domain, and there is no name" : "neither name nor domain")
                : !seen.Add((CompanyName.Key(company), host)) ? "the same company stands further up" : null);
            if (reason is not null)
            {
                rejected++;
                if (errors.Count < MaxErrors)
                {
                    errors.Add(new DirectoryError(row.Record, reason));
                }

                continue;
            }

            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var c = 0; c < columns.Length; c++)
            {
                if (c != name && c != domain && columns[c].Length > 0 && Cell(c) is { } value)
                {
                    values[columns[c]] = value;
                }
            }

            entries.Add(new DirectoryEntry { TenantId = tenant, Id = Guid.CreateVersion7(now), Name = company ?? host!, NameKey = CompanyName.Key(company), Domain = host, Values = JsonSerializer.Serialize(values, Json), ImportedAt = now });
        }

        return (entries, errors, rejected);
    }

    private static Dictionary<string, string> Build(params (string Attribute, string Headers)[] columns) =>
        columns.SelectMany(c => c.Headers.Split(' ').Select(h => (h, c.Attribute))).ToDictionary(c => c.h, c => c.Attribute, StringComparer.Ordinal);

    private static string Squeeze(string header) => new([.. header.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark)]);
}
