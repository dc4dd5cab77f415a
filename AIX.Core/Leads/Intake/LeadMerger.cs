using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIX.Core.Leads.Intake;

/// <summary>Turns a draft into a new image, or merges it into a known one by the collision rules.</summary>
internal sealed class LeadMerger(CollisionRules rules, Guid? origin)
{
    private const int MaxContactsOfAKind = 5;

    public static LeadImage Create(LeadDraft draft, Guid id, DateTimeOffset now)
    {
        var image = new LeadImage
        {
            Id = id,
            IsNew = true,
            Name = draft.Name,
            Company = draft.Company,
            Domain = draft.Domain,
            Title = draft.Title,
            City = draft.City,
            Country = draft.Country,
            Attributes = draft.Attributes,
            NameHostKey = draft.NameHostKey,
            CreatedAt = draft.CreatedAt ?? now,
            NewOutcome = draft.Outcome,
        };
        AddExternalId(image, draft.ExternalId);
        AddContact(image, ContactKind.Email, draft.Email, draft.EmailKey);
        AddContact(image, ContactKind.Phone, draft.Phone, draft.PhoneKey);
        return image;
    }

    /// <param name="ownsKey">False for a blind index that belongs to another lead: such a contact is left out, because two leads may not share one.</param>
    public void Merge(LeadImage lead, LeadDraft draft, Func<Guid, bool> ownsKey)
    {
        var before = lead.IsNew ? null : ImageSnapshot.Of(lead);
        var changed = false;
        changed |= Set(lead, "name", lead.Name, draft.Name, v => lead.Name = v);
        changed |= Set(lead, "company", lead.Company, draft.Company, v => lead.Company = v);
        changed |= Set(lead, "website", lead.Domain, draft.Domain, v => lead.Domain = v);
        changed |= Set(lead, "title", lead.Title, draft.Title, v => lead.Title = v);
        changed |= Set(lead, "city", lead.City, draft.City, v => lead.City = v);
        changed |= Set(lead, "country", lead.Country, draft.Country, v => lead.Country = v);
        changed |= MergeContact(lead, ContactKind.Email, "email", draft.Email, draft.EmailKey, ownsKey);
        changed |= MergeContact(lead, ContactKind.Phone, "phone", draft.Phone, draft.PhoneKey, ownsKey);
        changed |= MergeAttributes(lead, draft.Attributes);
        changed |= MergeOutcome(lead, draft.Outcome);
        changed |= AddExternalId(lead, draft.ExternalId);
        if (lead.NameHostKey is null && draft.NameHostKey is not null && lead.Name == draft.Name && lead.Domain == draft.Domain)
        {
            lead.NameHostKey = draft.NameHostKey;
            changed = true;
        }

        if (changed)
        {
            lead.Before ??= before;
            lead.Changed = true;
        }
    }

    private bool Set(LeadImage lead, string key, string? stored, string? incoming, Action<string> assign)
    {
        if (incoming is null || incoming == stored || !Wins(key, stored is null))
        {
            return false;
        }

        Supersede(lead, key, stored);
        assign(incoming);
        return true;
    }

    private bool MergeContact(LeadImage lead, ContactKind kind, string key, ContactValue? value, Guid? blindIndex, Func<Guid, bool> ownsKey)
    {
        if (value is not { } contact || rules.For(key) == CollisionRule.Keep || (blindIndex is { } taken && !ownsKey(taken)))
        {
            return false;
        }

        var known = lead.Contacts.FindIndex(c => c.Kind == kind && c.Value == contact.Value);
        var first = lead.Contacts.FindIndex(c => c.Kind == kind);
        if (known >= 0 && (known == first || rules.For(key) != CollisionRule.Overwrite || !contact.IsValid))
        {
            return false;
        }

        var image = known >= 0 ? lead.Contacts[known] : ContactImage.Of(kind, contact, blindIndex);
        if (known >= 0)
        {
            lead.Contacts.RemoveAt(known);
        }

        // A working value goes before a flagged one; otherwise "overwrite" makes it the first and "fill" a further one.
        var goesFirst = contact.IsValid && (first < 0 || lead.Contacts[first].Flag is not null || rules.For(key) == CollisionRule.Overwrite);
        if (goesFirst)
        {
            lead.Contacts.Insert(Math.Max(first, 0), image);
        }
        else if (lead.Contacts.Count(c => c.Kind == kind) < MaxContactsOfAKind && (contact.IsValid || first < 0))
        {
            lead.Contacts.Add(image);
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool MergeAttributes(LeadImage lead, byte[]? incoming)
    {
        if (incoming is null || (lead.Attributes is not null && lead.Attributes.AsSpan().SequenceEqual(incoming)))
        {
            return false;
        }

        var stored = lead.Attributes is null ? [] : JsonNode.Parse(lead.Attributes)!.AsObject();
        var changed = false;
        foreach (var (key, value) in JsonNode.Parse(incoming)!.AsObject().ToArray())
        {
            var current = stored[key];
            if (value is null || JsonNode.DeepEquals(current, value) || !Wins(key, current is null))
            {
                continue;
            }

            Supersede(lead, key, TextOf(current));
            stored[key] = value.DeepClone();
            changed = true;
        }

        if (changed)
        {
            lead.Attributes = JsonSerializer.SerializeToUtf8Bytes(stored, ImageSnapshot.Json);
        }

        return changed;
    }

    private static string? TextOf(JsonNode? value) =>
        value is null ? null : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    private static bool MergeOutcome(LeadImage lead, OutcomeDraft? outcome)
    {
        if (outcome is null)
        {
            return false;
        }

        var latest = lead.NewOutcome?.Result ?? lead.LatestOutcome;
        var at = lead.NewOutcome is null ? lead.LatestOutcomeAt : lead.NewOutcome.OccurredAt;
        if (latest == outcome.Result && (outcome.OccurredAt is null || at == outcome.OccurredAt))
        {
            return false;
        }

        lead.NewOutcome = outcome;
        return true;
    }

    private bool Wins(string key, bool blank) => rules.For(key) switch
    {
        CollisionRule.Overwrite => true,
        CollisionRule.FillIfBlank => blank,
        _ => false,
    };

    private void Supersede(LeadImage lead, string key, string? old)
    {
        if (lead.IsNew)
        {
            return;
        }

        if (old is not null)
        {
            (lead.Superseded ??= []).Add(new SupersededValue(key, old, lead.Origins?.GetValueOrDefault(key)));
        }

        if (origin is { } source)
        {
            (lead.Origins ??= [])[key] = source;
        }
    }

    private static bool AddExternalId(LeadImage lead, string? externalId)
    {
        if (externalId is null || lead.ExternalIds.Contains(externalId))
        {
            return false;
        }

        lead.ExternalIds.Add(externalId);
        lead.NewExternalIds.Add(externalId);
        return true;
    }

    private static void AddContact(LeadImage image, ContactKind kind, ContactValue? value, Guid? key)
    {
        if (value is { } contact)
        {
            image.Contacts.Add(ContactImage.Of(kind, contact, key));
        }
    }
}
