using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AIX.Core.Shared;

namespace AIX.Core.Compliance;

/// <summary>Hours of a day, 0 to 24; calls begin from Open on, and so much before Close that they do not ring after it.</summary>
public sealed record HourRange(int Open, int Close);

/// <summary>The rules of one country, as data.</summary>
public sealed record CountryRules
{
    /// <summary>Country code with its plus.</summary>
    public required string Prefix { get; init; }

    /// <summary>IANA zone; only countries with one zone are here, because a number does not say where in a larger one it rings.</summary>
    public required string ZoneId { get; init; }

    /// <summary>India's truth table of routes applies; elsewhere a call from abroad needs explicit consent and nothing else is known.</summary>
    public bool India { get; init; }

    public required HourRange Promotional { get; init; }

    public required HourRange Service { get; init; }

    public required HourRange Transactional { get; init; }

    /// <summary>MM-dd of every year, or yyyy-MM-dd; no promotion on these.</summary>
    public IReadOnlyList<string> Holidays { get; init; } = [];

    /// <summary>Hours after which a scrub against the register is stale.</summary>
    public required int ScrubHours { get; init; }

    public required int ConsentDays { get; init; }

    public required int InferredServiceDays { get; init; }

    public required int InferredTransactionDays { get; init; }

    /// <summary>Days after a complaint in which nobody calls.</summary>
    public required int CoolOffDays { get; init; }

    public required int PerDay { get; init; }

    public required int PerSevenDays { get; init; }

    public required int PerThirtyDays { get; init; }

    [JsonIgnore]
    public TimeZoneInfo Zone => _zone ??= TimeZoneInfo.FindSystemTimeZoneById(ZoneId);

    private TimeZoneInfo? _zone;

    public HourRange HoursOf(MessageClass kind) => kind switch { MessageClass.Promotional => Promotional, MessageClass.Service => Service, _ => Transactional };

    /// <summary>A wall-clock time of the country; one that a change of clocks leaves out becomes the next that exists.</summary>
    public DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        while (Zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(30);
        }

        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>The calendar day where the phone rings.</summary>
    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Zone).Date);

    public bool IsHoliday(DateTimeOffset local)
    {
        foreach (var day in Holidays)
        {
            if (day == local.ToString(day.Length == 5 ? "MM-dd" : "yyyy-MM-dd", CultureInfo.InvariantCulture))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>What a tenant asks of itself beyond the law. It can only make rules stricter, whatever it says.</summary>
public sealed record Tightening
{
    public int? OpenHour { get; init; }

    public int? CloseHour { get; init; }

    public int? PerDay { get; init; }

    public int? PerSevenDays { get; init; }

    public int? PerThirtyDays { get; init; }

    public int? ScrubHours { get; init; }

    public int? ConsentDays { get; init; }

    public int? CoolOffDays { get; init; }

    /// <summary>Further days without calls, yyyy-MM-dd.</summary>
    public IReadOnlyList<string> Holidays { get; init; } = [];

    /// <summary>The first thing that is wrong, or that would loosen a rule; null for none.</summary>
    public Error? Check(CountryRules law) => this switch
    {
        { OpenHour: { } open } when open < law.Promotional.Open || open > 23 => Wrong(nameof(OpenHour), open, $"{law.Promotional.Open} to 23: not earlier than the law"),
        { CloseHour: { } close } when close > law.Promotional.Close || close < 1 => Wrong(nameof(CloseHour), close, $"1 to {law.Promotional.Close}: not later than the law"),
        _ when (OpenHour ?? law.Promotional.Open) >= (CloseHour ?? law.Promotional.Close) => Wrong(nameof(OpenHour), OpenHour ?? law.Promotional.Open, "before the closing hour, else the window never opens"),
        { PerDay: { } n } when n < 1 || n > law.PerDay => Wrong(nameof(PerDay), n, $"1 to {law.PerDay}"),
        { PerSevenDays: { } n } when n < 1 || n > law.PerSevenDays => Wrong(nameof(PerSevenDays), n, $"1 to {law.PerSevenDays}"),
        { PerThirtyDays: { } n } when n < 1 || n > law.PerThirtyDays => Wrong(nameof(PerThirtyDays), n, $"1 to {law.PerThirtyDays}"),
        { ScrubHours: { } n } when n < 1 || n > law.ScrubHours => Wrong(nameof(ScrubHours), n, $"1 to {law.ScrubHours}"),
        { ConsentDays: { } n } when n < 1 || n > law.ConsentDays => Wrong(nameof(ConsentDays), n, $"1 to {law.ConsentDays}"),
        { CoolOffDays: { } n } when n < law.CoolOffDays || n > 3650 => Wrong(nameof(CoolOffDays), n, $"{law.CoolOffDays} to 3,650"),
        _ when Holidays.Count > 200 || Holidays.Any(h => !DateOnly.TryParseExact(h, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) => new Error(ErrorKind.Invalid, "invalid-rules", "Days without calls are written 2026-11-23, 200 at most.", nameof(Holidays)),
        _ => null,
    };

    private static Error Wrong(string field, int value, string allowed) => new(ErrorKind.Invalid, "invalid-rules", $"{field} is {value}; allowed is {allowed}. Rules may be tightened, never loosened.", field);
}

/// <summary>A version of the rules, with a tenant's own tightening applied.</summary>
public sealed record RulePack(string Version, IReadOnlyList<CountryRules> Countries)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly Lazy<RulePack> Loaded = new(Load);

    /// <summary>The pack that this version of the program brings.</summary>
    public static RulePack Shipped => Loaded.Value;

    public CountryRules? CountryOf(string address)
    {
        CountryRules? found = null;
        foreach (var country in Countries)
        {
            if (address.StartsWith(country.Prefix, StringComparison.Ordinal) && (found is null || country.Prefix.Length > found.Prefix.Length))
            {
                found = country;
            }
        }

        return found;
    }

    /// <summary>The stricter of both, rule by rule.</summary>
    /// <param name="number">Version of the tenant's settings.</param>
    public RulePack With(Tightening? own, int number) => own is null ? this : new RulePack($"{Version}/{number.ToString(CultureInfo.InvariantCulture)}", [.. Countries.Select(c => Stricter(c, own))]);

    private static CountryRules Stricter(CountryRules law, Tightening own) => law with
    {
        Promotional = Stricter(law.Promotional, own),
        Service = Stricter(law.Service, own),
        Transactional = Stricter(law.Transactional, own),
        Holidays = [.. law.Holidays, .. own.Holidays],
        ScrubHours = Math.Min(law.ScrubHours, own.ScrubHours ?? int.MaxValue),
        ConsentDays = Math.Min(law.ConsentDays, own.ConsentDays ?? int.MaxValue),
        CoolOffDays = Math.Max(law.CoolOffDays, own.CoolOffDays ?? 0),
        PerDay = Math.Min(law.PerDay, own.PerDay ?? int.MaxValue),
        PerSevenDays = Math.Min(law.PerSevenDays, own.PerSevenDays ?? int.MaxValue),
        PerThirtyDays = Math.Min(law.PerThirtyDays, own.PerThirtyDays ?? int.MaxValue),
    };

    private static HourRange Stricter(HourRange law, Tightening own) => new(Math.Max(law.Open, own.OpenHour ?? 0), Math.Min(law.Close, own.CloseHour ?? 24));

    private static RulePack Load()
    {
        using var stream = typeof(RulePack).Assembly.GetManifestResourceStream("rules.json")!;
        return JsonSerializer.Deserialize<RulePack>(stream, Json)!;
    }
}
