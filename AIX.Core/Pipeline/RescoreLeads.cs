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
public sealed class RescoreLeads(IRescoringStore store, IServingModels models, IProfileStore profiles, ITenantStore tenants, IUnitOfWorkFactory works, TimeProvider time)
{
    /// <summary>Leads of one transaction.</summary>
    public const int Chunk = 4_000;

    /// <summary>Chunks scored and stored at the same time: while PostgreSQL writes one, another is scored.</summary>
    private const int Lanes = 3;

    /// <returns>Leads scored anew.</returns>
    public async Task<int> ExecuteAsync(TenantId tenant, CancellationToken ct)
    {
        var run = new Run(tenant, await models.ChampionAsync(tenant, ct), (await tenants.GetAsync(tenant, ct)).Settings);
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

        await EndAsync(run, ct);
        return run.Done;
    }

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
                if ((await models.ChampionAsync(run.Tenant, stop.Token))?.Version != run.Champion?.Version)
                {
                    // Another promotion has its own run, which comes next.
                    await stop.CancelAsync();
                    return;
                }

                await ScoreAsync(run, chunk, stop.Token);
            }
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

            await store.SaveAsync(work, scores, routes, moved, run.Version, part.Key, time.GetUtcNow(), ct);
            run.Remember(routes);
        }

        work.Raise(new RescoringProgressed(run.Tenant, run.Version, run.Count(chunk.Count), run.Total));
        await work.CommitAsync(ct);
    }

    private async Task EndAsync(Run run, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(run.Tenant, ct);
        var now = time.GetUtcNow();
        await store.RouteReviewAsync(work, run.Uncertain, run.Settings, run.Settings.DayOf(now), now, ct);
        work.Raise(new RescoringProgressed(run.Tenant, run.Version, run.Total, run.Total));
        work.Raise(new LeadsChanged(run.Tenant, 0));
        await work.CommitAsync(ct);
    }

    /// <summary>What the lanes share.</summary>
    private sealed class Run(TenantId tenant, ServedModel? champion, TenantSettings settings)
    {
        private readonly Lock _gate = new();
        private List<RoutedLead> _uncertain = [];
        private int _done;

        public TenantId Tenant => tenant;

        public ServedModel? Champion => champion;

        public TenantSettings Settings => settings;

        public int Version => champion?.Version ?? PromoteModel.Profile;

        public int Total { get; set; }

        public int Done => _done;

        /// <summary>The most valuable decisions, at most a day's worth.</summary>
        public IReadOnlyList<RoutedLead> Uncertain => Best(_uncertain);

        public int Count(int leads) => Interlocked.Add(ref _done, leads);

        public void Remember(IReadOnlyList<RoutedLead> routes)
        {
            lock (_gate)
            {
                _uncertain.AddRange(routes.Where(r => r.Uncertain));
                if (_uncertain.Count > 4 * settings.ReviewDailyCap + Chunk)
                {
                    _uncertain = Best(_uncertain);
                }
            }
        }

        private List<RoutedLead> Best(List<RoutedLead> leads) => [.. leads.OrderByDescending(r => r.DecisionValue).Take(settings.ReviewDailyCap)];
    }
}
