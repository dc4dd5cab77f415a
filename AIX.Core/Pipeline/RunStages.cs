using AIX.Core.Leads;
using AIX.Core.Profiles;
using AIX.Core.Routing;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Pipeline;

/// <summary>Takes a claimed batch through the stages that are left, each in its own transaction together with the run's next stage, under one lease.
/// A crash repeats at most the stage that had not been committed.</summary>
internal sealed class RunStages(IUnitOfWorkFactory works, IPipelineQueue queue, IPipelineStore store, EnrichLeads enrich, ITenantStore tenants, IProfileStore profiles, IServingModels models, SimilarLeads similar, IRoutingStore routing, ApplyRules rules, TellOfHotLeads tell, PipelineOptions options, TimeProvider time)
{
    public async Task ExecuteAsync(ClaimedBatch batch, CancellationToken ct)
    {
        for (Stage? stage = batch.Stage; stage is { } current; stage = Next(current))
        {
            try
            {
                // Sources are asked before the stage's transaction begins: none is open during a call to the outside.
                var asked = current == Stage.Enrich ? await enrich.AskAsync(batch.TenantId, LeadsOf(batch), ct) : null;
                var prepared = current == Stage.Score ? await PrepareScoresAsync(batch, ct) : null;
                await using var work = await works.BeginAsync(batch.TenantId, ct);
                await RunAsync(work, batch, current, asked, prepared, ct);
                await queue.AdvanceAsync(work, batch, Next(current), time.GetUtcNow().AddSeconds(options.LeaseSeconds), ct);
                await work.CommitAsync(ct);
            }
            catch (Exception ex) when (ex is not (OperationCanceledException or LeaseLostException))
            {
                throw new StageFailedException(batch, ex);
            }

            batch = batch with { Stage = Next(current) ?? current };
        }
    }

    /// <summary>The stage after, or null after the last.</summary>
    public static Stage? Next(Stage stage) => stage == Stage.Sync ? null : stage + 1;

    private Task RunAsync(IUnitOfWork work, ClaimedBatch batch, Stage stage, AskedLeads? asked, PreparedScores? prepared, CancellationToken ct)
    {
        var leads = LeadsOf(batch);
        return stage switch
        {
            Stage.Validate => store.IndexAsync(work, leads, ct),
            Stage.Enrich => EnrichAsync(work, asked!, leads, ct),
            Stage.Score => ScoreAsync(work, batch, prepared!, ct),
            Stage.Route => RouteAsync(work, batch, ct),

            // Connectors of CRMs hang in here; without one there is nothing to push, and the run ends.
            Stage.Sync => Task.CompletedTask,
            _ => throw new InvalidOperationException($"Unknown stage {stage}."),
        };
    }

    private async Task EnrichAsync(IUnitOfWork work, AskedLeads asked, Guid[] leads, CancellationToken ct)
    {
        await enrich.ExecuteAsync(work, asked, ct);
        await store.EnrichedAsync(work, leads, ct);
    }

    private static Guid[] LeadsOf(ClaimedBatch batch) => batch.Runs.Select(r => r.LeadId).Distinct().ToArray();

    /// <summary>Reads, embeds and scores before the stage's transaction: embeddings may come from outside.</summary>
    private async Task<PreparedScores> PrepareScoresAsync(ClaimedBatch batch, CancellationToken ct)
    {
        IReadOnlyList<LeadForScoring> leads;
        await using (var work = await works.BeginAsync(batch.TenantId, ct))
        {
            leads = await store.LoadForScoringAsync(work, LeadsOf(batch), time.GetUtcNow(), ct);
        }

        var vectors = await similar.EmbedAsync(leads, ct);
        var likeWon = await similar.LikeWonAsync(batch.TenantId, [.. leads.Select((l, i) => (l.Id, vectors[i]))], ct);
        var icp = await profiles.CurrentAsync(batch.TenantId, ct);
        var champion = await models.ChampionAsync(batch.TenantId, ct);
        return new PreparedScores(ScoreLeads.Execute(leads, icp, champion, time.GetUtcNow(), likeWon, await models.ChallengerAsync(batch.TenantId, ct)), [.. leads.Select((l, i) => (l.Id, Vector: vectors[i])).Where(v => v.Vector is not null).Select(v => (v.Id, v.Vector!))]);
    }

    private async Task ScoreAsync(IUnitOfWork work, ClaimedBatch batch, PreparedScores prepared, CancellationToken ct)
    {
        var scored = prepared.Scores;

        // Two runs of one lead in one batch: the later run stands for both.
        var runs = new Dictionary<Guid, long>();
        foreach (var run in batch.Runs)
        {
            runs[run.LeadId] = run.Id;
        }

        await store.SaveScoresAsync(work, scored, runs, (await tenants.GetAsync(batch.TenantId, ct)).Settings, time.GetUtcNow(), ct);
        await similar.SaveAsync(work, prepared.Vectors, ct);
        work.Raise(new LeadsScored(batch.TenantId, [.. scored.Select(s => s.LeadId)]));
    }

    private async Task RouteAsync(IUnitOfWork work, ClaimedBatch batch, CancellationToken ct)
    {
        var settings = (await tenants.GetAsync(batch.TenantId, ct)).Settings;
        var now = time.GetUtcNow();
        var ruleSet = await routing.RulesAsync(batch.TenantId, ct);
        var leads = await store.LoadForRoutingAsync(work, batch.Runs, ruleSet.Count > 0, ct);
        var routes = RouteLeads.Execute(leads, settings);
        var ruled = await rules.ExecuteAsync(work, leads, routes, ruleSet, ct);
        await tell.ExecuteAsync(work, await store.SaveRoutesAsync(work, routes, ruled, settings, now, ct), ct);
        work.Raise(new LeadsRouted(batch.TenantId, [.. routes.Select(r => r.LeadId)]));
    }
}

/// <summary>Scores that wait to be stored, and the leads' embeddings.</summary>
internal sealed record PreparedScores(ScoredLead[] Scores, IReadOnlyList<(Guid Lead, float[] Vector)> Vectors);

/// <summary>A stage failed and was rolled back; the stages before it stay committed.</summary>
/// <param name="batch">The runs, at the stage that failed.</param>
internal sealed class StageFailedException(ClaimedBatch batch, Exception inner) : Exception($"Stage {batch.Stage} failed: {inner.Message}", inner)
{
    public ClaimedBatch Batch { get; } = batch;
}
