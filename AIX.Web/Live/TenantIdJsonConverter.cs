using System.Text.Json;
using System.Text.Json.Serialization;
using AIX.Core.Tenancy;

namespace AIX.Web.Live;

/// <summary>A tenant's id as a plain string.</summary>
internal sealed class TenantIdJsonConverter : JsonConverter<TenantId>
{
    public override TenantId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetGuid());

    public override void Write(Utf8JsonWriter writer, TenantId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
