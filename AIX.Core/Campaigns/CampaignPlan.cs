using System.Text.Json;
using System.Text.Json.Serialization;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Leads;
using AIX.Core.Shared;

namespace AIX.Core.Campaigns;

/// <summary>Everything that an admin decides about a campaign. Immutable; a change replaces it whole.</summary>
public sealed record CampaignPlan
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>What the campaign is for, in a sentence.</summary>
    public string Goal { get; init; } = "";

    /// <summary>Said in the first words: why the person is called.</summary>
    public string Purpose { get; init; } = "";

    public string PurposeHindi { get; init; } = "";

    public MessageClass Class { get; init; } = MessageClass.Promotional;

    /// <summary>The register's category, 1 to 8; null is not known, and then every objection counts.</summary>
    public int? Category { get; init; }

    public string Industry { get; init; } = "";

    public LeadFilter Audience { get; init; } = new();

    /// <summary>Only leads that were added one by one; the filter names nobody.</summary>
    public bool OnlyPicked { get; init; }

    /// <summary>Only leads whose last outcome in the parent campaign was one of these.</summary>
    public IReadOnlyList<Disposition> RedialOf { get; init; } = [];

    /// <summary>Leaves out who waits in another campaign that runs.</summary>
    public bool ExceptOthers { get; init; } = true;

    public string Flow { get; init; } = "qualification";

    /// <summary>The second script of an A/B test; empty for none.</summary>
    public string FlowB { get; init; } = "";

    /// <summary>Share that gets the second script, 0.05 to 0.95.</summary>
    public double ShareB { get; init; } = 0.5;

    /// <summary><c>lead</c> speaks each lead's own language and English to the others; <c>en</c> or <c>hi</c>.</summary>
    public string Language { get; init; } = "lead";

    /// <summary>Name of the route; empty takes the first.</summary>
    public string Route { get; init; } = "";

    /// <summary>Hours where the phone rings; the law's and the tenant's are narrower where they are.</summary>
    public TimeOnly Open { get; init; } = new(10, 0);

    public TimeOnly Close { get; init; } = new(20, 0);

    public IReadOnlyList<DayOfWeek> ClosedDays { get; init; } = [DayOfWeek.Sunday];

    public IReadOnlyList<DateOnly> Blackout { get; init; } = [];

    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>Calls placed a second at most, 0.1 to 50.</summary>
    public double CallsPerSecond { get; init; } = 1;

    /// <summary>Calls that go on at once at most, 1 to 500.</summary>
    public int AtOnce { get; init; } = 10;

    /// <summary>Calls a day at most; 0 for no limit of its own.</summary>
    public int PerDay { get; init; }

    /// <summary>Outcomes after which the lead is called again.</summary>
    public IReadOnlyList<Disposition> Retry { get; init; } = [Disposition.NoAnswer, Disposition.Busy];

    /// <summary>Minutes before the second, third … attempt; the last stands for all that follow.</summary>
    public IReadOnlyList<int> DelayMinutes { get; init; } = [30, 60, 120];

    /// <summary>Attempts a lead, 1 to 10; the gate's caps are stricter where they are.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Share of answered calls that nobody spoke to, above which the campaign pauses, 0.001 to 0.03.</summary>
    public double AbandonCap { get; init; } = 0.03;

    /// <summary>Share of failed calls in two minutes at which the campaign pauses, 0.1 to 1.</summary>
    public double BreakerShare { get; init; } = 0.5;

    /// <summary>Leaves the goodbye of the script on an answering machine; otherwise hangs up without a word.</summary>
    public bool VoicemailDrop { get; init; }

    /// <summary>Price of a minute, for the estimate.</summary>
    public decimal MinutePrice { get; init; } = 1.2m;

    [JsonIgnore]
    public CallingHours Hours => new(Open, Close);

    public static CampaignPlan Read(string json) => JsonSerializer.Deserialize<CampaignPlan>(json, Json)!;

    public string Write() => JsonSerializer.Serialize(this, Json);

    /// <summary>Names of what another plan has otherwise, as in its JSON.</summary>
    public IEnumerable<string> Differences(CampaignPlan other)
    {
        var (mine, theirs) = (JsonSerializer.SerializeToElement(this, Json), JsonSerializer.SerializeToElement(other, Json));
        return theirs.EnumerateObject().Where(p => !JsonElement.DeepEquals(p.Value, mine.GetProperty(p.Name))).Select(p => p.Name);
    }

    /// <summary>The first thing that keeps the plan from being launched; null for none.</summary>
    /// <param name="law">Hours of the country, for a window that never opens.</param>
    public Error? Check(CountryRules law)
    {
        var hours = law.HoursOf(Class);
        var (open, close) = (Math.Max(Open.Hour + (Open.Minute / 60.0), hours.Open), Math.Min(Close.Hour + (Close.Minute / 60.0), hours.Close));
        return this switch
        {
            _ when Purpose.Length is 0 or > 200 => Wrong("purpose", "Say in 1 to 200 characters why people are called; it is in the first words."),
            _ when Language != "en" && PurposeHindi.Length is 0 or > 200 => Wrong("purposeHindi", "Say it in Hindi too, in 1 to 200 characters: some of the leads are called in Hindi."),
            _ when Goal.Length > 500 => Wrong("goal", "The goal has 500 characters at most."),
            { Category: < 1 or > 8 } => Wrong("category", "The category is 1 to 8."),
            _ when Language is not ("lead" or "en" or "hi") => Wrong("language", "The language is lead, en or hi."),
            _ when open >= close => Wrong("open", $"The window never opens: {Open:HH\\:mm} to {Close:HH\\:mm} leaves nothing of the lawful {hours.Open}:00 to {hours.Close}:00."),
            _ when ClosedDays.Distinct().Count() >= 7 => Wrong("closedDays", "Every day of the week is closed; the campaign would never call."),
            { Blackout.Count: > 366 } => Wrong("blackout", "At most 366 days can be closed."),
            { CallsPerSecond: not (>= 0.1 and <= 50) } => Wrong("callsPerSecond", "Calls a second are 0.1 to 50."),
            { AtOnce: < 1 or > 500 } => Wrong("atOnce", "Calls at once are 1 to 500."),
            { PerDay: < 0 or > 1_000_000 } => Wrong("perDay", "Calls a day are 0 (no limit) to 1,000,000."),
            { Attempts: < 1 or > 10 } => Wrong("attempts", "Attempts are 1 to 10."),
            _ when DelayMinutes.Count is 0 or > 10 || DelayMinutes.Any(m => m is < 5 or > 10_080) => Wrong("delayMinutes", "Give 1 to 10 waits of 5 to 10,080 minutes."),
            _ when Retry.Any(r => !Retryable.Contains(r)) => Wrong("retry", $"Only {string.Join(", ", Retryable)} can be called again by themselves."),
            _ when RedialOf.Any(r => NeverAgain.Contains(r)) => Wrong("redialOf", $"{string.Join(", ", NeverAgain)} are never called again."),
            { AbandonCap: not (>= 0.001 and <= 0.03) } => Wrong("abandonCap", "The share of dropped calls is 0.1 % to 3 %, the law's own limit."),
            { BreakerShare: not (>= 0.1 and <= 1) } => Wrong("breakerShare", "The breaker opens at 10 % to 100 %."),
            _ when FlowB.Length > 0 && (FlowB == Flow || ShareB is not (>= 0.05 and <= 0.95)) => Wrong("flowB", "An A/B test needs two different scripts and a share of 5 % to 95 %."),
            { MinutePrice: < 0 or > 10_000 } => Wrong("minutePrice", "A minute costs 0 to 10,000."),
            _ => null,
        };
    }

    public static readonly IReadOnlyList<Disposition> Retryable = [Disposition.NoAnswer, Disposition.Busy, Disposition.Voicemail, Disposition.Failed, Disposition.HungUpEarly];

    /// <summary>Outcomes after which nobody is called again, whoever asks for it.</summary>
    public static readonly IReadOnlyList<Disposition> NeverAgain = [Disposition.OptOut, Disposition.Minor, Disposition.WrongNumber, Disposition.NotInterested, Disposition.InvalidNumber];

    /// <summary>Outcomes that say that nobody was reached: what a second campaign calls again by default.</summary>
    public static readonly IReadOnlyList<Disposition> NotReached = [Disposition.NoAnswer, Disposition.Busy, Disposition.Voicemail, Disposition.HungUpEarly, Disposition.Failed];

    private static Error Wrong(string field, string message) => new(ErrorKind.Invalid, "invalid-plan", message, field);
}
