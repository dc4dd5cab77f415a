namespace AIX.Core.Scoring.Features;

/// <summary>
/// Finds features that are known only after the outcome, or that alone predict it suspiciously well: each is cut into bins whose conversion is learned on one half of the rows and
/// judged on the other, so that a column of many rare levels gains nothing by memory.
/// </summary>
internal static class LeakageGuard
{
    private const int MinRows = 100;

    private const double Smoothing = 5;

    private const int GroupRows = 20;

    public static IReadOnlyList<Leak> Find(TrainingData data, TrainingOptions options)
    {
        var leaks = new List<Leak>();
        var rate = data.Labels.Average();
        foreach (var column in data.Table.Columns.Where(c => !options.Accepted.Contains(c.Name)))
        {
            if (options.KnownTooLate.TryGetValue(column.Name, out var late))
            {
                leaks.Add(new Leak(column.Name, late, double.NaN));
            }
            else if (data.Labels.Length >= MinRows && Judge(column, data, rate) is { } found && (found.Auc >= options.LeakageAuc || found.Information >= options.LeakageInformation))
            {
                leaks.Add(new Leak(column.Name, FormattableString.Invariant($"alone it ranks won above lost with AUC {found.Auc:0.000} and explains {100 * found.Information:0} % of the outcome: it may be filled in after it"), found.Auc));
            }
        }

        return leaks;
    }

    /// <summary>Cross-fitted AUC and share of the entropy that the column takes away.</summary>
    private static (double Auc, double Information)? Judge(Column column, TrainingData data, double rate)
    {
        var schema = SchemaFitter.Fit(new DataTable([column], column.Count, data.Table.AsOf), 5);
        if (schema.Features.Count == 0)
        {
            return null;
        }

        var bins = Coarse(schema, BinEncoder.Encode(schema, schema.Expand(data.Table)));
        var (scores, n) = (new double[column.Count], column.Count);
        for (var half = 0; half < 2; half++)
        {
            var (won, all) = (new double[256 * bins.Columns], new double[256 * bins.Columns]);
            for (var i = half; i < n; i += 2)
            {
                for (var c = 0; c < bins.Columns; c++)
                {
                    var at = 256 * c + bins.Codes[i * bins.Columns + c];
                    won[at] += data.Labels[i];
                    all[at]++;
                }
            }

            for (var i = 1 - half; i < n; i += 2)
            {
                for (var c = 0; c < bins.Columns; c++)
                {
                    var at = 256 * c + bins.Codes[i * bins.Columns + c];
                    var p = (won[at] + Smoothing * rate) / (all[at] + Smoothing);
                    scores[i] = Math.Abs(p - rate) > Math.Abs(scores[i] - rate) || c == 0 ? p : scores[i];
                }
            }
        }

        var entropy = -(rate * Math.Log(rate) + (1 - rate) * Math.Log(1 - rate));
        return (Metrics.Auc(scores, data.Labels), 1 - Metrics.LogLoss(scores, data.Labels) / entropy);
    }

    /// <summary>Ordered bins in groups of about <see cref="GroupRows"/> rows: of one row each, they would know nothing of the other half.</summary>
    private static BinMatrix Coarse(FeatureSchema schema, BinMatrix bins)
    {
        var groups = Math.Clamp(bins.Rows / GroupRows, 4, 64);
        var (counts, categories, coarse) = (schema.BinCounts, schema.BinIsCategory, new BinMatrix(bins.Rows, bins.Columns));
        for (var at = 0; at < bins.Codes.Length; at++)
        {
            var (code, column) = (bins.Codes[at], at % bins.Columns);
            var values = counts[column] - 1;
            coarse.Codes[at] = categories[column] || code == 0 || values <= groups ? code : (byte)(1 + (code - 1) * groups / values);
        }

        return coarse;
    }
}
