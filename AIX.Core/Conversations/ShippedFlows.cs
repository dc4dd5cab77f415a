using System.Text.Json;

namespace AIX.Core.Conversations;

/// <summary>Flows that every tenant begins with.</summary>
public static class ShippedFlows
{
    /// <summary>How flows are written: camel case, unknown members refused.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true };

    public static IReadOnlyList<DialogueFlow> All { get; } = [.. new[] { "qualification", "callback", "event", "renewal" }.Select(Read)];

    private static DialogueFlow Read(string key)
    {
        using var stream = typeof(ShippedFlows).Assembly.GetManifestResourceStream($"flow.{key}.json") ?? throw new InvalidOperationException($"The flow {key} is not in the program.");
        return JsonSerializer.Deserialize<DialogueFlow>(stream, Json)!;
    }
}
