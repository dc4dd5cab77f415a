using System.Text.Encodings.Web;
using System.Text.Json;

namespace AIX.Infrastructure.Pipeline;

/// <summary>How feature snapshots are stored.</summary>
internal static class FeatureJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
