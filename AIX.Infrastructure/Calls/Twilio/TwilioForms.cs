using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AIX.Infrastructure.Calls.Twilio;

/// <summary>Reads what Twilio posts, and checks that it was Twilio: by the signature of the route's account, at the address as Twilio called it.</summary>
internal sealed class TwilioForms(TwilioTelephony telephony)
{
    private const int MaxForm = 200_000;

    /// <returns>The fields in their order; null for what is no form, or too large.</returns>
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>?> ReadAsync(HttpContext http, CancellationToken ct)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength is null or > MaxForm)
        {
            return null;
        }

        try
        {
            var form = await http.Request.ReadFormAsync(new FormOptions { ValueLengthLimit = MaxForm, ValueCountLimit = 200 }, ct);
            return [.. form.SelectMany(f => f.Value.Select(v => new KeyValuePair<string, string>(f.Key, v ?? "")))];
        }
        catch (Exception ex) when (ex is InvalidDataException or IOException)
        {
            return null;
        }
    }

    /// <summary>The first value of each field, when the form is signed and of the route's account; null otherwise.</summary>
    public IReadOnlyDictionary<string, string>? Trusted(HttpContext http, string route, IReadOnlyList<KeyValuePair<string, string>> form)
    {
        if (!IsSigned(http, route, form))
        {
            return null;
        }

        var first = form.DistinctBy(v => v.Key).ToDictionary(v => v.Key, v => v.Value);
        return first.GetValueOrDefault("AccountSid") == telephony.Accounts[route].AccountSid ? first : null;
    }

    public bool IsSigned(HttpContext http, string route, IReadOnlyList<KeyValuePair<string, string>> form)
    {
        if (!telephony.Accounts.TryGetValue(route, out var account) || http.Request.Headers["X-Twilio-Signature"].ToString() is not { Length: > 0 } signature)
        {
            return false;
        }

        var url = telephony.UrlOf(http.Features.Get<IHttpRequestFeature>()!.RawTarget);
        if (http.WebSockets.IsWebSocketRequest)
        {
            url = "ws" + url["http".Length..];
        }

        return TwilioSignature.IsValid(account.AuthToken, signature, url, form) | (account.OldAuthToken.Length > 0 && TwilioSignature.IsValid(account.OldAuthToken, signature, url, form));
    }
}
