using System.Text.Json;
using AIX.Core.Shared;

namespace AIX.Web.Api;

/// <summary>Reads a JSON body with errors that name line and position.</summary>
internal static class JsonBody
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="example">Shown with the error.</param>
    public static async Task<Result<T>> ReadAsync<T>(HttpContext http, ApiOptions options, string example, CancellationToken ct)
        where T : class
    {
        var body = await ReadAsync(http.Request, options.MaxJsonBytes, ct);
        if (!body.IsOk)
        {
            return body.Error;
        }

        using var document = body.Value;
        try
        {
            return document.RootElement.Deserialize<T>(Json) is { } request ? request : new Error(ErrorKind.Invalid, "invalid-body", $"The body is null. Send {example}.");
        }
        catch (JsonException ex)
        {
            return new Error(ErrorKind.Invalid, "invalid-body", $"A property has the wrong type ({ex.Path}). Send {example}.", ex.Path?.TrimStart('$', '.'));
        }
    }

    public static async Task<Result<JsonDocument>> ReadAsync(HttpRequest request, long maxBytes, CancellationToken ct)
    {
        if (request.ContentLength > maxBytes)
        {
            return TooLarge(maxBytes);
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[64 * 1024];
        while (await request.Body.ReadAsync(chunk, ct) is > 0 and var read)
        {
            await buffer.WriteAsync(chunk.AsMemory(0, read), ct);
            if (buffer.Length > maxBytes)
            {
                return TooLarge(maxBytes);
            }
        }

        try
        {
            var document = JsonDocument.Parse(buffer.ToArray(), new JsonDocumentOptions { MaxDepth = 16 });
            if (IsUnicode(document.RootElement))
            {
                return document;
            }

            document.Dispose();
            return new Error(ErrorKind.Invalid, "invalid-unicode", "A string or name holds half of a surrogate pair (\\uD800 to \\uDFFF alone), which is no character. Nothing was stored.");
        }
        catch (JsonException ex)
        {
            return new Error(ErrorKind.Invalid, "invalid-json", $"The body is not valid JSON at line {(ex.LineNumber ?? 0) + 1}, byte {(ex.BytePositionInLine ?? 0) + 1}. Nothing was stored.");
        }
    }

    /// <summary>JSON may escape lone surrogates; no text that is stored or sent can hold them.</summary>
    private static bool IsUnicode(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString() is not null,
                JsonValueKind.Array => element.EnumerateArray().All(IsUnicode),
                JsonValueKind.Object => element.EnumerateObject().All(p => p.Name is not null && IsUnicode(p.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static Error TooLarge(long maxBytes) => new(ErrorKind.TooLarge, "body-too-large", $"The body is larger than {maxBytes / 1_000_000.0:0.#} MB. Send fewer items per call, or use an import.");
}
