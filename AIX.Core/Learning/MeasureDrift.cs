using AIX.Core.Scoring;
using AIX.Core.Tenancy;

namespace AIX.Core.Learning;

/// <summary>Drift of the leads since a model was trained.</summary>
/// <param name="Leads">Recent leads counted.</param>
/// <param name="Features">Most moved first.</param>
public sealed record DriftReport(int Leads, IReadOnlyList<FeatureDrift> Features)
{
    /// <summary>PSI from which on a feature has moved enough to look at.</summary>
    public const double Alarm = 0.25;

    public IEnumerable<FeatureDrift> Alarms => Features.Where(f => f.Psi > Alarm);
}

/// <summary>Compares the leads scored since a model was trained with those that it learned from.</summary>
public sealed class MeasureDrift(IServingModels models, ITrainingSets sets)
{
    private const int MaxLeads = 5_000;

    /// <summary>Fewer leads say nothing.</summary>
    private const int MinLeads = 100;

    /// <returns>Null when there is no such model, or too few leads since.</returns>
    public async Task<DriftReport?> ExecuteAsync(TenantId tenant, int version, DateTimeOffset trainedAt, CancellationToken ct)
    {
        if (await models.FindAsync(tenant, version, ct) is not { } served)
        {
            return null;
        }

        var recent = await sets.RecentAsync(tenant, trainedAt, MaxLeads, ct);
        if (recent.Count < MinLeads)
        {
            return null;
        }

        var table = FeatureTable.Of([.. recent.Select(r => r.Features)], [.. recent.Select(r => (r.At - DateTimeOffset.UnixEpoch).TotalDays)]);
        return new DriftReport(recent.Count, [.. served.Model.DriftOf(table).OrderByDescending(d => d.Psi)]);
    }
}
