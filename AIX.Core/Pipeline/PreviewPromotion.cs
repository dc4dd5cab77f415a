using AIX.Core.Leads;
using AIX.Core.Learning;
using AIX.Core.Profiles;
using AIX.Core.Routing;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Pipeline;

/// <summary>What a promotion would do to the tenant's leads.</summary>
/// <param name="Leads">Scored leads in all.</param>
/// <param name="Looked">Leads that the model was tried on; fewer than all where there are many.</param>
/// <param name="Moves">From band, to band, how many of the leads looked at; only those that change.</param>
public sealed record PromotionPreview(int Leads, int Looked, IReadOnlyList<BandMove> Moves)
{
    /// <summary>Leads that change band, scaled to all.</summary>
    public int Changing => Scaled(Moves.Sum(m => m.Leads));

    public bool IsEstimate => Looked < Leads;

    public int Scaled(int looked) => Looked == 0 ? 0 : (int)Math.Round((double)looked * Leads / Looked);
}

public sealed record BandMove(Band From, Band To, int Leads);

/// <summary>Tries a model on a sample of the leads, without storing anything.</summary>
public sealed class PreviewPromotion(IRescoringStore store, IServingModels models, IProfileStore profiles, ITenantStore tenants, TimeProvider time)
{
    private const int Sample = 10_000;

    public async Task<Result<PromotionPreview>> ExecuteAsync(TenantId tenant, int version, CancellationToken ct)
    {
        var model = await models.FindAsync(tenant, version, ct);
        if (model is null && version != PromoteModel.Profile)
        {
            return new Error(ErrorKind.NotFound, "unknown-model", $"There is no model {version}, or another version of the program wrote it.");
        }

        var settings = (await tenants.GetAsync(tenant, ct)).Settings;
        var (leads, all) = await store.SampleAsync(tenant, Sample, ct);
        var moves = new Dictionary<(Band, Band), int>();
        foreach (var part in leads.GroupBy(l => l.IcpVersion))
        {
            var icp = await profiles.FindAsync(tenant, part.Key, ct) ?? await profiles.CurrentAsync(tenant, ct);
            LeadSnapshot[] known = [.. part];
            var scores = ScoreLeads.Again(known, icp, model?.Model, time.GetUtcNow());
            for (var i = 0; i < scores.Length; i++)
            {
                if (known[i].Band is { } from && RouteLeads.BandOf(scores[i].Score.Probability, settings) is var to && to != from)
                {
                    moves[(from, to)] = moves.GetValueOrDefault((from, to)) + 1;
                }
            }
        }

        return new PromotionPreview(all, leads.Count, [.. moves.OrderByDescending(m => m.Value).Select(m => new BandMove(m.Key.Item1, m.Key.Item2, m.Value))]);
    }
}
