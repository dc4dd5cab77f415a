using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIX.Core.Leads.Intake;

/// <summary>A lead's before-image for undo: everything that a merge may change. It lives and dies with the lead's row.</summary>
internal static class ImageSnapshot
{
    public static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Of(LeadImage lead) => new()
    {
        ["name"] = lead.Name,
        ["company"] = lead.Company,
        ["domain"] = lead.Domain,
        ["title"] = lead.Title,
        ["city"] = lead.City,
        ["country"] = lead.Country,
        ["nameHostKey"] = lead.NameHostKey,
        ["attributes"] = lead.Attributes is null ? new JsonObject() : JsonNode.Parse(lead.Attributes),
        ["origins"] = lead.Origins is null ? null : JsonSerializer.SerializeToNode(lead.Origins),
        ["contacts"] = new JsonArray([.. lead.Contacts.Select(c => (JsonNode)new JsonObject
        {
            ["kind"] = (int)c.Kind,
            ["value"] = c.Value,
            ["key"] = c.Key,
            ["line"] = (int)c.Line,
            ["flag"] = c.Flag,
        })]),
    };
}
