using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using AIX.Core.Enrichment;

namespace AIX.Infrastructure.Enrichment.Http;

/// <summary>A page or answer from outside, whole or cut.</summary>
/// <param name="Url">Where it came from after redirects.</param>
internal sealed record OutsideResponse(HttpStatusCode Status, Uri Url, IReadOnlyDictionary<string, string[]> Headers, byte[] Body, bool IsCut);

/// <summary>An address or an answer that this program refuses; the message is for people.</summary>
internal sealed class OutsideRefusedException(string message) : Exception(message);

/// <summary>
/// HTTP to strangers. Every address is checked after its name was resolved and the connection goes to that very address, so that neither a redirect nor a name that changes its mind (DNS rebinding)
/// leads into the own network. Bodies are cut at a size after decompression.
/// </summary>
internal sealed class OutsideHttp : IDisposable
{
    private const int MaxRedirects = 5;

    private readonly HttpClient _client;
    private readonly HashSet<string> _private;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    public OutsideHttp(EnrichmentOptions options)
        : this(options, Dns.GetHostAddressesAsync)
    {
    }

    /// <param name="resolve">Host → addresses.</param>
    internal OutsideHttp(EnrichmentOptions options, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        _resolve = resolve;
        _private = options.PrivateHosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            MaxResponseHeadersLength = 64,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", options.Contact);
        _client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip, deflate, br");
    }

    public void Dispose() => _client.Dispose();

    /// <param name="follow">Whether redirects are followed: for pages, never where a key is sent.</param>
    /// <exception cref="OutsideRefusedException">The address, or one that it redirects to, is not public or not HTTP.</exception>
    /// <exception cref="HttpRequestException">No answer.</exception>
    public async Task<OutsideResponse> SendAsync(Func<Uri, HttpRequestMessage> request, Uri url, int maxBytes, bool follow, CancellationToken ct)
    {
        for (var redirects = 0; ; redirects++)
        {
            Check(url);
            using var message = request(url);
            using var response = await SendOnceAsync(message, ct);
            if (follow && (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location)
            {
                if (redirects == MaxRedirects)
                {
                    throw new OutsideRefusedException($"{url.Host} redirects more than {MaxRedirects} times.");
                }

                url = new Uri(url, location);
                continue;
            }

            var (body, isCut) = await ReadAsync(response.Content, maxBytes, ct);
            var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToArray(), StringComparer.Ordinal);
            return new OutsideResponse(response.StatusCode, url, headers, body, isCut);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage message, CancellationToken ct)
    {
        try
        {
            return await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (HttpRequestException ex) when (ex.InnerException is OutsideRefusedException refused)
        {
            throw refused;
        }
    }

    private void Check(Uri url)
    {
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            throw new OutsideRefusedException($"{(url.IsAbsoluteUri ? url.Scheme : "A relative address")} is not http or https.");
        }

        if (!url.IsDefaultPort && !_private.Contains(url.Authority))
        {
            throw new OutsideRefusedException($"Port {url.Port} of {url.Host} is not a web port.");
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, ct);
        if (!_private.Contains($"{host}:{port}") && Array.Find(addresses, a => !PublicAddress.Is(a)) is { } forbidden)
        {
            throw new OutsideRefusedException($"{host} leads to {forbidden}, which is not a public address.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<(byte[] Body, bool IsCut)> ReadAsync(HttpContent content, int maxBytes, CancellationToken ct)
    {
        await using var raw = await content.ReadAsStreamAsync(ct);
        await using var plain = Decompress(raw, content.Headers.ContentEncoding);
        using var memory = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; memory.Length < maxBytes && (read = await plain.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, maxBytes - memory.Length)), ct)) > 0;)
            {
                memory.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            throw new OutsideRefusedException("The answer says it is compressed and is not.");
        }

        return (memory.ToArray(), memory.Length >= maxBytes);
    }

    private static Stream Decompress(Stream raw, ICollection<string> encodings) => encodings.LastOrDefault()?.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => new GZipStream(raw, CompressionMode.Decompress),
        "deflate" => new ZLibStream(raw, CompressionMode.Decompress),
        "br" => new BrotliStream(raw, CompressionMode.Decompress),
        _ => raw,
    };

    /// <summary>Seconds until a throttled source may be asked again, from <c>Retry-After</c> (RFC 9110, 10.2.3) or a header with the end of the window.</summary>
    public static TimeSpan? RetryAfter(IReadOnlyDictionary<string, string[]> headers, string? resetHeader, DateTimeOffset now)
    {
        if (headers.TryGetValue("retry-after", out var values) && RetryConditionHeaderValue.TryParse(values[0], out var retry))
        {
            return Bounded(retry.Delta ?? retry.Date - now);
        }

        if (resetHeader is null || !headers.TryGetValue(resetHeader.ToLowerInvariant(), out var reset))
        {
            return null;
        }

        return long.TryParse(reset[0], out var number)
            ? Bounded(number > 1_000_000_000 ? DateTimeOffset.FromUnixTimeSeconds(number) - now : TimeSpan.FromSeconds(number))
            : DateTimeOffset.TryParse(reset[0], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var at) ? Bounded(at - now) : null;
    }

    /// <summary>A source's word counts up to an hour.</summary>
    private static TimeSpan? Bounded(TimeSpan? wait) => wait is { } time ? TimeSpan.FromSeconds(Math.Clamp(time.TotalSeconds, 1, 3600)) : null;
}
