namespace AIX.Core.Compliance.Rules;

/// <summary>
/// What must have been agreed to. Explicitly: calls from abroad, calls to other countries, e-mail and SMS that promote. Inferred from a contract or an enquiry at least: service and transactional calls. Promotion over the 140 series needs
/// none where the register does not object (<see cref="PreferenceRule"/>).
/// </summary>
internal sealed class ConsentRule : IGateRule
{
    public string Id => "consent";

    public Denial? Ask(CallCase question)
    {
        var (intent, country) = (question.Intent, question.Country);
        if (intent.Channel == ContactChannel.Email)
        {
            return question.Facts.Consents.Any(c => c.Purpose == intent.Class && (c.WithdrawnAt is null || c.WithdrawnAt > question.Now) && c.GivenAt <= question.Now && (c.Explicit || intent.Class != MessageClass.Promotional) && (c.ExpiresAt is null || question.Now < c.ExpiresAt))
                ? null
                : new Denial(Id, "No consent to e-mail for this purpose is on record.");
        }

        if (country is null)
        {
            return null;
        }

        var explicitly = !country.India || (intent.Channel == ContactChannel.Voice && intent.Kind is null or CallerIdKind.International) || (intent.Channel == ContactChannel.Sms && intent.Class == MessageClass.Promotional);
        return explicitly switch
        {
            true when !question.HasConsent(true) => new Denial(Id, $"No explicit consent to a {Name(intent.Class)} contact of this kind holds today; a call from abroad needs one."),
            false when intent.Class != MessageClass.Promotional && !question.HasConsent(false) => new Denial(Id, $"Neither a consent nor a recent enquiry or contract stands behind a {Name(intent.Class)} contact."),
            _ => null,
        };
    }

    private static string Name(MessageClass kind) => kind switch { MessageClass.Promotional => "promotional", MessageClass.Service => "service", _ => "transactional" };
}

/// <summary>The preference register: promotion needs a fresh scrub, and what it says holds unless the person consented explicitly.</summary>
internal sealed class PreferenceRule : IGateRule
{
    private static readonly int[] BandStarts = [0, 6, 8, 10, 12, 14, 16, 18, 21];

    public string Id => "preference";

    public Denial? Ask(CallCase question)
    {
        if (question.Intent is not { Class: MessageClass.Promotional, Channel: not ContactChannel.Email } intent || question.Country is not { } country)
        {
            return null;
        }

        if (question.Facts.Preference is not { } preference)
        {
            return new Denial("scrub", "This number was never checked against the preference register; upload a scrub result.");
        }

        if (question.Now >= preference.ScrubbedAt.AddHours(country.ScrubHours) || preference.ScrubbedAt > question.Now)
        {
            return new Denial("scrub", $"The check against the preference register is older than {country.ScrubHours} hours; upload a new one.");
        }

        return Unwanted(preference, intent, question.Local!.Value, country) && !question.HasConsent(true) ? new Denial(Id, "The owner of this number does not want promotion of this kind, by the preference register.") : null;
    }

    private static bool Unwanted(Preference preference, ContactIntent intent, DateTimeOffset local, CountryRules country)
    {
        var category = intent.Category is >= 1 and <= 8 and var c ? 1 << (c - 1) : 0xFF;
        var mode = intent.Channel == ContactChannel.Sms ? Preference.Sms : Preference.Voice | Preference.AutoRecorded | Preference.Robot;
        var band = 0;
        while (band + 1 < BandStarts.Length && local.Hour >= BandStarts[band + 1])
        {
            band++;
        }

        var day = (1 << (((int)local.DayOfWeek + 6) % 7)) | (country.IsHoliday(local) ? 1 << 7 : 0);
        return (preference.Categories & category) != 0 && (preference.Modes & mode) != 0 && (preference.Bands & (1 << band)) != 0 && (preference.Days & day) != 0;
    }
}
