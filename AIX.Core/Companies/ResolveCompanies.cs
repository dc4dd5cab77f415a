using AIX.Core.Shared;

namespace AIX.Core.Companies;

public interface ICompanyStore
{
    /// <summary>Companies that share a key with one of the mentions, with all their keys; at most ten per key.</summary>
    Task<IReadOnlyList<CompanyCandidate>> CandidatesAsync(IUnitOfWork work, IReadOnlyCollection<(CompanyKeyKind Kind, string Value)> keys, CancellationToken ct);

    /// <summary>Founds new companies, learns new keys of known ones, and writes which lead works where.</summary>
    Task SaveAsync(IUnitOfWork work, IReadOnlyList<CompanyResolution> resolutions, DateTimeOffset now, CancellationToken ct);
}

/// <summary>Finds or founds the company of each lead of a batch.</summary>
public sealed class ResolveCompanies(ICompanyStore store, TimeProvider time)
{
    public async Task<IReadOnlyList<CompanyResolution>> ExecuteAsync(IUnitOfWork work, IReadOnlyList<CompanyMention> mentions, CancellationToken ct)
    {
        var known = mentions.Where(m => m.Keys.Any()).ToList();
        if (known.Count == 0)
        {
            return [];
        }

        var index = new CandidateIndex(await store.CandidatesAsync(work, known.SelectMany(m => m.Keys).ToHashSet(), ct));
        var resolutions = new List<CompanyResolution>(known.Count);

        // A company that one lead founds is a candidate for the next.
        foreach (var mention in known)
        {
            var resolution = Disambiguation.Decide(work.TenantId, mention, index.Of(mention));
            index.Learn(resolution);
            resolutions.Add(resolution);
        }

        await store.SaveAsync(work, resolutions, time.GetUtcNow(), ct);
        return resolutions;
    }

    private sealed class CandidateIndex
    {
        private readonly Dictionary<Guid, CompanyCandidate> _byId = [];
        private readonly Dictionary<(CompanyKeyKind, string), List<Guid>> _byKey = [];

        public CandidateIndex(IReadOnlyList<CompanyCandidate> candidates)
        {
            foreach (var candidate in candidates)
            {
                Add(candidate);
            }
        }

        public IReadOnlyCollection<CompanyCandidate> Of(CompanyMention mention) =>
            [.. mention.Keys.SelectMany(k => _byKey.TryGetValue(k, out var ids) ? ids : []).Distinct().Select(id => _byId[id])];

        public void Learn(CompanyResolution resolution)
        {
            var mention = resolution.Mention;
            if (resolution.IsNew)
            {
                Add(new CompanyCandidate(resolution.CompanyId, mention.Name ?? mention.Domain ?? mention.Keys.First().Value, [.. mention.Keys]));
            }
            else if (resolution.TeachesKeys && _byId.TryGetValue(resolution.CompanyId, out var company))
            {
                Add(company with { Keys = [.. company.Keys.Union(mention.Keys)] });
            }
        }

        private void Add(CompanyCandidate candidate)
        {
            _byId[candidate.Id] = candidate;
            foreach (var key in candidate.Keys)
            {
                if (!_byKey.TryGetValue(key, out var ids))
                {
                    _byKey[key] = ids = [];
                }

                if (!ids.Contains(candidate.Id))
                {
                    ids.Add(candidate.Id);
                }
            }
        }
    }
}
