using System.Collections.Concurrent;
using System.Threading.Channels;
using AIX.Core.Leads;
using AIX.Core.Learning;
using AIX.Core.Profiles;
using AIX.Core.Routing;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Pipeline;

/// <summary>
/// Scores every scored lead of a tenant again with its champion, from the stored snapshots: after a promotion, and after a roll-back. Leads that another model scored are what is left to
/// do, so a run that breaks off goes on where it stopped; a lead that the pipeline scores meanwhile keeps that score.
/// </summary>
public sealed class RescoreLeads(IRescoringStore store, HandOver handOver, TellOfHotLeads tell, IModelRegistry registry, IServingModels models, IProfileStore profiles, ITenantStore tenants, IUnitOfWorkFactory works, TimeProvider time)
{
    /// <summary>Leads of one transaction.</summary>
    public const int Chunk = 4_000;

    /// <summary>Chunks scored and stored at the same time: while PostgreSQL writes one, another is scored.</summary>
    private const int Lanes = 3;

    /// <returns>Leads scored anew.</returns>
    public async Task<int> ExecuteAsync(TenantId tenant, CancellationToken ct)
    {
        // Asked of the registry itself: what this node serves may be a few seconds old, and the run would find nothing to do.
        var version = await VersionAsync(tenant, ct);
        var champion = await models.FindAsync(tenant, version, ct);
        var run = new Run(tenant, champion, champion?.Version ?? PromoteModel.Profile, version, (await tenants.GetAsync(tenant, ct)).Settings);
        run.Total = await store.CountAsync(tenant, run.Version, ct);
        if (run.Total == 0)
        {
            return 0;
        }

        var chunks = Channel.CreateBounded<IReadOnlyList<LeadSnapshot>>(1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var lanes = Enumerable.Range(0, Lanes).Select(_ => Task.Run(() => LaneAsync(run, chunks.Reader, stop), ct)).ToList();
        try
        {
            await ReadAsync(run, chunks.Writer, stop.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // A lane stopped: what it says comes with the lanes.
        }
        finally
        {
            chunks.Writer.TryComplete();
            await Task.WhenAll(lanes);
        }

        // Superseded: the run of the newer champion comes next and does the rest.
        if (!run.IsSuperseded)
        {
            await EndAsync(run, ct);
        }

        return run.Done;
    }

    private async Task<int> VersionAsync(TenantId tenant, CancellationToken ct) => (await registry.AliasAsync(tenant, ModelAlias.Champion, ct))?.Version ?? PromoteModel.Profile;

    private async Task ReadAsync(Run run, ChannelWriter<IReadOnlyList<LeadSnapshot>> writer, CancellationToken ct)
    {
        for (var after = Guid.Empty; ;)
        {
            var chunk = await store.ReadAsync(run.Tenant, run.Version, after, Chunk, ct);
            if (chunk.Count == 0)
            {
                return;
            }

            after = chunk[^1].LeadId;
            await writer.WriteAsync(chunk, ct);
        }
    }

    private async Task LaneAsync(Run run, ChannelReader<IReadOnlyList<LeadSnapshot>> chunks, CancellationTokenSource stop)
    {
        try
        {
            await foreach (var chunk in chunks.ReadAllAsync(stop.Token))
            {
                if (await VersionAsync(run.Tenant, stop.Token) != run.Promoted)
                {
                    run.IsSuperseded = true;
                    await stop.CancelAsync();
                    return;
                }

                await ScoreAsync(run, chunk, stop.Token);
            }
        }
        catch (OperationCanceledException) when (run.IsSuperseded)
        {
            // Another lane saw it first.
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task ScoreAsync(Run run, IReadOnlyList<LeadSnapshot> chunk, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(run.Tenant, ct);
        foreach (var part in chunk.GroupBy(l => l.IcpVersion))
        {
            var icp = await profiles.FindAsync(run.Tenant, part.Key, ct) ?? await profiles.CurrentAsync(run.Tenant, ct);
            LeadSnapshot[] leads = [.. part];
            var scores = ScoreLeads.Again(leads, icp, run.Champion?.Model, time.GetUtcNow());
            var routes = RouteLeads.Execute([.. scores.Select(s => new LeadToRoute(s.LeadId, 0, s.Score.Probability, s.Score.Low, s.Score.High))], run.Settings);
            var moved = new List<RoutedLead>();
            for (var i = 0; i < routes.Length; i++)
            {
                if (routes[i].Band != leads[i].Band)
                {
                    moved.Add(routes[i]);
                }
            }

            var hot = await store.SaveAsync(work, scores, routes, moved, run.Version, part.Key, time.GetUtcNow(), ct);
            run.Add(await handOver.AssignAsync(work, hot, ct));
        }

        work.Raise(new RescoringProgressed(run.Tenant, run.Version, run.Count(chunk.Count), run.Total));
        await work.CommitAsync(ct);
    }

    private async Task EndAsync(Run run, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(run.Tenant, ct);
        var now = time.GetUtcNow();
        var hot = await store.RouteReviewAsync(work, await MostValuableAsync(work, run, ct), run.Settings, run.Settings.DayOf(now), now, ct);
        run.Add(await handOver.AssignAsync(work, hot, ct));
        await tell.ExecuteAsync(work, run.Hot, ct);
        work.Raise(new RescoringProgressed(run.Tenant, run.Version, run.Total, run.Total));
        work.Raise(new LeadsChanged(run.Tenant, 0));
        await work.CommitAsync(ct);
    }

    /// <summary>The decisions worth a person's day, of all uncertain leads: also of those that a run before this one scored and did not come to route.</summary>
    private async Task<IReadOnlyList<RoutedLead>> MostValuableAsync(IUnitOfWork work, Run run, CancellationToken ct)
    {
        var best = new PriorityQueue<RoutedLead, double>();
        await foreach (var chunk in store.UncertainAsync(work, ct))
        {
            foreach (var lead in RouteLeads.Execute(chunk, run.Settings).Where(r => r.Waits))
            {
                best.Enqueue(lead, lead.DecisionValue);
                if (best.Count > run.Settings.ReviewDailyCap)
                {
                    best.Dequeue();
                }
            }
        }

        return [.. best.UnorderedItems.Select(i => i.Element)];
    }

    /// <summary>What the lanes share.</summary>
    /// <param name="version">What the scores are signed with: the profile's number where the promoted model's file cannot be read.</param>
    /// <param name="promoted">What the alias pointed to when the run began.</param>
    private sealed class Run(TenantId tenant, ServedModel? champion, int version, int promoted, TenantSettings settings)
    {
        private readonly ConcurrentQueue<HotLead> _hot = new();
        private int _done;

        /// <summary>Leads that became hot so far: their owners hear of all of them at once.</summary>
        public IReadOnlyList<HotLead> Hot => [.. _hot];

        public TenantId Tenant => tenant;

        public ServedModel? Champion => champion;

        public TenantSettings Settings => settings;

        public int Version => version;

        public int Promoted => promoted;

        public volatile bool IsSuperseded;

        public int Total { get; set; }

        public int Done => _done;

        public void Add(IReadOnlyList<HotLead> leads)
        {
            foreach (var lead in leads)
            {
                _hot.Enqueue(lead);
            }
        }

        public int Count(int leads) => Interlocked.Add(ref _done, leads);
    }
}
