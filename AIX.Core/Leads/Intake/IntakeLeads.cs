using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads.Intake;

/// <summary>Drafts of one source, to be taken in together.</summary>
/// <param name="SourceId">The import, key or form that they came through.</param>
/// <param name="Alongside">Written in the same transaction, for instance an import's progress.</param>
internal sealed record IntakeBatch(
    TenantId TenantId,
    SourceKind SourceKind,
    Guid? SourceId,
    IReadOnlyList<LeadDraft> Drafts,
    CollisionRules Rules,
    Guid? ImportId = null,
    Func<IUnitOfWork, IReadOnlyList<IntakeItem>, CancellationToken, Task>? Alongside = null);

/// <summary>The one way in: validate, deduplicate, store and enqueue, in one transaction.</summary>
internal sealed class IntakeLeads(IUnitOfWorkFactory works, IIntakeStore store, TimeProvider time)
{
    public async Task<IReadOnlyList<IntakeItem>> ExecuteAsync(IntakeBatch batch, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(batch.TenantId, ct);
        await store.LockAsync(work, ct);
        var matcher = await KnownLeadsAsync(work, batch, ct);
        var now = time.GetUtcNow();

        var items = new IntakeItem[batch.Drafts.Count];
        var touched = new Dictionary<Guid, LeadImage>();
        var merger = new LeadMerger(batch.Rules, batch.SourceId);
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Take(batch.Drafts[i], matcher, merger, touched, now);
        }

        var changed = touched.Values.Where(l => !l.IsNew && l.Changed).ToList();
        var added = touched.Values.Where(l => l.IsNew).ToList();
        if (added.Count + changed.Count > 0)
        {
            await store.SaveAsync(work, new IntakeWrite(added, changed, batch.SourceKind, batch.SourceId, batch.ImportId, now), ct);
        }

        if (batch.Alongside is { } alongside)
        {
            await alongside(work, items, ct);
        }

        await work.CommitAsync(ct);
        return items;
    }

    private async Task<LeadMatcher> KnownLeadsAsync(IUnitOfWork work, IntakeBatch batch, CancellationToken ct)
    {
        var matcher = new LeadMatcher();
        foreach (var lead in await store.LoadMatchesAsync(work, IntakeKeys.Of(batch.Drafts), ct))
        {
            matcher.Add(lead);
        }

        return matcher;
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
