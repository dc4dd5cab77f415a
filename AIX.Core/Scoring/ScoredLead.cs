using AIX.Core.Leads;

namespace AIX.Core.Scoring;

/// <summary>A lead's new score with the snapshot that its ledger is computed from when read.</summary>
public sealed record ScoredLead(Guid LeadId, Guid? ImportId, ScoreResult Score, IReadOnlyList<Feature> Features, string? TopReason, int ModelVersion, int IcpVersion)
{
    /// <summary>Attribute on which sources disagree most; null when none.</summary>
    public string? Conflict { get; init; }

    /// <summary>Probability by the challenger; null when there is none.</summary>
    public double? Challenger { get; init; }
}

/// <summary>A stored snapshot that is to be scored again.</summary>
/// <param name="Snapshot">Run that took it.</param>
/// <param name="Band">Where the lead stands now.</param>
/// <param name="IcpVersion">Profile that its sub-scores were made with.</param>
/// <param name="Features">See <see cref="SnapshotCodec"/>.</param>
public sealed record LeadSnapshot(Guid LeadId, long Snapshot, Band? Band, int IcpVersion, byte[] Features);

/// <summary>A lead's score by another model.</summary>
public sealed record RescoredLead(Guid LeadId, long Snapshot, ScoreResult Score, string? TopReason);
