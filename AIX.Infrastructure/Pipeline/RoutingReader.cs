using System.Globalization;
using System.Text.Json;
using AIX.Core.Leads;
using AIX.Core.Routing;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Pipeline;

/// <summary>Reads leads as routing sees them.</summary>
internal static class RoutingReader
{
    /// <summary>Columns after lead, run, probability, low and high; <c>st</c> is the standing, <c>l</c> the lead.</summary>
    public static string Columns(bool withFacts) =>
        "st.conflict, st.challenger_band, CASE WHEN jsonb_typeof(l.attributes->'dealValue') = 'number' THEN (l.attributes->>'dealValue')::float8 END, st.owner_id" +
        (withFacts ? ", l.title, l.company, l.domain, l.city, l.country, l.source_kind, l.attributes" : "");

    public static async Task<IReadOnlyList<LeadToRoute>> ReadAsync(NpgsqlCommand command, bool withFacts, CancellationToken ct)
    {
        var result = new List<LeadToRoute>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            result.Add(Read(reader, withFacts));
        }

        return result;
    }

    public static LeadToRoute Read(NpgsqlDataReader reader, bool withFacts) => new(reader.GetGuid(0), reader.GetInt64(1), reader.GetDouble(2), reader.GetDouble(3), reader.GetDouble(4))
    {
        Conflict = reader.Nullable<string>(5),
        Challenger = reader.IsDBNull(6) ? null : (Band)reader.GetInt16(6),
        DealValue = reader.Nullable<double?>(7),
        OwnerId = reader.Nullable<Guid?>(8),
        Facts = withFacts ? FactsOf(reader) : new Dictionary<string, string>(),
    };

    private static Dictionary<string, string> FactsOf(NpgsqlDataReader reader)
    {
        var facts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string[] names = ["title", "company", "website", "city", "country"];
        for (var i = 0; i < names.Length; i++)
        {
            if (reader.Nullable<string>(9 + i) is { } value)
            {
                facts[names[i]] = value;
            }
        }

        facts["source"] = ((SourceKind)reader.GetInt16(14)).ToString();
        using var attributes = JsonDocument.Parse(reader.GetFieldValue<byte[]>(15));
        foreach (var attribute in attributes.RootElement.EnumerateObject())
        {
            facts.TryAdd(attribute.Name, attribute.Value.ValueKind switch
            {
                JsonValueKind.Number => attribute.Value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
                JsonValueKind.Array => string.Join(", ", attribute.Value.EnumerateArray().Select(v => v.ToString())),
                _ => attribute.Value.ToString(),
            });
        }

        return facts;
    }
}
