using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AIX.Infrastructure.Calls.Simulation;

/// <summary>What the network tells the program at the other end: signed, and with the faults that were asked for.</summary>
internal sealed class SimulatedCallbacks(SimulatedCall call, string token, HttpClient http, double speed, SimulatorFaults faults, Random random, ConcurrentBag<double> latencies, Action<SimulatedCall> opened, TimeProvider time)
{
#pragma warning disable CA5394, CA5350 // A play; the protocol prescribes HMAC-SHA1.
    /// <summary>Seconds after which a late callback comes: long after the call.</summary>
    private const double LateSeconds = 45;

    private readonly List<Task> _late = [];

    public async Task StatusAsync(string status, int? sip = null)
    {
        var rest = status == "initiated" ? "queued" : status;
        call.Status = rest;
        var wanted = status switch { "initiated" => "initiated", "ringing" => "ringing", "in-progress" => "answered", _ => "completed" };
        var events = call.Form.GetValueOrDefault("StatusCallbackEvent") ?? ["completed"];
        if (call.One("StatusCallback") is not { } url || !events.Contains(wanted))
        {
            return;
        }

        List<(string, string)> fields = [("CallStatus", status), ("SequenceNumber", Text(call.Sequence++)), ("CallbackSource", "call-progress-events"), ("Timestamp", SimulatedCall.Rfc2822(time.GetUtcNow()))];
        if (call.IsOver)
        {
            fields.AddRange([("CallDuration", Text(call.Duration ?? 0)), ("Duration", Text((int)Math.Ceiling((call.Duration ?? 0) / 60.0)))]);
        }

        if (sip is { } code)
        {
            fields.Add(("SipResponseCode", Text(code)));
        }

        await DeliverAsync(() => PostAsync(url, [.. fields]));
    }

    /// <summary>Once; or never, twice, or later than what comes after it.</summary>
    public async Task DeliverAsync(Func<Task> deliver)
    {
        var luck = random.NextDouble();
        if (luck < faults.Lost)
        {
            return;
        }

        if (luck < faults.Lost + faults.Reordered + faults.Late)
        {
            Later(luck < faults.Lost + faults.Reordered ? 4 : LateSeconds, deliver);
            return;
        }

        await SafelyAsync(deliver);
        if (random.NextDouble() < faults.Duplicated)
        {
            await SafelyAsync(deliver);
        }
    }

    public void Later(double seconds, Func<Task> act) => _late.Add(LaterAsync(seconds, act));

    /// <summary>Waits for what is still on its way.</summary>
    public Task DrainAsync() => Task.WhenAll(_late);

    /// <summary>Another leg of the call: it is on the account's list like any call.</summary>
    public void Open(SimulatedCall leg) => opened(leg);

    private async Task LaterAsync(double seconds, Func<Task> act)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds / speed));
        await SafelyAsync(act);
    }

    private static async Task SafelyAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception ex) when (ex is HttpRequestException or TaskCanceledException)
        {
            // Best effort, like the vendor's.
        }
    }

    public async Task<string> PostAsync(string url, IReadOnlyList<(string Key, string Value)> fields)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("CallSid", call.Sid), new("AccountSid", call.AccountSid), new("From", call.From), new("To", call.To), new("Caller", call.From), new("Called", call.To), new("Direction", "outbound-api"), new("ApiVersion", "2010-04-01"),
            .. fields.Any(f => f.Key == "CallStatus") ? [] : (KeyValuePair<string, string>[])[new("CallStatus", call.Status)],
            .. fields.Select(f => new KeyValuePair<string, string>(f.Key, f.Value)),
        ];
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(form) };
        request.Headers.TryAddWithoutValidation("X-Twilio-Signature", Sign(url, form));
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        using var response = await http.SendAsync(request, CancellationToken.None);
        var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
        latencies.Add(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        response.EnsureSuccessStatusCode();
        return text;
    }

    /// <summary>The vendor's side of the signature, written apart from the side that checks it.</summary>
    public string Sign(string url, IReadOnlyList<KeyValuePair<string, string>> form)
    {
        var message = new StringBuilder(url);
        foreach (var key in form.Select(f => f.Key).Distinct().OrderBy(k => k, StringComparer.Ordinal))
        {
            foreach (var value in form.Where(f => f.Key == key).Select(f => f.Value).Distinct().OrderBy(v => v, StringComparer.Ordinal))
            {
                message.Append(key).Append(value);
            }
        }

        using var hmac = new HMACSHA1(Encoding.UTF8.GetBytes(token));
        return Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(message.ToString())));
    }

    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
