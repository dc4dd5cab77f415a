using AIX.Core.Companies;
using AIX.Core.Enrichment;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Pipeline;

/// <summary>The stage Enrich: companies, outside sources, offline sources, directory, and what their agreement says of them.</summary>
internal sealed class EnrichLeads(IUnitOfWorkFactory works, IPipelineStore store, IDirectoryStore directory, ResolveCompanies companies, EnrichFromSources sources, TimeProvider time)
{
    /// <summary>Finds the companies, in a transaction of its own, and asks about them.</summary>
    public async Task<AskedLeads> AskAsync(TenantId tenant, Guid[] leads, CancellationToken ct)
    {
        IReadOnlyList<LeadForEnrichment> loaded;
        await using (var work = await works.BeginAsync(tenant, ct))
        {
            loaded = await store.LoadForEnrichmentAsync(work, leads, ct);
            await companies.ExecuteAsync(work, [.. loaded.Select(l => Mentions.Of(l, time.GetUtcNow().Year))], ct);
            await work.CommitAsync(ct);
        }

        return new AskedLeads(loaded, await sources.ExecuteAsync(tenant, leads, ct));
    }

    /// <summary>Adds what the offline sources and the tenant's directory say, and learns from what agrees.</summary>
    public async Task ExecuteAsync(IUnitOfWork work, AskedLeads asked, CancellationToken ct)
    {
        var (now, loaded) = (time.GetUtcNow(), asked.Leads);
        var (domains, names) = DirectorySource.KeysOf(loaded);
        var companies = domains.Count + names.Count == 0 ? [] : await directory.FindAsync(work, domains, names, ct);
        var found = loaded.SelectMany(l => OfflineSources.Of(l, now.Year)).Concat(DirectorySource.Of(loaded, companies)).ToList();
        var added = (await store.AddFactsAsync(work, found, now, ct)).Concat(asked.News).Where(a => !OfflineSources.HasNoRival(a.Attribute)).ToList();
        if (added.Count == 0)
        {
            return;
        }

        // Each new fact is a word for or against those who spoke of the same before.
        var said = added.ToLookup(a => a.Lead, a => a.Attribute);
        var known = await store.LoadForScoringAsync(work, [.. said.Select(n => n.Key)], now, ct);
        await store.LearnReliabilityAsync(work, LearnReliability.Of(known.SelectMany(l => said[l.Id].Distinct().Select(a => (a, l.ClaimsOf(a)))), now), ct);
    }
}

/// <summary>Leads about whose companies the sources were asked.</summary>
/// <param name="News">A lead of each company that something new is known of, and the attribute.</param>
internal sealed record AskedLeads(IReadOnlyList<LeadForEnrichment> Leads, IReadOnlyList<(Guid Lead, string Attribute)> News);
