using AIX.Core.Leads.Intake;

namespace AIX.Core.Leads;

public enum IntakeStatus
{
    /// <summary>A new lead.</summary>
    Accepted,

    /// <summary>A known lead; its values were merged by the collision rules.</summary>
    Duplicate,

    /// <summary>Not stored; the errors say why.</summary>
    Rejected,
}

/// <summary>What became of one incoming item.</summary>
/// <param name="Index">Position in the request, or row number of the file.</param>
/// <param name="Errors">Why it was rejected, or which values were flagged.</param>
public sealed record IntakeItem(int Index, IntakeStatus Status, Guid? LeadId, IReadOnlyList<FieldError> Errors);
