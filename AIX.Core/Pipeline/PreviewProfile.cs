using AIX.Core.Leads;
using AIX.Core.Profiles;
using AIX.Core.Routing;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Pipeline;

/// <summary>A lead as two profiles see it.</summary>
public sealed record ProfileMove(Guid LeadId, string? Name, double Before, double After, Band From, Band To);

/// <summary>What a profile would do to the tenant's own leads.</summary>
/// <param name="Looked">Leads that it was tried on, of all <paramref name="Leads"/>.</param>
/// <param name="Before">Leads per tenth of the score with the profile in production, 0–0.1 first.</param>
/// <param name="After">The same with the profile tried.</param>
/// <param name="Changing">Leads that change band, of those looked at.</param>
/// <param name="Moves">The twenty whose score changes most among them.</param>
public sealed record ProfilePreview(int Leads, int Looked, IReadOnlyList<int> Before, IReadOnlyList<int> After, int Changing, IReadOnlyList<ProfileMove> Moves);

/// <summary>Matches and scores a sample of the leads with another profile, without storing anything.</summary>
internal sealed class PreviewProfile(IUnitOfWorkFactory works, IPipelineStore store, IRescoringStore rescoring, IServingModels models, IProfileStore profiles, ITenantStore tenants, TimeProvider time) : IPreviewProfile
{
    private const int Sample = 1_500;

    private const int Shown = 20;

    public async Task<Result<ProfilePreview>> ExecuteAsync(TenantId tenant, IdealCustomerProfile profile, CancellationToken ct)
    {
        if (ProfileCheck.Of(profile) is { } error)
        {
            return error;
        }

        var (sample, all) = await rescoring.SampleAsync(tenant, Sample, ct);
        var settings = (await tenants.GetAsync(tenant, ct)).Settings;
        var (current, champion, now) = (await profiles.CurrentAsync(tenant, ct), await models.ChampionAsync(tenant, ct), time.GetUtcNow());
        await using var work = await works.BeginAsync(tenant, ct);
        var leads = await store.LoadForScoringAsync(work, [.. sample.Select(s => s.LeadId)], now, ct);
        return await Task.Run(() => Compare(leads, all, current, profile, champion, settings, now), ct);
    }

    private static ProfilePreview Compare(IReadOnlyList<LeadForScoring> leads, int all, IdealCustomerProfile current, IdealCustomerProfile tried, ServedModel? champion, TenantSettings settings, DateTimeOffset now)
    {
        var (before, after) = (ScoreLeads.Execute(leads, current, champion, now), ScoreLeads.Execute(leads, tried, champion, now));
        var (histogramBefore, histogramAfter, moves) = (new int[10], new int[10], new List<ProfileMove>());
        for (var i = 0; i < before.Length; i++)
        {
            var (a, b) = (before[i].Score.Probability, after[i].Score.Probability);
            histogramBefore[Tenth(a)]++;
            histogramAfter[Tenth(b)]++;
            if (RouteLeads.BandOf(a, settings) is var from && RouteLeads.BandOf(b, settings) is var to && from != to)
            {
                moves.Add(new ProfileMove(before[i].LeadId, leads[i].Name ?? leads[i].Company ?? leads[i].Email, a, b, from, to));
            }
        }

        return new ProfilePreview(all, leads.Count, histogramBefore, histogramAfter, moves.Count, [.. moves.OrderByDescending(m => Math.Abs(m.After - m.Before)).ThenBy(m => m.LeadId).Take(Shown)]);
    }

    private static int Tenth(double p) => Math.Min(9, (int)(10 * p));
}

public interface IPreviewProfile
{
    /// <summary>Refuses a profile that breaks a rule.</summary>
    Task<Result<ProfilePreview>> ExecuteAsync(TenantId tenant, IdealCustomerProfile profile, CancellationToken ct);
}
