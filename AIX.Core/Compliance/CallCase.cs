namespace AIX.Core.Compliance;

/// <summary>Class of a message (TCCCPR 2018, second amendment 2025). A service call with an offer in it is promotional.</summary>
public enum MessageClass
{
    Promotional,
    Service,
    Transactional,
}

public enum ContactChannel
{
    Voice,
    Sms,
    Email,
}

/// <summary>What kind of caller id a route shows.</summary>
public enum CallerIdKind
{
    /// <summary>A number of another country: reaches India from abroad.</summary>
    International,

    /// <summary>Promotional series.</summary>
    Series140,

    /// <summary>Service and transactional series, of banks, insurers, brokers and the state.</summary>
    Series1600,

    /// <summary>An ordinary number: never for calls like these.</summary>
    Landline,
}

/// <summary>A consent as it stands: the last word that was said about one purpose on one channel.</summary>
/// <param name="Explicit">Said for this purpose; otherwise inferred from a contract or an enquiry.</param>
/// <param name="Category">1 to 8, what it was given for; null for everything of the purpose.</param>
/// <param name="ExpiresAt">By its own words; the rules end it earlier where they say so.</param>
public sealed record Consent(MessageClass Purpose, bool Explicit, int? Category, DateTimeOffset GivenAt, DateTimeOffset? ExpiresAt, DateTimeOffset? WithdrawnAt);

/// <summary>What a number's owner told the register that they do not want, and when that was asked. The sets are bit masks; a call is unwanted when it lies in all four.</summary>
/// <param name="Categories">Bit 0 is category 1 (banking) … bit 7 is category 8 (food).</param>
/// <param name="Modes">Bit 0 voice, 1 SMS, 2 auto-dialled recording, 3 auto-dialled person, 4 robot.</param>
/// <param name="Bands">Bit 0 is 00–06, then 06–08, 08–10, 10–12, 12–14, 14–16, 16–18, 18–21, 21–24.</param>
/// <param name="Days">Bit 0 Monday … bit 6 Sunday, bit 7 public holidays.</param>
public sealed record Preference(DateTimeOffset ScrubbedAt, int Categories, int Modes, int Bands, int Days)
{
    public const int All = 0xFFF;

    public const int Voice = 1;
    public const int Sms = 2;
    public const int AutoRecorded = 4;
    public const int Robot = 16;
}

/// <summary>Everything that is known of an address, as rules see it.</summary>
/// <param name="Attempts">Attempts to call it in the last thirty days, over all campaigns of the tenant.</param>
/// <param name="Open">A call to it goes on.</param>
public sealed record ContactFacts(bool Suppressed, IReadOnlyList<Consent> Consents, Preference? Preference, IReadOnlyList<DateTimeOffset> Attempts, bool Open, DateTimeOffset? ComplainedAt)
{
    public static readonly ContactFacts None = new(false, [], null, [], false, null);
}

/// <summary>Hours within which a campaign wants to call, where the phone rings.</summary>
public sealed record CallingHours(TimeOnly Open, TimeOnly Close);

/// <summary>A contact that somebody wants to make.</summary>
/// <param name="Address">E.164, or an e-mail address.</param>
/// <param name="CallerId">Number that would be shown; empty where there is none.</param>
/// <param name="Owned">The tenant may show this number.</param>
/// <param name="Category">1 to 8; null is not known.</param>
public sealed record ContactIntent(
    Guid LeadId, string Address, string CallerId, CallerIdKind? Kind, bool Owned, int RingSeconds, MessageClass Class, int? Category = null, ContactChannel Channel = ContactChannel.Voice, CallingHours? Hours = null);

/// <summary>One question to the rules: what is wanted, what is known, when, and by which pack.</summary>
public sealed record CallCase(ContactIntent Intent, ContactFacts Facts, DateTimeOffset Now, RulePack Pack)
{
    /// <summary>The rules of the country that the address belongs to; null where there are none, or for e-mail.</summary>
    public CountryRules? Country { get; } = Pack.CountryOf(Intent.Address);

    /// <summary>The time where the phone rings; null where it is not known.</summary>
    public DateTimeOffset? Local => Country is { } country ? TimeZoneInfo.ConvertTime(Now, country.Zone) : null;

    /// <summary>A consent that holds now for this purpose.</summary>
    /// <param name="explicitly">Inferred ones do not do.</param>
    public bool HasConsent(bool explicitly) => Country is { } country && Facts.Consents.Any(c => Holds(c, country, explicitly));

    private bool Holds(Consent consent, CountryRules country, bool explicitly)
    {
        if (consent.Purpose != Intent.Class || consent.WithdrawnAt <= Now || consent.GivenAt > Now || (explicitly && !consent.Explicit))
        {
            return false;
        }

        if (consent.Category is { } category && category != Intent.Category)
        {
            return false;
        }

        var age = consent.Explicit ? country.ConsentDays : Intent.Class == MessageClass.Transactional ? country.InferredTransactionDays : country.InferredServiceDays;
        var end = consent.GivenAt.AddDays(age);
        return Now < (consent.ExpiresAt is { } own && own < end ? own : end);
    }
}

/// <summary>One rule's no.</summary>
/// <param name="Until">When the rule may say yes by itself; null when time alone does not help.</param>
public sealed record Denial(string Rule, string Reason, DateTimeOffset? Until = null);

/// <summary>What the gate decided, as it is stored with the attempt.</summary>
/// <param name="Rules">Version of the rule pack and of the tenant's own settings.</param>
/// <param name="Inputs">SHA-256 of everything that was decided on, lower-case hex.</param>
public sealed record GateDecision(bool Allowed, IReadOnlyList<Denial> Denials, DateTimeOffset At, string Rules, string Inputs)
{
    /// <summary>When it is worth asking again; null for never.</summary>
    public DateTimeOffset? Again => Denials.Count == 0 || Denials.Any(d => d.Until is null) ? null : Denials.Max(d => d.Until);
}
