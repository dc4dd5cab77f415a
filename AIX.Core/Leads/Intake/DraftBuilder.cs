using System.Text.Json;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads.Intake;

/// <summary>Sets standard fields of a draft from text; shared by files, JSON and forms, so that one rule holds for all.</summary>
internal sealed class DraftBuilder(Tenant tenant, bool demoBlockIsMobile) : IDisposable
{
    private static readonly JsonEncodedText[] Keys = [.. Enum.GetValues<LeadField>().Select(f => JsonEncodedText.Encode(LeadFields.KeyOf(f)))];

    private readonly PhoneNormalizer _phones = new(tenant.Settings.DefaultRegion, demoBlockIsMobile);
    private readonly BlindIndex _index = new(tenant.BlindIndexKey);
    private string? _firstName;
    private string? _lastName;
    private string? _outcomeDate;

    public AttributeWriter Attributes { get; } = new();

    public LeadDraft Draft { get; private set; } = null!;

    public bool DayFirst { get; init; } = true;

    public void Begin(int index)
    {
        Draft = new LeadDraft { Index = index };
        (_firstName, _lastName, _outcomeDate) = (null, null, null);
        Attributes.Begin();
    }

    /// <returns>What is wrong with the value, or null.</returns>
    public FieldError? Set(LeadField field, string? raw)
    {
        switch (field)
        {
            case LeadField.Name: Draft.Name ??= TextNormalizer.Name(raw); break;
            case LeadField.FirstName: _firstName = TextNormalizer.Name(raw); break;
            case LeadField.LastName: _lastName = TextNormalizer.Name(raw); break;
            case LeadField.Email: Draft.Email ??= EmailNormalizer.Normalize(raw); break;
            case LeadField.Phone: Draft.Phone = Better(Draft.Phone, _phones.Normalize(raw)); break;
            case LeadField.Company: Draft.Company ??= TextNormalizer.Company(raw); break;
            case LeadField.Website: Draft.Website ??= CompanyHost.OfWebsite(raw); break;
            case LeadField.Title: Draft.Title ??= TextNormalizer.Company(raw); break;
            case LeadField.City: Draft.City ??= TextNormalizer.Company(raw); break;
            case LeadField.Country: Draft.Country ??= TextNormalizer.Company(raw); break;
            case LeadField.ExternalId: return SetExternalId(raw);
            case LeadField.CreatedAt: return SetCreatedAt(raw);
            case LeadField.Outcome: return SetOutcome(raw);
            case LeadField.OutcomeDate: _outcomeDate = TextNormalizer.Clean(raw); break;
            case LeadField.Employees or LeadField.Revenue: SetNumber(field, raw); break;
            case LeadField.Technologies: SetList(field, raw); break;
            case LeadField.Region or LeadField.Industry or LeadField.Language or LeadField.LeadSource:
                if (TextNormalizer.Company(raw) is { } text)
                {
                    Attributes.Text(Keys[(int)field], text);
                }

                break;
        }

        return null;
    }

    /// <summary>Completes the draft: joins names, dates the outcome, derives the keys.</summary>
    public LeadDraft End(out FieldError? error)
    {
        error = null;
        if (Draft.Name is null && (_firstName ?? _lastName) is not null)
        {
            Draft.Name = TextNormalizer.Truncate(string.Join(' ', new[] { _firstName, _lastName }.Where(n => n is not null)));
        }

        if (_outcomeDate is { } date)
        {
            if (!ValueParser.TryDate(date, DayFirst, out var at))
            {
                error = new FieldError("outcomeDate", $"“{TextNormalizer.Truncate(date)}” is not a date; write it as 2026-11-20 or 20/11/2026.");
            }
            else
            {
                // A date alone says that the deal was closed: a lost one would name its result.
                Draft.Outcome = new OutcomeDraft(Draft.Outcome?.Result ?? OutcomeResult.Won, at);
            }
        }

        Draft.Attributes = Attributes.End();
        Draft.Seal(_index);
        return Draft;
    }

    public void Dispose()
    {
        Attributes.Dispose();
        _index.Dispose();
    }

    /// <summary>An id is never cut: two long ones that begin alike would become one lead.</summary>
    private FieldError? SetExternalId(string? raw)
    {
        if (TextNormalizer.Clean(raw) is { Length: > TextNormalizer.MaxLength } tooLong)
        {
            return new FieldError("externalId", $"The external id has {tooLong.Length:N0} characters; at most {TextNormalizer.MaxLength} are allowed.");
        }

        Draft.ExternalId ??= TextNormalizer.Clean(raw);
        return null;
    }

    private FieldError? SetCreatedAt(string? raw)
    {
        if (TextNormalizer.Clean(raw) is not { } text)
        {
            return null;
        }

        if (!ValueParser.TryDate(text, DayFirst, out var at))
        {
            return new FieldError("createdAt", $"“{TextNormalizer.Truncate(text)}” is not a date; write it as 2026-11-20 or 20/11/2026.");
        }

        Draft.CreatedAt = at;
        return null;
    }

    private FieldError? SetOutcome(string? raw)
    {
        if (TextNormalizer.Clean(raw) is not { } text)
        {
            return null;
        }

        if (ValueParser.Outcome(text) is { } result)
        {
            Draft.Outcome = new OutcomeDraft(result, null);
        }

        return null;
    }

    private void SetNumber(LeadField field, string? raw)
    {
        if (TextNormalizer.Clean(raw) is not { } text)
        {
            return;
        }

        if (ValueParser.TryNumber(text, out var number))
        {
            Attributes.Number(Keys[(int)field], number);
        }
        else
        {
            Attributes.Text(Keys[(int)field], TextNormalizer.Truncate(text));
        }
    }

    private void SetList(LeadField field, string? raw)
    {
        if (TextNormalizer.Clean(raw) is { } text)
        {
            Attributes.List(Keys[(int)field], text.Split([',', ';', '|'], 100, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private static ContactValue? Better(ContactValue? known, ContactValue? next) => known is { IsValid: true } || next is null ? known : next;
}
