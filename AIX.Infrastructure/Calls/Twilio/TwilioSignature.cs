using System.Security.Cryptography;
using System.Text;

namespace AIX.Infrastructure.Calls.Twilio;

/// <summary>Checks X-Twilio-Signature: HMAC-SHA1 over the address as Twilio called it and the decoded parameters, in constant time.</summary>
internal static class TwilioSignature
{
    /// <param name="url">Public address with raw escapes, without fragment.</param>
    /// <param name="form">Received parameters, decoded; empty for GET and JSON.</param>
    /// <param name="body">Raw body of a JSON request; null for a form.</param>
    public static bool IsValid(string token, string signature, string url, IReadOnlyList<KeyValuePair<string, string>> form, byte[]? body = null)
    {
        byte[] given;
        try
        {
            given = Convert.FromBase64String(signature);
        }
        catch (FormatException)
        {
            return false;
        }

        if (body is not null)
        {
            var wanted = QueryValue(url, "bodySHA256");
            if (wanted is null || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(wanted), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(body)))))
            {
                return false;
            }
        }

        var parameters = body is null ? Joined(form) : "";
        var valid = false;
        foreach (var form_ in Forms(url))
        {
            // Every form is computed, so that the time taken tells nothing.
            valid |= CryptographicOperations.FixedTimeEquals(Sign(token, form_ + parameters), given);
        }

        return valid;
    }

    /// <summary>Raw HMAC of a message.</summary>
    public static byte[] Sign(string token, string message)
    {
#pragma warning disable CA5350 // Twilio's protocol prescribes HMAC-SHA1.
        return HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(message));
#pragma warning restore CA5350
    }

    /// <summary>Keys in ordinal order; of a repeated key each different value once, in order.</summary>
    private static string Joined(IReadOnlyList<KeyValuePair<string, string>> form) =>
        string.Concat(form.GroupBy(p => p.Key, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).SelectMany(g => g.Select(p => p.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(v => g.Key + v)));

    /// <summary>Twilio signs with or without the port.</summary>
    private static IEnumerable<string> Forms(string url)
    {
        yield return url;
        var authority = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var path = url.IndexOfAny(['/', '?'], authority) is var at and >= 0 ? at : url.Length;
        var host = url[authority..path];
        var colon = host.LastIndexOf(':');
        var hasPort = colon > host.LastIndexOf(']');
        yield return hasPort
            ? url[..authority] + host[..colon] + url[path..]
            : url[..authority] + host + (url.StartsWith("https", StringComparison.Ordinal) || url.StartsWith("wss", StringComparison.Ordinal) ? ":443" : ":80") + url[path..];
    }

    private static string? QueryValue(string url, string name)
    {
        var query = url.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? null : url[(query + 1)..].Split('&').Select(p => p.Split('=', 2)).FirstOrDefault(p => p[0] == name && p.Length == 2)?[1];
    }
}
