namespace AIX.Core.Scoring;

/// <summary>Feature snapshots of leads as the columns that models read.</summary>
public static class FeatureTable
{
    /// <param name="rows">Snapshots; a name that a lead lacks is missing for it.</param>
    /// <param name="asOfDays">Per lead, the day at which it is looked at; ages count from it.</param>
    public static DataTable Of(IReadOnlyList<IReadOnlyList<Feature>> rows, double[] asOfDays)
    {
        var order = new List<(string Name, FeatureKind Kind)>();
        var at = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var feature in rows.SelectMany(r => r))
        {
            if (at.TryAdd(feature.Name, order.Count))
            {
                order.Add((feature.Name, feature.Kind));
            }
            else if (order[at[feature.Name]].Kind != feature.Kind && feature.Kind == FeatureKind.Text)
            {
                // One text among numbers makes the column text: "n/a", "10+".
                order[at[feature.Name]] = (feature.Name, FeatureKind.Text);
            }
        }

        var cells = order.Select(_ => new Feature?[rows.Count]).ToArray();
        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var feature in rows[i])
            {
                cells[at[feature.Name]][i] = feature;
            }
        }

        return new DataTable([.. order.Select((o, k) => Make(o.Name, o.Kind, cells[k]))], rows.Count, asOfDays);
    }

    private static Column Make(string name, FeatureKind kind, Feature?[] cells) => kind switch
    {
        FeatureKind.Text => TextColumn.Of(name, cells.Select(c => c?.Shown)),
        FeatureKind.List => ListColumn.Of(name, cells.Select(c => c?.Shown?.Split('\n', StringSplitOptions.RemoveEmptyEntries))),
        FeatureKind.Date => new DateColumn(name, Array.ConvertAll(cells, c => c?.Value ?? double.NaN)),
        _ => new NumberColumn(name, Array.ConvertAll(cells, c => c?.Value ?? double.NaN)),
    };
}
