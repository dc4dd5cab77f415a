using System.Diagnostics;
using System.Globalization;
using System.Text;
using AIX.Core.Leads.Import;
using AIX.Core.Leads.Intake;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Bench;

/// <summary>What PostgreSQL alone can do with the same rows: COPY into a temporary table, one INSERT … ON CONFLICT into aix.leads and its standings, with their indexes, under the app's role.
/// The rows are normalised beforehand and not counted.</summary>
internal static class CopyYardstick
{
    public static async Task<double> RunAsync(BenchDatabase database, Tenant tenant, byte[] file)
    {
        var (text, rows) = Prepare(tenant, file);
        await using var db = database.Sources.Context(tenant.TenantId);
        await db.Database.OpenConnectionAsync();
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using (var create = connection.Command("CREATE TEMP TABLE stage (id uuid, name text, company text, domain text, title text, city text, country text, attributes jsonb, key uuid) ON COMMIT PRESERVE ROWS"))
        {
            await create.ExecuteNonQueryAsync();
        }

        var watch = Stopwatch.StartNew();
        await using (var copy = await connection.BeginTextImportAsync("COPY stage FROM STDIN"))
        {
            await copy.WriteAsync(text);
        }

        await using (var insert = connection.Command(
            """
            WITH l AS (INSERT INTO aix.leads (tenant_id, id, name, company, domain, title, city, country, attributes, name_host_key, created_at, source_kind, source_id, version, recorded_at, updated_at)
            SELECT $1, id, name, company, domain, title, city, country, attributes, key, $2, 0, $3, 1, $2, $2 FROM stage ON CONFLICT DO NOTHING RETURNING id)
            INSERT INTO aix.lead_standings (tenant_id, lead_id) SELECT $1, id FROM l
            """,
            tenant.TenantId.Value,
            TimeProvider.System.GetUtcNow(),
            Guid.CreateVersion7()))
        {
            await insert.ExecuteNonQueryAsync();
        }

        var rate = rows / watch.Elapsed.TotalSeconds;
        await using var drop = connection.Command("DROP TABLE stage");
        await drop.ExecuteNonQueryAsync();
        return rate;
    }

    private static (string Text, int Rows) Prepare(Tenant tenant, byte[] file)
    {
        var options = new Core.Leads.IntakeOptions();
        var mapping = ImportPreviewer.Preview(file[..(1 << 20)], null, options, false, 200).Value!.Suggested;
        using var csv = new CsvReader(new StreamReader(new MemoryStream(file)), mapping.Format.Delimiter, options.MaxRecordLength);
        using var reader = new RowReader(mapping, tenant, false);
        csv.Read();
        var text = new StringBuilder(file.Length * 2);
        var rows = 0;
        while (csv.Read())
        {
            var draft = reader.Read(csv, rows).Draft!;
            text.Append(CultureInfo.InvariantCulture, $"{Guid.CreateVersion7()}\t{Cell(draft.Name)}\t{Cell(draft.Company)}\t{Cell(draft.Domain)}\t{Cell(draft.Title)}\t{Cell(draft.City)}\t{Cell(draft.Country)}\t{Cell(Encoding.UTF8.GetString(draft.Attributes!))}\t{Cell(draft.NameHostKey?.ToString())}\n");
            rows++;
        }

        return (text.ToString(), rows);
    }

    private static string Cell(string? value) => value?.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) ?? "\\N";
}
