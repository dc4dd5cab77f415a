using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIX.Core.Profiles;

/// <summary>One place where two profiles differ.</summary>
/// <param name="Path">Names joined by dots: <c>industries.software</c>.</param>
/// <param name="Before">Null for what was added.</param>
/// <param name="After">Null for what was taken out.</param>
public sealed record ProfileChange(string Path, string? Before, string? After);

public static class ProfileDiff
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<ProfileChange> Of(IdealCustomerProfile before, IdealCustomerProfile after)
    {
        var (a, b) = (Leaves(before), Leaves(after));
        return [.. a.Keys.Union(b.Keys).Where(k => k != "version" && a.GetValueOrDefault(k) != b.GetValueOrDefault(k)).Order(StringComparer.Ordinal).Select(k => new ProfileChange(k, a.GetValueOrDefault(k), b.GetValueOrDefault(k)))];
    }

    private static Dictionary<string, string> Leaves(IdealCustomerProfile profile)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        Walk(JsonSerializer.SerializeToNode(profile, Json), "", leaves);
        return leaves;
    }

    private static void Walk(JsonNode? node, string path, Dictionary<string, string> leaves)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (key, value) in o)
                {
                    Walk(value, path.Length == 0 ? key : $"{path}.{key}", leaves);
                }

                break;
            case JsonArray array:
                // What stands in a list is told by what it is, not by where.
                foreach (var item in array)
                {
                    leaves[$"{path}.{(item is JsonValue ? item.ToString() : item?.ToJsonString())}"] = "✓";
                }

                break;
            case JsonValue value:
                leaves[path] = value.ToString();
                break;
        }
    }
}
