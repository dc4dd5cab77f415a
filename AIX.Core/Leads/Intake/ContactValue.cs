namespace AIX.Core.Leads.Intake;

/// <summary>A normalised contact, or the raw text with the reason why it cannot be used.</summary>
/// <param name="Value">Normalised when <paramref name="Flag"/> is null, else as it came in.</param>
internal readonly record struct ContactValue(string Value, PhoneLine Line = PhoneLine.Unknown, string? Flag = null)
{
    public bool IsValid => Flag is null;
}
