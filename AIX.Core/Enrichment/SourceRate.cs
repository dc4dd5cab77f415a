namespace AIX.Core.Enrichment;

/// <summary>How much of a source's rate is used: calls are spaced evenly, and what jitter on the way presses together must still fit into the source's second.</summary>
public static class SourceRate
{
    private const double Used = 0.8;

    public static double Of(double stated) => Used * stated;
}
