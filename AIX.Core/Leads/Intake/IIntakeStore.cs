using AIX.Core.Shared;

namespace AIX.Core.Leads.Intake;

/// <summary>Keys by which stored leads may match a batch of drafts.</summary>
internal sealed record IntakeKeys(Guid[] Contacts, Guid[] NameHosts, string[] ExternalIds)
{
    public static IntakeKeys Of(IReadOnlyList<LeadDraft> drafts)
    {
        var contacts = new List<Guid>(drafts.Count * 2);
        var nameHosts = new List<Guid>(drafts.Count);
        var externalIds = new List<string>();
        foreach (var draft in drafts)
        {
            Add(contacts, draft.EmailKey);
            Add(contacts, draft.PhoneKey);
            Add(nameHosts, draft.NameHostKey);
            if (draft.ExternalId is { } id)
            {
                externalIds.Add(id);
            }
        }

        return new IntakeKeys([.. contacts], [.. nameHosts], [.. externalIds]);
    }

    private static void Add(List<Guid> keys, Guid? key)
    {
        if (key is { } value)
        {
            keys.Add(value);
        }
    }
}

/// <summary>What an intake writes, as sets.</summary>
/// <param name="Added">New leads.</param>
/// <param name="Changed">Known leads whose values changed.</param>
internal sealed record IntakeWrite(IReadOnlyList<LeadImage> Added, IReadOnlyList<LeadImage> Changed, SourceKind SourceKind, Guid? SourceId, Guid? ImportId, DateTimeOffset Now);

internal interface IIntakeStore
{
    /// <summary>Takes the tenant's intake lock until the transaction ends, so that two intakes cannot add one person twice.</summary>
    /// <param name="shared">Together with other chunks of the same import.</param>
    Task LockAsync(IUnitOfWork work, bool shared, CancellationToken ct);

    Task<IReadOnlyList<LeadImage>> LoadMatchesAsync(IUnitOfWork work, IntakeKeys keys, CancellationToken ct);

    /// <summary>Stores leads that are expected to be new, without looking them up first: the unique blind index tells.</summary>
    /// <returns>False, with nothing written, when one of them is known.</returns>
    Task<bool> TryAddNewAsync(IUnitOfWork work, IntakeWrite write, IntakeKeys keys, CancellationToken ct);

    /// <summary>Stores leads, contact points, references, outcomes, before-images and superseded facts, and enqueues a pipeline run for each lead.</summary>
    Task SaveAsync(IUnitOfWork work, IntakeWrite write, CancellationToken ct);
}
