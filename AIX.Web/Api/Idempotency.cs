using System.Security.Cryptography;
using System.Text;
using AIX.Core.Users;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AIX.Web.Api;

/// <summary>Idempotency-Key on POST (IETF draft-ietf-httpapi-idempotency-key-header): the same request gets the same answer, another one
/// under the same key is refused with 422, and one that is still running with 409.</summary>
internal sealed class Idempotency(RequestDelegate next, IIdempotencyStore store)
{
    private const string Header = "Idempotency-Key";

    public async Task InvokeAsync(HttpContext context)
    {
        var key = context.Request.Headers[Header].ToString();
        if (!HttpMethods.IsPost(context.Request.Method) || key.Length == 0 || Claims.TenantOf(context.User) is not { } tenant)
        {
            await next(context);
            return;
        }

        if (key.Length > 200)
        {
            await Problems.WriteAsync(context, 400, "invalid-idempotency-key", "The Idempotency-Key is longer than 200 characters.");
            return;
        }

        var hash = await HashAsync(context.Request, context.RequestAborted);
        var known = await store.TakeAsync(tenant, key, hash, context.RequestAborted);
        if (known is not null)
        {
            await ReplayAsync(context, known, hash);
            return;
        }

        var answer = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = answer;
            await KeepAsync(context, tenant, key, buffer);
        }

        await buffer.CopyToAsync(answer, context.RequestAborted);
    }

    private async Task KeepAsync(HttpContext context, Core.Tenancy.TenantId tenant, string key, MemoryStream buffer)
    {
        buffer.Position = 0;
        if (context.Response.StatusCode is >= 500 or 429 || (buffer.Length == 0 && context.Response.StatusCode == 200))
        {
            await store.ReleaseAsync(tenant, key, CancellationToken.None);
        }
        else
        {
            await store.SaveAsync(tenant, key, context.Response.StatusCode, context.Response.ContentType, buffer.ToArray(), CancellationToken.None);
        }
    }

    private static async Task ReplayAsync(HttpContext context, StoredAnswer known, byte[] hash)
    {
        if (!known.RequestHash.AsSpan().SequenceEqual(hash))
        {
            await Problems.WriteAsync(context, 422, "idempotency-key-reused", "This Idempotency-Key was used with another request. Use a new key for a new request.");
            return;
        }

        if (known.Status is not { } status)
        {
            context.Response.Headers.RetryAfter = "1";
            await Problems.WriteAsync(context, 409, "request-in-progress", "The first request with this Idempotency-Key is still running; ask again in a moment.");
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = known.ContentType;
        context.Response.Headers["Idempotency-Replayed"] = "true";
        await context.Response.Body.WriteAsync(known.Body, context.RequestAborted);
    }

    /// <summary>SHA-256 over method, path and body.</summary>
    private static async Task<byte[]> HashAsync(HttpRequest request, CancellationToken ct)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}\n"));
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Boundary.Length > 0 && type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            // Clients draw a new boundary for each attempt: only the parts are the request.
            var parts = new MultipartReader(HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), request.Body);
            while (await parts.ReadNextSectionAsync(ct) is { } part)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{part.ContentDisposition}\n"));
                await AppendAsync(hash, part.Body, ct);
            }
        }
        else
        {
            await AppendAsync(hash, request.Body, ct);
        }

        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    private static async Task AppendAsync(IncrementalHash hash, Stream body, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, ct) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
        }
    }
}
