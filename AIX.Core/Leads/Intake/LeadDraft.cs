namespace AIX.Core.Leads.Intake;

internal sealed record OutcomeDraft(OutcomeResult Result, DateTimeOffset? OccurredAt);

/// <summary>One lead as it came in, normalised; not yet compared with what is stored.</summary>
internal sealed class LeadDraft
{
    /// <summary>Position in the request, or row number of the file (the first row below the header is 1).</summary>
    public required int Index { get; init; }

    public string? Name { get; set; }

    public string? Company { get; set; }

    public string? Website { get; set; }

    public string? Title { get; set; }

    public string? City { get; set; }

    public string? Country { get; set; }

    public ContactValue? Email { get; set; }

    public ContactValue? Phone { get; set; }

    public string? ExternalId { get; set; }

    /// <summary>UTF-8 JSON object; null when empty.</summary>
    public byte[]? Attributes { get; set; }

    public DateTimeOffset? CreatedAt { get; set; }

    public OutcomeDraft? Outcome { get; set; }

    public string? Domain { get; private set; }

    public Guid? EmailKey { get; private set; }

    public Guid? PhoneKey { get; private set; }

    public Guid? NameHostKey { get; private set; }

    public Guid? ExternalIdKey { get; private set; }

    /// <summary>Derives company host and blind indexes; call once, when all fields are set.</summary>
    public void Seal(BlindIndex index)
    {
        var email = Email is { IsValid: true } e ? e.Value : null;
        Domain = CompanyHost.OfEmail(email) ?? Website;
        EmailKey = email is null ? null : index.OfEmail(email);
        PhoneKey = Phone is { IsValid: true } p ? index.OfPhone(p.Value) : null;
        ExternalIdKey = ExternalId is null ? null : index.OfExternalId(ExternalId);
        NameHostKey = Name is not null && Domain is not null ? index.OfNameAndHost(Name, Domain) : null;
    }

    /// <summary>The reason why this cannot become a lead, or null.</summary>
    public FieldError? Refusal()
    {
        if (ExternalId is not null || Email is { IsValid: true } || Phone is { IsValid: true })
        {
            return null;
        }

        return (Email, Phone) switch
        {
            ({ } email, { } phone) => new FieldError("email", $"{email.Flag}; and {phone.Flag}. Give one that works, or an external id."),
            ({ } email, null) => new FieldError("email", $"{email.Flag}. Give one that works, a phone number, or an external id."),
            (null, { } phone) => new FieldError("phone", $"{phone.Flag}. Give one that works, an e-mail address, or an external id."),
            _ => new FieldError("email", "There is no e-mail, no phone and no external id, so nobody could be reached and nothing deduplicated. Give one of them."),
        };
    }
}

/// <summary>What is wrong with one field of one item.</summary>
public sealed record FieldError(string Field, string Message);
