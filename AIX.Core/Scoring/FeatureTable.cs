namespace AIX.Core.Scoring;

/// <summary>Feature snapshots of leads as the columns that models read.</summary>
public static class FeatureTable
{
    /// <param name="rows">Snapshots; a name that a lead lacks is missing for it.</param>
    /// <param name="asOfDays">Per lead, the day at which it is looked at; ages count from it.</param>
    public static DataTable Of(IReadOnlyList<IReadOnlyList<Feature>> rows, double[] asOfDays)
    {
        var builder = new FeatureTableBuilder(rows.Count, null);
        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var feature in rows[i])
            {
                builder.Add(i, feature.Name, feature.Kind, feature.Value ?? double.NaN, feature.Shown);
            }
        }

        return builder.Build(asOfDays);
    }

    /// <summary>The same from stored bytes, without an object per feature.</summary>
    /// <param name="wanted">Names that the model uses; others are passed over.</param>
    public static DataTable OfSnapshots(IReadOnlyList<byte[]> snapshots, double[] asOfDays, IEnumerable<string> wanted)
    {
        var builder = new FeatureTableBuilder(snapshots.Count, wanted);
        for (var i = 0; i < snapshots.Count; i++)
        {
            builder.Add(i, snapshots[i]);
        }

        return builder.Build(asOfDays);
    }
}
