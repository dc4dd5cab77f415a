using System.Globalization;
using System.Text;
using AIX.Core.Leads;
using AIX.Core.Leads.Import;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Leads;

/// <summary>Leads as CSV, a piece per chunk. Cells that a spreadsheet would run as a formula are defused.</summary>
internal static class BulkExport
{
    private static readonly string[] Header = ["id", "name", "email", "phone", "company", "title", "city", "country", "state", "band", "override", "score", "low", "high", "owner", "tags", "received", "attributes"];

    public static async Task<int> WriteAsync(UnitOfWork work, BulkJob job, Guid[] leads, CancellationToken ct)
    {
        var text = new StringBuilder(job.Done == 0 ? "\uFEFF" + ImportErrorFile.Line(Header) : "");
        await using (var command = work.Connection.Command(
            """
            SELECT l.id, l.name, (SELECT value FROM aix.contact_points c WHERE c.tenant_id = $1 AND c.lead_id = l.id AND c.kind = 0 ORDER BY position LIMIT 1),
                   (SELECT value FROM aix.contact_points c WHERE c.tenant_id = $1 AND c.lead_id = l.id AND c.kind = 1 ORDER BY position LIMIT 1), l.company, l.title, l.city, l.country, st.state, st.band, st.override_band, st.score, st.score_low, st.score_high,
                   (SELECT u.display_name FROM aix.users u WHERE u.tenant_id = $1 AND u.id = st.owner_id), (SELECT string_agg(t.tag, ', ' ORDER BY t.tag) FROM aix.lead_tags t WHERE t.tenant_id = $1 AND t.lead_id = l.id), l.created_at, l.attributes::text
            FROM aix.leads l JOIN aix.lead_standings st ON st.tenant_id = $1 AND st.lead_id = l.id WHERE l.tenant_id = $1 AND l.id = ANY($2) ORDER BY l.id
            """,
            work.TenantId.Value, leads))
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                text.Append(ImportErrorFile.Line(Cells(reader)));
            }
        }

        await using var save = work.Connection.Command(
            "INSERT INTO aix.bulk_parts (tenant_id, job_id, part, content) SELECT $1, $2, coalesce(max(part) + 1, 0), $3 FROM aix.bulk_parts WHERE tenant_id = $1 AND job_id = $2", work.TenantId.Value, job.Id, Encoding.UTF8.GetBytes(text.ToString()));
        await save.ExecuteNonQueryAsync(ct);
        return leads.Length;
    }

    private static IEnumerable<string> Cells(NpgsqlDataReader reader)
    {
        string Text(int i) => reader.Nullable<string>(i) ?? "";
        string Number(int i) => reader.Nullable<double?>(i)?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "";
        string BandAt(int i) => reader.IsDBNull(i) ? "" : ((Band)reader.GetInt16(i)).ToString();
        return
        [
            reader.GetGuid(0).ToString(), Text(1), Text(2), Text(3), Text(4), Text(5), Text(6), Text(7), ((LeadState)reader.GetInt16(8)).ToString(), BandAt(9), BandAt(10), Number(11), Number(12), Number(13), Text(14), Text(15),
            reader.GetFieldValue<DateTimeOffset>(16).ToString("O", CultureInfo.InvariantCulture), Text(17),
        ];
    }
}
