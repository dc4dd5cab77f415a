namespace AIX.Core.Scoring;

/// <summary>A lead's new score with the snapshot that its ledger is computed from when read.</summary>
public sealed record ScoredLead(Guid LeadId, Guid? ImportId, ScoreResult Score, IReadOnlyList<Feature> Features, string? TopReason, int ModelVersion, int IcpVersion);
