using System.Globalization;

namespace AIX.Infrastructure.Calls.Simulation;

/// <summary>Something that was said on a call.</summary>
/// <param name="At">Simulated seconds since it was answered.</param>
/// <param name="Language"><c>en</c> or <c>hi</c>.</param>
internal sealed record SpokenLine(double At, bool Callee, string Text, string Language);

/// <summary>A call of the simulated network.</summary>
internal sealed class SimulatedCall
{
    public const double SecondsPerCharacter = 0.06;

    private readonly List<SpokenLine> _said = [];

    public required string Sid { get; init; }

    public required string AccountSid { get; init; }

    /// <summary>The call whose other leg this is.</summary>
    public string? ParentSid { get; init; }

    /// <summary>Seconds that it waits because the account may place only so many in a second.</summary>
    public double QueueSeconds { get; init; }

    public required string To { get; init; }

    public required string From { get; init; }

    public required IReadOnlyDictionary<string, string[]> Form { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string Status { get; set; } = "queued";

    public string? AnsweredBy { get; set; }

    public int? Duration { get; set; }

    public int Sequence { get; set; }

    public string? RecordingSid { get; set; }

    /// <summary>When somebody stopped the recording; null records to the end.</summary>
    public DateTimeOffset? RecordedUntil { get; set; }

    public DateTimeOffset? Answered { get; set; }

    /// <summary>When the phone began to ring.</summary>
    public DateTimeOffset? RangAt { get; set; }

    /// <summary>The same on the wall clock, in Unix milliseconds.</summary>
    public long RangWall { get; set; }

    /// <summary>Set when somebody ends the call over REST.</summary>
    public CancellationTokenSource Ended { get; } = new();

    /// <summary>Where the live call is to go next, set over REST.</summary>
    public string? Redirect { get; set; }

    /// <summary>Seconds on the recording.</summary>
    public int RecordedSeconds(double speed) => RecordedUntil is { } until && Answered is { } since ? Math.Max(1, (int)((until - since).TotalSeconds * speed)) : Duration ?? 1;

    /// <summary>What was spoken so far, for the recording.</summary>
    public IReadOnlyList<SpokenLine> Said()
    {
        lock (_said)
        {
            return [.. _said];
        }
    }

    public void Say(bool callee, string text, string? language, TimeProvider time, double speed)
    {
        if (Answered is { } since && text.Length > 0)
        {
            lock (_said)
            {
                _said.Add(new SpokenLine((time.GetUtcNow() - since).TotalSeconds * speed, callee, text, language?.StartsWith("hi", StringComparison.Ordinal) ?? text.Any(c => c is >= '\u0900' and <= '\u097F') ? "hi" : "en"));
            }
        }
    }

    public bool IsOver => Status is "completed" or "busy" or "failed" or "no-answer" or "canceled";

    public string? One(string key) => Form.TryGetValue(key, out var values) && values.Length > 0 ? values[0] : null;

    /// <summary>As the vendor shows it: numbers are strings, dates RFC 2822.</summary>
    public object Json() => new
    {
        sid = Sid,
        account_sid = AccountSid,
        to = To,
        from = From,
        status = Status,
        parent_call_sid = ParentSid,
        direction = ParentSid is null ? "outbound-api" : "outbound-dial",
        answered_by = AnsweredBy,
        duration = Duration?.ToString(CultureInfo.InvariantCulture),
        queue_time = ((int)(QueueSeconds * 1_000)).ToString(CultureInfo.InvariantCulture),
        price = (string?)null,
        price_unit = "USD",
        api_version = "2010-04-01",
        date_created = Rfc2822(Created),
        date_updated = Rfc2822(Created),
        start_time = Rfc2822(Created),
        end_time = (string?)null,
        uri = $"/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json",
    };

    public static string Rfc2822(DateTimeOffset at) => at.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
}
