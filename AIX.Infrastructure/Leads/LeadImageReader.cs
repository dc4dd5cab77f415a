using System.Text.Json;
using AIX.Core.Leads;
using AIX.Core.Leads.Intake;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Leads;

/// <summary>Reads stored leads as images to merge into, a set at a time.</summary>
internal static class LeadImageReader
{
    public static async Task<IReadOnlyList<LeadImage>> ReadAsync(NpgsqlConnection connection, Guid tenant, Guid[] ids, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT id, name, company, domain, title, city, country, attributes, origins, name_host_key, created_at, version, source_id FROM aix.leads WHERE tenant_id = $1 AND id = ANY($2)", tenant, ids);
        batch.Add("SELECT lead_id, kind, value, blind_index, line, flag FROM aix.contact_points WHERE tenant_id = $1 AND lead_id = ANY($2) ORDER BY lead_id, kind, position", tenant, ids);
        batch.Add("SELECT lead_id, external_id FROM aix.external_refs WHERE tenant_id = $1 AND lead_id = ANY($2)", tenant, ids);
        batch.Add("SELECT DISTINCT ON (lead_id) lead_id, result, occurred_at FROM aix.lead_outcomes WHERE tenant_id = $1 AND lead_id = ANY($2) ORDER BY lead_id, occurred_at DESC, id DESC", tenant, ids);

        var leads = new Dictionary<Guid, LeadImage>();
        await using var reader = await batch.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var lead = ReadLead(reader);
            leads.Add(lead.Id, lead);
        }

        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            leads[reader.GetGuid(0)].Contacts.Add(new ContactImage((ContactKind)reader.GetInt16(1), reader.GetString(2), reader.Nullable<Guid?>(3), (PhoneLine)reader.GetInt16(4), reader.Nullable<string>(5)));
        }

        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            leads[reader.GetGuid(0)].ExternalIds.Add(reader.GetString(1));
        }

        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var lead = leads[reader.GetGuid(0)];
            lead.LatestOutcome = (OutcomeResult)reader.GetInt16(1);
            lead.LatestOutcomeAt = reader.GetFieldValue<DateTimeOffset>(2);
        }

        return [.. leads.Values];
    }

    private static LeadImage ReadLead(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        IsNew = false,
        Name = reader.Nullable<string>(1),
        Company = reader.Nullable<string>(2),
        Domain = reader.Nullable<string>(3),
        Title = reader.Nullable<string>(4),
        City = reader.Nullable<string>(5),
        Country = reader.Nullable<string>(6),
        Attributes = reader.GetFieldValue<byte[]>(7),
        Origins = reader.IsDBNull(8) ? null : JsonSerializer.Deserialize<Dictionary<string, Guid>>(reader.GetString(8)),
        NameHostKey = reader.Nullable<Guid?>(9),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(10),
        Version = reader.GetInt32(11),
        SourceId = reader.Nullable<Guid?>(12),
    };
}
