namespace AIX.Core.Leads.Intake;

/// <summary>A batch of drafts, each decided: new, duplicate or refused.</summary>
internal sealed record IntakeResolution(IReadOnlyList<IntakeItem> Items, IReadOnlyList<LeadImage> Added, IReadOnlyList<LeadImage> Changed);

/// <summary>Decides drafts against known leads and against each other.</summary>
internal static class IntakeResolver
{
    public static IntakeResolution Resolve(IReadOnlyList<LeadDraft> drafts, IReadOnlyList<LeadImage> known, CollisionRules rules, Guid? origin, DateTimeOffset now)
    {
        var matcher = new LeadMatcher();
        foreach (var lead in known)
        {
            matcher.Add(lead);
        }

        var items = new IntakeItem[drafts.Count];
        var touched = new Dictionary<Guid, LeadImage>(drafts.Count);
        var merger = new LeadMerger(rules, origin);
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Take(drafts[i], matcher, merger, touched, now);
        }

        return new IntakeResolution(items, [.. touched.Values.Where(l => l.IsNew)], [.. touched.Values.Where(l => !l.IsNew && l.Changed)]);
    }

    private static IntakeItem Take(LeadDraft draft, LeadMatcher matcher, LeadMerger merger, Dictionary<Guid, LeadImage> touched, DateTimeOffset now)
    {
        if (draft.Refusal() is { } refusal)
        {
            return new IntakeItem(draft.Index, IntakeStatus.Rejected, null, [refusal]);
        }

        var status = IntakeStatus.Duplicate;
        if (matcher.Find(draft) is { } lead)
        {
            merger.Merge(lead, draft, key => matcher.Owns(lead, key));
        }
        else
        {
            lead = LeadMerger.Create(draft, Guid.CreateVersion7(now), now);
            lead.Contacts.RemoveAll(c => c.Key is { } key && !matcher.Owns(lead, key));
            status = IntakeStatus.Accepted;
        }

        matcher.Add(lead);
        touched.TryAdd(lead.Id, lead);
        return new IntakeItem(draft.Index, status, lead.Id, Flags(draft));
    }

    private static FieldError[] Flags(LeadDraft draft) => (draft.Email?.Flag, draft.Phone?.Flag) switch
    {
        (null, null) => [],
        ({ } email, null) => [new FieldError("email", email)],
        (null, { } phone) => [new FieldError("phone", phone)],
        var (email, phone) => [new FieldError("email", email!), new FieldError("phone", phone!)],
    };
}
