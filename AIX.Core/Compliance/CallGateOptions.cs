using System.ComponentModel.DataAnnotations;

namespace AIX.Core.Compliance;

/// <summary>Limits of calling. They may be tightened within the law's own bounds, never loosened beyond them.</summary>
public sealed class CallGateOptions
{
    public const string Section = "CallGate";

    /// <summary>First hour of calling where the phone rings, 9 to 20.</summary>
    [Range(9, 20)]
    public int OpenHour { get; init; } = 10;

    /// <summary>Hour at which calling ends, 10 to 21; a call begins so much earlier that it does not ring after it.</summary>
    [Range(10, 21)]
    public int CloseHour { get; init; } = 21;

    /// <summary>Attempts per number and local day, 1 to 5.</summary>
    [Range(1, 5)]
    public int PerDay { get; init; } = 2;

    [Range(1, 15)]
    public int PerSevenDays { get; init; } = 5;

    [Range(1, 30)]
    public int PerThirtyDays { get; init; } = 10;
}
