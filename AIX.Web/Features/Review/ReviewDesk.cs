using AIX.Core.Review;
using AIX.Core.Scoring;
using AIX.Core.Tenancy;

namespace AIX.Web.Features.Review;

/// <summary>The leads that one open page has leased: the one on screen and the next ones, fetched before they are asked for, and what was decided here and must not come again by itself.</summary>
internal sealed class ReviewDesk(IReviewStore store, ILeadDetailQueries details, TenantId tenant, Reviewer reviewer)
{
    /// <summary>Leads that are leased at once.</summary>
    private const int AtHand = 4;

    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Guid, Task<LeadDetail?>> _fetched = [];
    private readonly List<ReviewRow> _mine = [];
    private readonly HashSet<Guid> _decided = [];

    public bool IsDecided(Guid lead) => _decided.Contains(lead);

    /// <summary>Leases what is missing to have the next leads at hand.</summary>
    public async Task RefillAsync()
    {
        var rows = await store.ClaimAsync(tenant, reviewer, AtHand, Lease, _decided, CancellationToken.None);
        _mine.Clear();
        _mine.AddRange(rows);
        foreach (var gone in _fetched.Keys.Where(k => rows.All(r => r.LeadId != k)).ToList())
        {
            _fetched.Remove(gone);
        }
    }

    /// <summary>Fetches the leads that come next, one after the other, behind the one on screen.</summary>
    public async Task PrefetchAsync()
    {
        foreach (var row in _mine.ToList())
        {
            await FetchAsync(row.LeadId);
        }
    }

    /// <returns>The next that is leased and not decided on; null when there is none.</returns>
    public async Task<OpenLead?> NextAsync()
    {
        while (_mine.FirstOrDefault(r => !_decided.Contains(r.LeadId)) is { } next)
        {
            if (await FetchAsync(next.LeadId) is { } detail)
            {
                return new OpenLead(next, detail);
            }

            _mine.Remove(next);
        }

        return null;
    }

    public Task<LeadDetail?> FetchAsync(Guid lead) => _fetched.TryGetValue(lead, out var fetched) ? fetched : _fetched[lead] = details.GetAsync(lead, CancellationToken.None);

    /// <summary>Reads it anew when it is asked for again.</summary>
    public void Forget(Guid lead) => _fetched.Remove(lead);

    /// <summary>A lead that was taken by name: it comes first.</summary>
    public void Put(ReviewRow row)
    {
        _decided.Remove(row.LeadId);
        if (_mine.All(m => m.LeadId != row.LeadId))
        {
            _mine.Insert(0, row);
        }
    }

    public void Decided(Guid lead)
    {
        _decided.Add(lead);
        _mine.RemoveAll(m => m.LeadId == lead);
    }

    /// <summary>It may come again: postponed, refused, or undone.</summary>
    public void MayReturn(Guid lead) => _decided.Remove(lead);

    /// <summary>Keeps the leases.</summary>
    /// <returns>What is still held; null when nothing was.</returns>
    public async Task<IReadOnlySet<Guid>?> KeepAsync()
    {
        if (_mine.Count == 0)
        {
            return null;
        }

        var kept = (await store.HeartbeatAsync(tenant, reviewer.UserId, [.. _mine.Select(m => m.LeadId)], Lease, CancellationToken.None)).ToHashSet();
        _mine.RemoveAll(m => !kept.Contains(m.LeadId));
        return kept;
    }

    /// <summary>Only what this page holds: the same person may have the queue open in another tab.</summary>
    public async Task ReleaseAsync()
    {
        await store.ReleaseAsync(tenant, reviewer.UserId, [.. _mine.Select(m => m.LeadId)], CancellationToken.None);
        _mine.Clear();
    }
}
