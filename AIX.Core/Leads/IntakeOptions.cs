using System.ComponentModel.DataAnnotations;

namespace AIX.Core.Leads;

/// <summary>Limits of what may come in.</summary>
public sealed class IntakeOptions
{
    public const string Section = "Intake";

    /// <summary>The invented block +91 11111 xxxxx counts as mobile. Development only.</summary>
    public bool DemoBlockIsMobile { get; set; }

    /// <summary>Largest import file, bytes.</summary>
    [Range(1_000_000, 2_000_000_000)]
    public long MaxFileBytes { get; set; } = 500_000_000;

    /// <summary>Longest record of an import file, characters.</summary>
    [Range(10_000, 10_000_000)]
    public int MaxRecordLength { get; set; } = 1_000_000;

    /// <summary>Rows per transaction of an import.</summary>
    [Range(100, 20_000)]
    public int ImportChunkRows { get; set; } = 5_000;

    /// <summary>Rows of an import that are kept with their errors; further ones are only counted.</summary>
    [Range(100, 1_000_000)]
    public int MaxErrorRows { get; set; } = 100_000;
}
