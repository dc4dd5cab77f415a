namespace AIX.Core.Leads;

/// <summary>What undoing an import did.</summary>
/// <param name="Removed">Leads that the import had added.</param>
/// <param name="Restored">Known leads set back to their values before.</param>
/// <param name="Kept">Leads left as they are because somebody changed them since.</param>
public sealed record UndoSummary(int Removed, int Restored, int Kept);
