using AIX.Core.Leads;
using AIX.Core.Tenancy;

namespace AIX.Core.Scoring;

/// <summary>One scoring of a lead; append-only. The newest is repeated in the <see cref="LeadStanding"/>.</summary>
public sealed class LeadScore : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    /// <summary>The pipeline run that made it, or a number of the same sequence for a re-scoring: unique, so that a run scores once.</summary>
    public required long RunId { get; init; }

    public required Guid LeadId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required double Probability { get; init; }

    public required double Low { get; init; }

    public required double High { get; init; }

    /// <summary>Set when the lead was routed by this score.</summary>
    public Band? Band { get; init; }

    public required int ModelVersion { get; init; }

    public required int IcpVersion { get; init; }

    /// <summary>Run of the <see cref="FeatureSnapshot"/> that the ledger is computed from.</summary>
    public required long Snapshot { get; init; }
}
