using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AIX.Core.Profiles;
using AIX.Core.Shared;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace AIX.Web.Api;

/// <summary>Profiles as YAML: the same names and structure as in JSON.</summary>
public static class ProfileYaml
{
    private const int MaxNodes = 20_000;

    public static string Write(IdealCustomerProfile profile) => new SerializerBuilder().Build().Serialize(Plain(JsonSerializer.SerializeToElement(profile, ProfileDocument.Json))!);

    public static Result<IdealCustomerProfile> Read(string yaml)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            var left = MaxNodes;
            return stream.Documents is [var document] ? ProfileDocument.Read(Json(document.RootNode, ref left)?.ToJsonString() ?? "null") : Invalid("The file holds no document, or more than one.");
        }
        catch (YamlException ex)
        {
            return Invalid($"The file is not YAML at line {ex.Start.Line}, column {ex.Start.Column}: {ex.Message}");
        }
        catch (InvalidDataException ex)
        {
            return Invalid(ex.Message);
        }
    }

    private static Error Invalid(string message) => new(ErrorKind.Invalid, "invalid-profile", message);

    /// <summary>Counted, because a few anchors can stand for a billion nodes.</summary>
    private static JsonNode? Json(YamlNode node, ref int left)
    {
        if (--left < 0)
        {
            throw new InvalidDataException($"The file holds more than {MaxNodes} values.");
        }

        switch (node)
        {
            case YamlMappingNode map:
                var o = new JsonObject();
                foreach (var (key, value) in map.Children)
                {
                    o[((YamlScalarNode)key).Value ?? ""] = Json(value, ref left);
                }

                return o;
            case YamlSequenceNode list:
                var array = new JsonArray();
                foreach (var item in list.Children)
                {
                    array.Add(Json(item, ref left));
                }

                return array;
            case YamlScalarNode { Style: ScalarStyle.Plain } plain:
                return plain.Value is null or "" or "null" or "~" ? null : double.TryParse(plain.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(plain.Value);
            default:
                return JsonValue.Create(((YamlScalarNode)node).Value);
        }
    }

    private static object? Plain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(p => p.Name, p => Plain(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().Select(Plain).ToList(),
        JsonValueKind.Number => element.TryGetInt64(out var whole) ? whole : element.GetDouble(),
        JsonValueKind.String => element.GetString(),
        _ => null,
    };
}
