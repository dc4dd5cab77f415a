using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AIX.Core.Leads.Intake;

/// <summary>Builds a lead's attribute object as UTF-8 JSON; reused from lead to lead so that an import allocates one array a row.</summary>
internal sealed class AttributeWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;
    private bool _any;

    public AttributeWriter() => _json = new Utf8JsonWriter(_buffer, Options);

    /// <summary>Longest text value kept, characters.</summary>
    public const int MaxText = 4000;

    public void Begin()
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _any = false;
    }

    public void Text(JsonEncodedText key, ReadOnlySpan<char> value)
    {
        _json.WriteString(key, value.Length > MaxText ? value[..MaxText] : value);
        _any = true;
    }

    public void Number(JsonEncodedText key, double value)
    {
        _json.WriteNumber(key, value);
        _any = true;
    }

    public void Boolean(JsonEncodedText key, bool value)
    {
        _json.WriteBoolean(key, value);
        _any = true;
    }

    public void List(JsonEncodedText key, IEnumerable<string> values)
    {
        _json.WriteStartArray(key);
        foreach (var value in values)
        {
            _json.WriteStringValue(value);
        }

        _json.WriteEndArray();
        _any = true;
    }

    public void Element(string key, JsonElement value)
    {
        _json.WritePropertyName(key);
        value.WriteTo(_json);
        _any = true;
    }

    /// <summary>The finished object; null when nothing was written.</summary>
    public byte[]? End()
    {
        _json.WriteEndObject();
        _json.Flush();
        return _any ? _buffer.WrittenSpan.ToArray() : null;
    }

    public void Dispose() => _json.Dispose();
}
