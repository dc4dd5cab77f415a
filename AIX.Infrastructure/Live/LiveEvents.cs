using System.Text.Json;
using AIX.Core.Calls;
using AIX.Core.Campaigns;
using AIX.Core.Compliance;
using AIX.Core.Leads;
using AIX.Core.Learning;
using AIX.Core.Outreach;
using AIX.Core.Pipeline;
using AIX.Core.Review;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using System.Text.Json.Serialization;

namespace AIX.Infrastructure.Live;

/// <summary>Wire form of events: names and JSON.</summary>
internal static class LiveEvents
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new TenantIdJson() } };

    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["leads.touched"] = typeof(LeadsTouched),
        ["bulk.progressed"] = typeof(BulkProgressed),
        ["review.changed"] = typeof(ReviewChanged),
        ["message.changed"] = typeof(MessageChanged),
        ["compliance.changed"] = typeof(ComplianceChanged),
        ["campaign.changed"] = typeof(CampaignChanged),
        ["call.changed"] = typeof(CallChanged),
        ["people.told"] = typeof(PeopleTold),
        ["leads.scored"] = typeof(LeadsScored),
        ["leads.routed"] = typeof(LeadsRouted),
        ["leads.changed"] = typeof(LeadsChanged),
        ["model.promoted"] = typeof(ModelPromoted),
        ["model.alarmed"] = typeof(ModelAlarmed),
        ["training.progressed"] = typeof(TrainingProgressed),
        ["rescoring.progressed"] = typeof(RescoringProgressed),
        ["import.progressed"] = typeof(ImportProgressed),
    };

    /// <summary>Null for the event of a newer version of the program.</summary>
    public static IDomainEvent? Read(string name, string payload) =>
        Types.TryGetValue(name, out var type) ? (IDomainEvent?)JsonSerializer.Deserialize(payload, type, Json) : null;

    private sealed class TenantIdJson : JsonConverter<TenantId>
    {
        public override TenantId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetGuid());

        public override void Write(Utf8JsonWriter writer, TenantId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
