namespace AIX.Core.Leads.Intake;

/// <summary>Finds the lead that a draft means: by external id, e-mail, phone, then name and company host — the last only where
/// neither record has a differing e-mail or phone.</summary>
internal sealed class LeadMatcher
{
    private readonly Dictionary<string, LeadImage> _byExternalId = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, LeadImage> _byKey = [];
    private readonly Dictionary<Guid, List<LeadImage>> _byNameHost = [];

    public void Add(LeadImage lead)
    {
        foreach (var id in lead.ExternalIds)
        {
            _byExternalId.TryAdd(id, lead);
        }

        foreach (var contact in lead.Contacts)
        {
            if (contact.Key is { } key)
            {
                _byKey.TryAdd(key, lead);
            }
        }

        if (lead.NameHostKey is { } nameHost)
        {
            if (!_byNameHost.TryGetValue(nameHost, out var leads))
            {
                _byNameHost[nameHost] = leads = [];
            }

            if (!leads.Contains(lead))
            {
                leads.Add(lead);
            }
        }
    }

    public LeadImage? Find(LeadDraft draft)
    {
        if (draft.ExternalId is { } id && _byExternalId.TryGetValue(id, out var byId))
        {
            return byId;
        }

        if (draft.EmailKey is { } email && _byKey.TryGetValue(email, out var byEmail))
        {
            return byEmail;
        }

        if (draft.PhoneKey is { } phone && _byKey.TryGetValue(phone, out var byPhone))
        {
            return byPhone;
        }

        return draft.NameHostKey is { } nameHost && _byNameHost.TryGetValue(nameHost, out var sameName)
            ? sameName.Find(lead => !Differs(lead, ContactKind.Email, draft.EmailKey) && !Differs(lead, ContactKind.Phone, draft.PhoneKey))
            : null;
    }

    /// <summary>False when another lead holds this blind index.</summary>
    public bool Owns(LeadImage lead, Guid key) => !_byKey.TryGetValue(key, out var owner) || owner == lead;

    private static bool Differs(LeadImage lead, ContactKind kind, Guid? key) =>
        key is { } incoming && lead.Contacts.Exists(c => c.Kind == kind && c.Key is not null) && !lead.Contacts.Exists(c => c.Key == incoming);
}
